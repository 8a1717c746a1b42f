"""What teachers and an observer noticed, a word behind a PIN, and tags that few may see."""

from collections.abc import Iterator
from datetime import date, time, timedelta

from sqlalchemy import select

from app.access.actor import Actor
from app.access.permissions import Role
from app.assessments.models import SlipPin
from app.assessments.service.pins import hash_pin, set_pin
from app.campaigns.domain import CampaignState
from app.campaigns.models import Campaign, Invitation
from app.cases.domain.cases import ENDS
from app.cases.domain.queue import EntryState
from app.cases.domain.student_words import Phrase
from app.cases.domain.tags import TagKind
from app.cases.models import Case, QueueEntry, QueueEntryFlag
from app.cases.service.student_words import leave_word
from app.cases.service.tags import set_tag
from app.demo.population import District
from app.demo.screening import at, school_days_before
from app.observations import service
from app.observations.domain import Since
from app.people.models import Student
from app.people.service.logins import actor_of
from app.platform import clock, ids
from app.platform.db import db
from app.results.domain import FlagKind
from app.results.models import Flag

#: For everybody who tries the demo; `demo.card` prints it beside the code.
PIN = "2468"
MORNING = time(9, 50)


def notice(district: District, today: date) -> None:
    """Reports of the last two school days, through the room's own service."""
    earlier, yesterday = school_days_before(today, 2)
    teacher = _actor(district, "teacher1", Role.CLASS_TEACHER)
    calm = _own_students(teacher, waiting=False)
    _report(teacher, calm[2], earlier, ("tired", "schoolwork"), Since.THIS_WEEK)
    _report(teacher, calm[5], yesterday, ("withdrawn", "tearful", "not_eating"), Since.LONGER)
    observer = _actor(district, "observer1", Role.STUDENT_OBSERVER)
    waiting = _own_students(observer, waiting=True)
    if waiting:
        _report(observer, waiting[0], yesterday, ("irritable",), Since.THIS_WEEK)
    with clock.frozen(at(yesterday, MORNING)):
        service.report_self(actor=observer, form_token=ids.new_public_id())


def answer(district: District) -> None:
    """A student who asked for a talk has a PIN, and a counsellor has left a word."""
    invitation = _slip_of_who_asked()
    if invitation is None:
        return
    set_pin(invitation=invitation, pin_hash=hash_pin(pin=PIN, again=PIN))
    counsellor = next(
        _actor(district, login, Role.COUNSELLOR)
        for login in ("counsellor1", "counsellor2", "counsellor3")
        if invitation.site_id in _actor(district, login, Role.COUNSELLOR).site_ids
    )
    leave_word(
        actor=counsellor,
        student=invitation.student,
        phrase=Phrase.COMING_AT_BREAK,
        day=clock.today() + timedelta(days=1),
    )


def slip_with_a_pin() -> Invitation | None:
    """The slip whose PIN everybody knows."""
    query = select(Invitation).join(SlipPin, SlipPin.invitation_id == Invitation.id)
    return db.session.scalar(query.order_by(Invitation.id).limit(1))


def _slip_of_who_asked() -> Invitation | None:
    """The slip of the first student who asked for a talk and waits, in a running campaign."""
    asked = (
        select(QueueEntry.student_id)
        .join(QueueEntryFlag, QueueEntryFlag.queue_entry_id == QueueEntry.id)
        .join(Flag, Flag.id == QueueEntryFlag.flag_id)
        .where(QueueEntry.state != EntryState.SETTLED, Flag.kind == FlagKind.REQUEST)
    )
    query = (
        select(Invitation)
        .join(Invitation.campaign)
        .where(Campaign.state == CampaignState.OPEN, Invitation.student_id.in_(asked))
        .order_by(Invitation.id)
        .limit(1)
    )
    return db.session.scalar(query)


def tag(today: date) -> None:
    """The owners of two open cases know of circumstances; one of them seals the case."""
    query = select(Case).where(Case.state.not_in(ENDS)).order_by(Case.id).limit(2)
    circumstances = (
        (TagKind.LEFT_BEHIND, "父母长年在外务工，与祖父母同住。班主任家访得知。"),
        (TagKind.LAW_CONFLICT, "派出所来函告知，正在配合了解情况。"),
    )
    for case, (kind, reason) in zip(db.session.scalars(query), circumstances, strict=False):
        set_tag(
            actor=actor_of(case.owner, Role.COUNSELLOR),
            student=case.student,
            kind=kind,
            reason=reason,
            since_on=today - timedelta(days=40),
            review_on=today + timedelta(days=140),
        )


def _report(
    actor: Actor, student: Student, day: date, ticked: tuple[str, ...], since: Since
) -> None:
    with clock.frozen(at(day, MORNING)):
        service.report_student(
            actor=actor,
            student=student,
            ticked=ticked,
            since=since,
            form_token=ids.new_public_id(),
        )


def _own_students(actor: Actor, *, waiting: bool) -> list[Student]:
    """Students of the actor's class: those who wait in the queue, or those nobody knows of."""
    return [each for each in _class_of(actor) if _is_known(each) is waiting]


def _class_of(actor: Actor) -> Iterator[Student]:
    query = select(Student).where(Student.cohort_id.in_(actor.cohort_ids)).order_by(Student.id)
    yield from db.session.scalars(query)


def _is_known(student: Student) -> bool:
    query = select(QueueEntry.id).where(QueueEntry.student_id == student.id)
    return db.session.scalar(query.limit(1)) is not None


def _actor(district: District, login: str, role: Role) -> Actor:
    return actor_of(district.users[login], role)
