"""What a school made of last term: a review meeting, a conference, a supervision sample."""

from datetime import date, time, timedelta

from sqlalchemy import select

from app.access.permissions import Role
from app.cases.domain.cases import ENDS
from app.cases.domain.conferences import Agreed
from app.cases.models import Case
from app.cases.service.conferences import record_conference
from app.demo import district
from app.demo.population import District
from app.demo.screening import at
from app.meetings.domain import Decided, Point, Verdict
from app.meetings.service.meetings import record_meeting
from app.meetings.service.supervision import check_case, draw_sample
from app.people.service.logins import actor_of
from app.platform import clock
from app.platform.db import db

SAMPLE = 4
AFTERNOON = time(15, 30)
MINUTES = (
    "上学期各年级均完成测评。建议访谈的学生大多在两个上课日内谈过；期中考试前后等待时间变长。\n"
    "年级组反映初三学生睡眠不足，家长希望知道在家可以怎样支持孩子。"
)


def meet(*, world: District, today: date) -> None:
    """The junior school has met, conferred about one student, and had some cases looked at."""
    with clock.frozen(at(today - timedelta(days=10), AFTERNOON)):
        _review(world, today)
    with clock.frozen(at(today - timedelta(days=2), AFTERNOON)):
        _supervise(world)
        _confer(world, today)


def _review(world: District, today: date) -> None:
    record_meeting(
        actor=actor_of(world.users["head"], Role.SCHOOL_HEAD),
        site=world.sites["junior"],
        held_on=today - timedelta(days=10),
        present="校长、德育主任、三位年级组长、两位心理老师",
        minutes=MINUTES,
        decided=[
            Decided("考试周前增加一个值班半天", "心理辅导室", today - timedelta(days=3)),
            Decided("家长会安排一场“睡眠与手机”交流", "初三年级组", today + timedelta(days=21)),
        ],
    )


def _supervise(world: District) -> None:
    lead = actor_of(world.users[district.LEAD], Role.CRISIS_LEAD)
    sample = draw_sample(actor=lead, site=world.sites["junior"], size=SAMPLE)
    findings = dict.fromkeys(Point, Verdict.YES) | {
        Point.GUARDIAN_STEP: Verdict.PARTLY,
        Point.REFERRAL_CLOSED: Verdict.NOT_APPLICABLE,
    }
    check_case(
        actor=lead,
        supervised=sample.cases[0],
        findings=findings,
        remark="记录清楚。与监护人的沟通请补写方式和时间。",
    )


def _confer(world: District, today: date) -> None:
    query = select(Case).where(Case.site_id == world.sites["junior"].id, Case.state.not_in(ENDS))
    case = db.session.scalars(query.order_by(Case.id).limit(1)).first()
    if case is None:
        return
    record_conference(
        actor=actor_of(case.owner, Role.COUNSELLOR),
        case=case,
        held_on=today - timedelta(days=4),
        members=[case.owner, world.users[district.LEAD], world.users["teacher1"]],
        guests="年级组长",
        question="近期常迟到、上课困倦，怎样安排作息和作业更合适？",
        decision="与家长商定作息；两周内作业减量，由班主任协调任课老师。",
        agreed=[
            Agreed("班主任", "与任课老师协调作业量", today - timedelta(days=1)),
            Agreed("心理老师", "与家长再通一次电话", today + timedelta(days=5)),
        ],
    )
