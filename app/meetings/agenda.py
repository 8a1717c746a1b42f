"""What a review meeting should talk about: words drawn from its figures, never about a person."""

from collections.abc import Iterator

from flask_babel import gettext as _

from app.meetings.queries.figures import Figures

#: Below this share of those invited the picture has holes; ours, for the school to change.
LOW_PARTICIPATION = 0.9
#: Two days, the time in which a cut-off asks for a talk.
LONG_WAIT_HOURS = 48


def agenda_of(figures: Figures, *, left_open: int) -> list[str]:
    """The points of the agenda; the first and the last stand always."""
    return [
        _("What the last meeting decided (%(n)s still open)", n=left_open),
        *_from_figures(figures),
        _("What students, families and teachers have told us"),
        _("Decisions: who does what until when"),
    ]


def _from_figures(figures: Figures) -> Iterator[str]:
    if figures.invited and figures.taken_part / figures.invited < LOW_PARTICIPATION:
        share = round(100 * figures.taken_part / figures.invited)
        yield _("Who was not reached: %(share)s%% of those invited took part", share=share)
    if figures.overdue:
        yield _("Who waits past the time: causes, and one more duty half-day?")
    if figures.hours_to_claim is not None and figures.hours_to_claim > LONG_WAIT_HOURS:
        yield _(
            "Half of the students waited %(hours)s hours or longer until somebody took them on",
            hours=figures.hours_to_claim,
        )
    yield _("Referrals: what came back, and what did not")
    yield _("Open cases: is there a counsellor for each, also in the coming holiday?")
