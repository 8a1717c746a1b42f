"""Short lists beside each other: strengths, difficulties, and what was done so far."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask_babel import gettext as _

from app.cases import words
from app.cases.models import Contact, Referral
from app.cases.queries.profiles import StudentProfile
from app.cases.queries.support import MOST_CONTACTS, MOST_REPORTS, Support
from app.cases.sheets.flow import WHOLE_WIDTH, Flow
from app.observations.models import ObservationReport
from app.platform import clock
from app.platform.pdf import text_height
from app.platform.pdf.pagination import PAGE_WIDTH

#: The headings with what surrounds them, and the room of marks and gaps.
SIDES_FIXED, SIDE_MARK = 10.5, 8.5


@dataclass(frozen=True)
class Side:
    """A short list under its heading, beside others."""

    heading: str
    width: float
    lines: Sequence[str]

    @property
    def height(self) -> float:
        """What its lines take beside their marks."""
        return sum(text_height(line, width=self.width - SIDE_MARK) for line in self.lines)


def add_sides(flow: Flow, one: StudentProfile) -> Sequence[Side]:
    """Strengths beside difficulties, and support beside both; what has no room is returned."""
    profile = one.profile
    lines = support_lines(one.support) if one.support else []
    if not (profile.strengths or profile.difficulties or lines):
        return []
    none = _("The questionnaires show none; ask about them in the talk.")
    nothing = _("The questionnaires show nothing.")
    sides = [
        Side(_("On the strong side"), 50, profile.strengths or (none,)),
        Side(_("What is hard"), 50, profile.difficulties or (nothing,)),
    ]
    support = [Side(_("Support so far"), 78, lines)] if lines else []
    if flow.room < sides_height([*sides, *support]):
        halves = [replace(side, width=PAGE_WIDTH / 2) for side in sides]
        add_lists(flow, halves)
        return [replace(side, width=PAGE_WIDTH) for side in support]
    flow.add("sides", [*sides, *support], sides_height([*sides, *support]))
    return []


def add_lists(flow: Flow, sides: Sequence[Side]) -> None:
    """Lists beside each other; where no page is high enough one after the other, over pages."""
    if flow.holds(height := sides_height(sides)):
        flow.add("sides", sides, height)
        return
    for side in sides:
        lines = [[line] for line in side.lines]
        flow.add_table(side.heading, WHOLE_WIDTH, lines, is_plain=True)


def sides_height(sides: Sequence[Side]) -> float:
    """What the longest list takes with its heading."""
    return SIDES_FIXED + max(side.height for side in sides)


def support_lines(support: Support) -> list[str]:
    """What was agreed and done so far; without anything no lines."""
    lines = [_("Goal: %(goal)s", goal=goal.text) for goal in support.goals]
    lines += [_contact_line(contact) for contact in support.contacts[:MOST_CONTACTS]]
    lines += [_referral_line(referral) for referral in support.referrals[:MOST_CONTACTS]]
    lines += [_report_line(r) for r in support.reports[:MOST_REPORTS] if r.signs]
    if step := support.guardian:
        lines.append(_line(step.at, _("Guardian"), words.life.answer_word(step.answer)))
    return lines


def _contact_line(contact: Contact) -> str:
    whom = words.life.counterpart_word(contact.with_whom)
    modality = words.modality_word(contact.modality)
    return _line(contact.held_at, whom, modality, contact.user.name or "")


def _referral_line(referral: Referral) -> str:
    place = referral.place or words.partner_word(referral.partner)
    return _line(referral.made_at, _("Referral"), place, words.referral_word(referral.state))


def _report_line(report: ObservationReport) -> str:
    signs = _("; ").join(words.sign_word(code) for code in report.signs)
    return _line(report.reported_at, _("Observation report"), signs)


def _line(moment: datetime, *told: str) -> str:
    return f"{clock.local(moment):%Y-%m-%d} {' · '.join(told)}"
