"""An open case of bob's, and how a referral of it is made, printed and answered in tests."""

from datetime import date, timedelta
from typing import Any

from app.access.actor import Actor
from app.cases.domain.referrals import Details, LegalBasis, Partner, Proof, ProofMeans
from app.cases.domain.replies import Advice, Assessed, Reply, Seen
from app.cases.models import Case, Referral
from app.cases.service import referrals, replies
from app.people.models import Student
from app.platform import clock
from app.platform.db import db
from app.triage.domain import RiskLevel

TODAY = date(2026, 10, 12)
REASON = "两周来入睡困难、常流泪，请评估。"
HERE = "192.0.2.7"


def open_case(student: Student, owner: Actor) -> Case:
    """A case that is being worked on."""
    case = Case(
        site_id=student.site_id,
        student=student,
        owner_id=owner.user_id,
        risk_level=RiskLevel.HIGH,
        next_on=clock.today() + timedelta(days=3),
        opened_at=clock.now(),
        acute_at=clock.now(),
    )
    db.session.add(case)
    db.session.flush()
    return case


def refer(case: Case, actor: Actor, **chosen: Any) -> Referral:
    """A referral to a hospital, with the guardian's signature."""
    defaults: dict[str, Any] = {
        "partner": Partner.HOSPITAL,
        "place": "市第一人民医院",
        "legal_basis": LegalBasis.GUARDIAN_CONSENT,
        "reason": REASON,
        "answer_due_on": clock.today() + timedelta(days=7),
        "proof": Proof("母亲 王静", clock.today(), ProofMeans.SIGNED_PAPER),
        "details": Details(department="心理门诊", contact="导诊台", phone="0000-5550201"),
    }
    return referrals.refer(actor=actor, case=case, **defaults | chosen)


def reply(seen: Seen = Seen.SEEN, **chosen: Any) -> Reply:
    """What a doctor answers."""
    defaults: dict[str, Any] = {
        "seen": seen,
        "on": None if seen is Seen.DID_NOT_COME else clock.today(),
        "assessed": Assessed.OUTPATIENT if seen is Seen.SEEN else None,
        "advice": (Advice.LISTEN,),
        "advice_note": "先调整作息",
        "next_on": None,
        "answered_by": "顾医生",
        "department": "心理门诊",
    }
    return Reply(**defaults | chosen)


def answer(token: str, given: Reply | None = None) -> None:
    """Answer by the link of the slip, as the page does."""
    link = replies.find_link(token=token, address=HERE)
    replies.answer(link=link, reply=given or reply())
