"""One case with everything in it, and what the crisis lead finds: the life of cases in the demo."""

from datetime import date, time, timedelta
from typing import Any

from sqlalchemy import func, select

from app.access.actor import Actor
from app.access.permissions import Role
from app.cases.domain.cases import ENDS, CaseState, ClosingReason, Counterpart, Modality
from app.cases.domain.endings import Outcome
from app.cases.domain.guardians import GuardianAnswer, PaperForm
from app.cases.domain.leaves import LeaveKind
from app.cases.domain.measures import Every
from app.cases.domain.plans import Doer, Goal, GoalState
from app.cases.models import Case, Referral
from app.cases.service.contacts import record_contact
from app.cases.service.endings import close_case
from app.cases.service.guardians import Refusal, record_guardian_step
from app.cases.service.leaves import begin_leave, note_return
from app.cases.service.measures import give_measure, plan_measure
from app.cases.service.plans import revise_plan
from app.demo.screening import at
from app.people.service.logins import actor_of
from app.platform import clock
from app.platform.db import db

SLEEP = "晚上十一点前放下手机，每周至少五天睡够七个半小时"
FRIENDS = "每周和一位信得过的同学一起吃两次午饭"
MORNING = time(10, 20)
#: Talks after which a case may look settled.
ENOUGH = 3


def enrich(today: date) -> None:
    """Fill one case of last term; let another wait for its second signature."""
    cases = db.session.scalars(
        select(Case)
        .outerjoin(Referral, Referral.case_id == Case.id)
        .where(Case.state.not_in(ENDS), Case.closed_at.is_(None))
        .group_by(Case.id)
        .order_by(func.count(Referral.id).desc(), Case.id)
    ).all()
    full = cases[0]
    _fill(full, today)
    quiet = [
        case
        for case in cases[1:]
        if case.acute_at
        and len(case.contacts) >= ENOUGH
        and case.state is CaseState.MONITORING
        and not any(referral.is_open for referral in case.referrals)
    ]
    if quiet:
        close_case(
            actor=_owner(quiet[0]),
            case=quiet[0],
            reason=ClosingReason.GOALS_REACHED,
            outcome=Outcome.FOLLOWED_UP,
            note="连续三次面谈状态平稳，学生知道怎样再来。班主任已知悉后续留意要点。",
        )


def _fill(case: Case, today: date) -> None:
    actor = _owner(case)
    met = case.contacts[-1].held_at if case.contacts else case.opened_at
    with clock.frozen(met + timedelta(minutes=40)):
        _guardian(actor, case)
        revise_plan(
            actor=actor, case=case, goals=_goals(today, first=True), review_on=clock.today()
        )
    back = today - timedelta(days=2)
    with clock.frozen(met + timedelta(days=1)):
        leave = begin_leave(
            actor=actor,
            case=case,
            kind=LeaveKind.TREATMENT,
            from_on=clock.today(),
            expected_on=max(back, clock.today()),
            contact_person="林老师，每周三下午给家里打电话",
        )
    with clock.frozen(at(back, MORNING)):
        note_return(actor=actor, leave=leave, on=max(back, leave.from_on))
    with clock.frozen(at(today - timedelta(days=1), MORNING)):
        _talk_again(actor, case, today)
        _write_on(actor, case, today)


def _talk_again(actor: Actor, case: Case, today: date) -> None:
    """The first day back, and a word with the class teacher that stays sealed."""
    given: dict[str, Any] = {
        "risk_level": case.risk_level,
        "state": CaseState.SUPPORTING,
        "reached": True,
    }
    record_contact(
        actor=actor,
        case=case,
        modality=Modality.IN_PERSON,
        held_at=clock.now() - timedelta(minutes=40),
        note="复学第一天。先在心理室坐了一会儿再进班，课间有同学来找，情绪平稳。",
        next_on=today + timedelta(days=1),
        **given,
    )
    with clock.frozen(clock.now() + timedelta(minutes=5)):
        record_contact(
            actor=actor,
            case=case,
            modality=Modality.MESSAGE,
            held_at=clock.now() - timedelta(minutes=10),
            note="与班主任沟通：本周免当众提问，离校请告知。",
            with_whom=Counterpart.CLASS_TEACHER,
            is_private=True,
            next_on=today + timedelta(days=1),
            **given,
        )


def _write_on(actor: Actor, case: Case, today: date) -> None:
    review_on = today + timedelta(days=21)
    revise_plan(actor=actor, case=case, goals=_goals(today, first=False), review_on=review_on)
    measure = plan_measure(
        actor=actor,
        case=case,
        instrument_code="phq9",
        every=Every.FOUR_WEEKS,
        first_on=clock.today(),
        until_on=None,
    )
    give_measure(actor=actor, measure=measure)


def _guardian(actor: Actor, case: Case) -> None:
    mother = next(iter(case.student.guardians), None)
    record_guardian_step(
        actor=actor,
        case=case,
        answer=GuardianAnswer.REFUSES,
        at=clock.now() - timedelta(minutes=20),
        spoken_by="林知夏",
        said="妈妈说孩子只是懒，不想让别人知道。",
        means=Modality.IN_PERSON,
        guardian=mother,
        refusal=Refusal(
            second_staff="德育处 周老师",
            paper=PaperForm.SIGNED,
            witness="",
            safety_plan="课间由两位同学陪伴，午休在心理室；离校由班主任交接。",
        ),
    )
    with clock.frozen(clock.now() + timedelta(days=1)):
        record_guardian_step(
            actor=actor,
            case=case,
            answer=GuardianAnswer.AGREES,
            at=clock.now() - timedelta(minutes=5),
            spoken_by="林知夏、德育处 周老师",
            said="第二次面谈后，妈妈愿意陪孩子去门诊，也同意在校继续辅导。",
            means=Modality.IN_PERSON,
            guardian=mother,
        )


def _goals(today: date, *, first: bool) -> list[Goal]:
    sleep = Goal(
        text=SLEEP,
        measure="睡眠记录；早读不再打瞌睡，班主任看得到",
        by_on=today + timedelta(days=28),
        steps={
            Doer.STUDENT: "每天记一次睡觉和起床的时间",
            Doer.COUNSELLOR: "每周一起看记录，练习放松",
            Doer.FAMILY: "十点半以后手机放在客厅",
        },
    )
    friends = Goal(
        text=FRIENDS,
        measure="自己数，面谈时说一说",
        by_on=today + timedelta(days=14),
        state=GoalState.RUNNING if first else GoalState.REACHED,
        steps={Doer.TEACHER: "座位安排在小组旁边"},
    )
    return [sleep, friends]


def _owner(case: Case) -> Actor:
    return actor_of(case.owner, Role.COUNSELLOR)
