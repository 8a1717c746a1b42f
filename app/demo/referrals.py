"""Partners of the invented schools, and referrals on their way: late, answered, to be signed."""

from collections.abc import Sequence
from datetime import date, time, timedelta

from sqlalchemy import select

from app.access.actor import OPERATOR
from app.access.permissions import Role
from app.cases.domain.cases import ENDS
from app.cases.domain.referrals import Details, LegalBasis, Partner, Proof, ProofMeans
from app.cases.domain.replies import Advice, Assessed, Reply, Seen
from app.cases.models import Case, PartnerPlace, Referral
from app.cases.queries.replies import live_link
from app.cases.service.partners import PlaceFacts, add_partner
from app.cases.service.referrals import refer, take_slip
from app.cases.service.replies import answer
from app.cases.service.reply_links import hash_of
from app.demo.population import District
from app.demo.screening import at
from app.people.models import User
from app.people.service.logins import actor_of
from app.platform import clock
from app.platform.db import db

HOSPITAL = "望川县人民医院"
PLACES = (
    PlaceFacts(
        Partner.HOSPITAL, HOSPITAL, "心理门诊（二楼）", "0000-555 0201", "望川县健康路1号", "导诊台"
    ),
    PlaceFacts(Partner.LINE_12355, "12355青少年服务台", phone="12355", notes="请先说明学校名称。"),
    PlaceFacts(Partner.POLICE, "城关派出所", phone="110", address="望川县中山路8号"),
    PlaceFacts(
        Partner.CIVIL_AFFAIRS, "望川县民政局", "未成年人保护科", "0000-555 0203", "望川县文化路3号"
    ),
    PlaceFacts(Partner.LEGAL_AID, "望川县法律援助中心", phone="12348", address="望川县司法局一楼"),
)
LATE, ANSWERED, SIGNED_LATER = (
    "近一个月入睡困难、食欲差，上课常流泪。愿意就诊，监护人已同意。请评估情绪与睡眠。",
    "反复说“很累、不想见人”，已连续两周未参加体育课。监护人同意并陪同，请评估。",
    "昨日面谈时谈到想伤害自己，已全程陪伴并联系监护人。请尽快评估。",
)


def show_referrals(*, district: District, today: date) -> None:
    """The register of every school, and three referrals in cases that go on."""
    with clock.frozen(at(today - timedelta(days=60), time(9, 0))):
        for site in district.sites.values():
            for facts in PLACES:
                add_partner(actor=OPERATOR, site=site, facts=facts)
    db.session.flush()
    long_open = at(today - timedelta(days=22), time(0, 0))
    cases = [case for case in _open_cases() if case.opened_at < long_open][:3]
    if len(cases) == len((LATE, ANSWERED, SIGNED_LATER)):
        late, answered, signed_later = cases
        _refer(late, today - timedelta(days=20), LATE)
        _be_answered(_refer(answered, today - timedelta(days=9), ANSWERED), today)
        _refer(signed_later, today - timedelta(days=1), SIGNED_LATER, is_danger=True)


def _refer(case: Case, day: date, reason: str, *, is_danger: bool = False) -> Referral:
    place = db.session.scalars(
        select(PartnerPlace).where(
            PartnerPlace.site_id == case.site_id, PartnerPlace.kind == Partner.HOSPITAL
        )
    ).one()
    actor = actor_of(db.session.get_one(User, case.owner_id), Role.COUNSELLOR)
    with clock.frozen(at(day, time(15, 40))):
        return refer(
            actor=actor,
            case=case,
            partner=Partner.HOSPITAL,
            place=place.name,
            legal_basis=LegalBasis.DANGER if is_danger else LegalBasis.GUARDIAN_CONSENT,
            reason=reason,
            answer_due_on=day + timedelta(days=14),
            proof=None if is_danger else Proof("母亲", day, ProofMeans.SIGNED_PAPER),
            details=Details(
                department=place.department,
                contact=place.contact or "",
                phone=place.phone,
                address=place.address,
                wanted_by=day + timedelta(days=1 if is_danger else 7),
            ),
            register=place,
        )


def _be_answered(referral: Referral, today: date) -> None:
    """The doctor answers by the slip; nobody at school has read it yet."""
    actor = actor_of(referral.case.owner, Role.COUNSELLOR)
    with clock.frozen(referral.made_at + timedelta(minutes=5)):
        token = take_slip(actor=actor, referral=referral)
    seen_on = today - timedelta(days=1)
    with clock.frozen(at(seen_on, time(16, 20))):
        link = live_link(hash_of(token))
        if link is None:
            return
        reply = Reply(
            seen=Seen.SEEN,
            on=seen_on,
            assessed=Assessed.OUTPATIENT,
            advice=(Advice.LISTEN, Advice.LESS_LOAD, Advice.GUARDIAN),
            advice_note="睡眠先调整作息，两周后复诊。",
            next_on=today + timedelta(days=13),
            answered_by="顾医生",
            department="心理门诊",
        )
        answer(link=link, reply=reply)


def _open_cases() -> Sequence[Case]:
    query = select(Case).where(Case.state.not_in(ENDS)).order_by(Case.opened_at, Case.id)
    without = ~Case.id.in_(select(Referral.case_id))
    return db.session.scalars(query.where(without)).all()
