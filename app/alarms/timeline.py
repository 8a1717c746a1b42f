"""The timeline of who knew what when, in words, from what is stored."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _

from app.alarms import words
from app.alarms.models import Alert, Dispatch, Notice
from app.alarms.queries.timeline import Records
from app.cases.queries.signals import SignalReader
from app.cases.words import happening_word, modality_word, waited
from app.results.words import said_word
from app.triage.domain import Lane

#: Clocks of phones differ by a little; what is later than this came late.
LATE = timedelta(minutes=2)


@dataclass(frozen=True)
class Line:
    """One moment: what happened, and who did it or was told."""

    at: datetime
    what: str
    who: str = ""
    #: A weightier line: a call, an acknowledgement.
    is_key: bool = False


def lines_of(records: Records, locale: str) -> list[Line]:
    """All lines in order of time; of one moment in the order of the house."""
    lines = [
        *_answers(records, locale),
        *(line for alert in records.alerts for line in _alert(alert)),
        *_deeds(records),
        *_said(records),
        *_case(records),
    ]
    return sorted(lines, key=lambda line: line.at)


def _answers(records: Records, locale: str) -> Iterator[Line]:
    reader = SignalReader()
    for flag in records.flags:
        answer = records.answers.get(flag.id)
        if answer is not None:
            if answer.answered_at is not None:
                yield Line(answer.answered_at, _("Answered, by the clock of the device"))
            late = answer.received_at - (answer.answered_at or answer.received_at)
            came = _("Answer stored by the server")
            if late > LATE:
                came = _("Answer stored by the server, late by %(time)s", time=waited(late))
            yield Line(answer.received_at, came)
        yield Line(flag.raised_at, _("Flag: %(why)s", why=reader.reasons(flag)[locale]))
        if flag.edited_at is not None:
            yield Line(flag.edited_at, _("The answer was changed later; the flag stands"))
    for entry in records.entries:
        yield Line(entry.raised_at, _("Stands in the queue"))


def _alert(alert: Alert) -> Iterator[Line]:
    is_fast = alert.lane is Lane.FAST
    raised = _("Alert raised: within minutes") if is_fast else _("Joined the digest of the day")
    yield Line(alert.raised_at, raised, is_key=True)
    for notice in alert.notices:
        called = _("Called (%(step)s)", step=words.step_word(notice.step))
        yield Line(notice.at, called, notice.user.name or "", is_key=True)
    for notice, dispatch in _dispatches(alert):
        yield Line(
            dispatch.ended_at or dispatch.started_at or notice.at,
            words.dispatch_word(dispatch),
            notice.user.name or "",
        )
    if alert.acknowledged_at is not None:
        name = alert.acknowledged_by.name if alert.acknowledged_by else ""
        yield Line(alert.acknowledged_at, _("“I am going”"), name or "", is_key=True)


def _dispatches(alert: Alert) -> Iterator[tuple[Notice, Dispatch]]:
    """Each once, though one message may tell of several calls."""
    told: dict[int, tuple[Notice, Dispatch]] = {}
    for notice in alert.notices:
        for dispatch in notice.message.dispatches if notice.message else ():
            told.setdefault(dispatch.id, (notice, dispatch))
    yield from told.values()


def _deeds(records: Records) -> Iterator[Line]:
    """What people did at the desk; that somebody looked again is told once."""
    names = {
        "see_entry": _("Read the entry"),
        "claim_entry": _("Took it on"),
        "take_over_entry": _("Took it over"),
        "assign_entry": _("Gave it to a colleague"),
        "hand_over_entry": _("Handed it over"),
        "release_entry": _("Put it back in the queue"),
        "set_level": _("Decided on the level"),
        "settle_entry": _("Settled without a case"),
        "note_flags": _("Looked at the new flags"),
        "know_alert": _("Has seen the call, cannot see where to go"),
    }
    seen = set()
    for deed in records.deeds:
        looked = (deed.action, deed.actor_ref, deed.object_ref)
        if deed.action == "see_entry" and looked in seen:
            continue
        seen.add(looked)
        yield Line(deed.at, names[deed.action], records.names.get(deed.actor_ref, ""))


def _said(records: Records) -> Iterator[Line]:
    """That somebody else may have answered; who it was stands on the page of the sitting."""
    for said in records.said:
        yield Line(said.at, said_word(said.kind), (said.user.name if said.user else "") or "")


def _case(records: Records) -> Iterator[Line]:
    for event in records.events:
        who = event.user.name if event.user else ""
        yield Line(event.at, happening_word(event), who or "")
    for contact in records.case.contacts if records.case else ():
        how = modality_word(contact.modality)
        what = _("Contact %(how)s", how=how)
        if not contact.reached:
            what = _("Tried to reach the student %(how)s", how=how)
        yield Line(contact.held_at, what, contact.user.name or "", is_key=True)
