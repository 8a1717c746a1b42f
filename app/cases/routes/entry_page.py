"""One entry's page, for every view that ends on it."""

from flask import abort, render_template

from app.access.guards import current_actor
from app.access.permissions import Permission
from app.access.policy import can
from app.cases.domain.queue import (
    REASONS_WITH_A_NAME,
    REASONS_WITHOUT_A_NAME,
    EntryLinksAsked,
    EntryState,
    EntryStoryAsked,
    may_settle_without_case,
)
from app.cases.forms.queue import HandOverForm, LevelForm, OpenCaseForm, SettleForm
from app.cases.models import QueueEntry
from app.cases.queries import queue as queries
from app.cases.queries.cases import case_ids_open_to
from app.cases.queries.closing import closings_of
from app.cases.queries.rules import book_of
from app.cases.queries.signals import SignalReader
from app.cases.service.queue import highest
from app.cases.service.retests import slip_to_repeat
from app.people.queries import responders
from app.platform import clock, events
from app.platform.forms import Form


def find(entry_id: str) -> QueueEntry:
    """The entry, or the page that says that there is none."""
    return queries.find_entry(current_actor(), entry_id) or abort(404)


def entry_page(found: QueueEntry, **forms: Form) -> str:
    """The page, with the form that could not be carried out in place of a fresh one."""
    reader = SignalReader()
    due_on = clock.local(found.due_at).date()
    is_anonymous = found.student_id is None
    return render_template(
        "cases/queue/entry.html",
        entry=found,
        reasons=[(flag, reader.reasons(flag)) for flag in found.flags],
        closings=closings_of(found.flags),
        history=sorted(events.ask(EntryStoryAsked(found.id)), key=lambda line: line.at),
        links=events.ask(EntryLinksAsked(found.public_id)),
        open_to_me=case_ids_open_to(current_actor(), [found.case_id]),
        hand_overs=queries.hand_overs_of(found),
        latest_first_date=max(due_on, clock.today()),
        rules_signed=book_of(found.site.code).status == "signed",
        may_assign=may_assign(found),
        may_repeat=slip_to_repeat(found) is not None,
        may_settle=not found.case_id
        and may_settle_without_case(highest(found), is_anonymous=is_anonymous),
        **_fresh(found) | forms,
    )


def settle_form(found: QueueEntry, **chosen: object) -> SettleForm:
    """The reasons that fit: a student is talked to, a nameless visitor may be out of reach."""
    has_name = found.student_id or found.observer_id
    reasons = REASONS_WITH_A_NAME if has_name else REASONS_WITHOUT_A_NAME
    return SettleForm(prefix="settle", **chosen).offer(reasons)


def hand_over_form(found: QueueEntry, **chosen: object) -> HandOverForm:
    """The colleagues of the school but for who has it now."""
    colleagues = [user for user in responders(found.site) if user.id != found.claimed_by_id]
    is_own = found.claimed_by_id == current_actor().user_id
    return HandOverForm(prefix="give", **chosen).offer(colleagues, needs_note=is_own)


def may_assign(found: QueueEntry) -> bool:
    """Who leads in a crisis gives an entry to anybody, who has claimed it to a colleague."""
    actor = current_actor()
    is_own = found.state is EntryState.CLAIMED and found.claimed_by_id == actor.user_id
    is_open = found.state is not EntryState.SETTLED
    return is_open and (is_own or can(actor, Permission.ASSIGN_QUEUE, found))


def _fresh(found: QueueEntry) -> dict[str, Form]:
    return {
        "level_form": LevelForm(
            formdata=None, prefix="level", risk_level=found.risk_level, channel=found.channel
        ),
        "open_form": OpenCaseForm(
            formdata=None, prefix="open", risk_level=found.risk_level, next_on=clock.today()
        ),
        "settle_form": settle_form(found, formdata=None),
        "give_form": hand_over_form(found, formdata=None),
    }
