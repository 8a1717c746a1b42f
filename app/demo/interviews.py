"""One talk and what followed from it: a signed interview, a letter, a notice read, one not yet."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from app.access.actor import Actor
from app.access.permissions import Role
from app.cases.domain.cases import LONGEST_WAIT, CaseState, Modality, working_steps
from app.cases.domain.interviews import Answers
from app.cases.domain.letters import USUAL_PHRASES, CarePhrase, asks_of, topics_of
from app.cases.models import Case
from app.cases.queries.interviews import note_text
from app.cases.service.interviews import keep_draft, open_interview, sign_interview
from app.cases.service.letters import read_care_notice, send_care_notice, write_letter
from app.demo.screening import FRIDAY, at
from app.people.models import RoleAssignment, Student, User
from app.people.service.logins import actor_of
from app.platform import clock
from app.platform.db import db
from app.triage.domain import RiskLevel

WRITER = "demo"
ANSWERS: Answers = {
    "occasion": "自己在问卷最后写了“想和老师聊聊”，今天大课间主动来到心理室。",
    "thoughts": 1,
    "thoughts_words": "“上个月月考后想过，要是不用醒来就好了。现在不想了，就是累。”",
    "plan": 0,
    "means": 0,
    "past": 0,
    "triggers": [1, 2, 7],
    "triggers_words": "月考退步后和父亲吵过一次；每天一点以后才睡。",
    "feared": 0,
    "supports": [1, 5],
    "supports_words": "母亲；同桌。最想先告诉母亲。",
    "reasons": "家里的小狗；答应过妹妹暑假一起去看海。",
    "helps": "跑步，画画，跟同桌说说话。",
    "safety": [4, 5, 6],
    "safety_words": "今晚母亲在家陪着。",
    "decision": 3,
    "decision_words": "没有打算，有想依靠的人，愿意继续来。",
    "told": [1, 2],
    "told_words": "监护人 11:05 电话，母亲接听，愿意来校\n班主任 11:20 关怀便条",
}


def tell(today: date) -> None:
    """Let two counsellors write: the first talked yesterday, the second only asked for care."""
    cases = _cases_with_teacher()
    if not cases:
        return
    first, teacher = cases[0]
    owner = actor_of(first.owner, Role.COUNSELLOR)
    _talk(owner, first, _noon_before(today))
    with clock.frozen(_noon_before(today) + timedelta(hours=3)):
        notice = send_care_notice(
            actor=owner, case=first, phrases=[*USUAL_PHRASES, CarePhrase.NOT_ALONE]
        )
        write_letter(
            actor=owner,
            case=first,
            topics=topics_of(ANSWERS),
            asks=asks_of(ANSWERS),
            meet_at=at(_weekday_after(today), time(16, 0)),
        )
    with clock.frozen(_noon_before(today) + timedelta(hours=4)):
        read_care_notice(actor=actor_of(teacher, Role.CLASS_TEACHER), notice=notice)
    for case, _teacher in cases[1:2]:
        with clock.frozen(_noon_before(today) + timedelta(hours=5)):
            send_care_notice(
                actor=actor_of(case.owner, Role.COUNSELLOR), case=case, phrases=USUAL_PHRASES
            )


def _noon_before(today: date) -> datetime:
    """The noon of the day before."""
    return at(today - timedelta(days=1), time(12, 0))


def _weekday_after(day: date) -> date:
    """The next day on which a school is open, weekends apart."""
    following = day + timedelta(days=1)
    return following if following.weekday() <= FRIDAY else _weekday_after(following)


def _talk(actor: Actor, case: Case, moment: datetime) -> None:
    with clock.frozen(moment):
        instrument, _draft = open_interview(actor=actor, case=case, corrects=None, writer=WRITER)
        draft = keep_draft(actor=actor, case=case, corrects=None, writer=WRITER, answers=ANSWERS)
    with clock.frozen(moment + timedelta(minutes=30)):
        level = min(case.risk_level, RiskLevel.MODERATE, key=lambda each: each.urgency)
        state = CaseState.SUPPORTING
        sign_interview(
            actor=actor,
            case=case,
            draft=draft,
            note=note_text(instrument, ANSWERS, "zh_Hans"),
            modality=Modality.IN_PERSON,
            held_at=moment,
            risk_level=level,
            state=state if state in working_steps(case.state) else case.state,
            next_on=clock.today() + min(LONGEST_WAIT[level], timedelta(days=7)),
        )


def _cases_with_teacher() -> Sequence[tuple[Case, User]]:
    """Open cases in classes whose class teacher has a log-in, one a class."""
    query = (
        select(Case, User)
        .join(Case.student)
        .join(RoleAssignment, RoleAssignment.cohort_id == Student.cohort_id)
        .join(User, User.id == RoleAssignment.user_id)
        .where(RoleAssignment.role == Role.CLASS_TEACHER, Case.closed_at.is_(None))
        .where(Case.state.not_in([CaseState.CLOSED, CaseState.TRANSFERRED]))
        .order_by(Student.cohort_id, Case.id)
    )
    found: dict[int, tuple[Case, User]] = {}
    for case, teacher in db.session.execute(query):
        found.setdefault(case.student.cohort_id, (case, teacher))
    return list(found.values())
