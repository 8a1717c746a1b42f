"""Everything that can be owed in the life of a case, one case a duty."""

from datetime import timedelta

from app.access.actor import Actor
from app.cases.domain.cases import Modality
from app.cases.domain.conferences import Agreed
from app.cases.domain.endings import TransferBasis
from app.cases.domain.guardians import GuardianAnswer, PaperForm
from app.cases.domain.leaves import LeaveKind
from app.cases.domain.measures import Every
from app.cases.service import conferences, endings
from app.cases.service.guardians import Refusal, note_fear, record_guardian_step
from app.cases.service.leaves import begin_leave, note_return
from app.cases.service.measures import plan_measure
from app.people.models import Cohort, User
from app.platform import clock
from app.platform.db import db
from tests.factories import people
from tests.integration.cases.referral_world import TODAY, open_case

WEEK = timedelta(days=7)


def owe_everything(cohort: Cohort, actor: Actor) -> None:
    """Measure, talks after a return, a leave, a refusal, a fear, a signature, an agreed action."""
    measured, back, away, refused, fearing, ending, conferred = (
        open_case(people.student(cohort), actor) for _ in range(7)
    )
    plan_measure(
        actor=actor,
        case=measured,
        instrument_code="phq9",
        every=Every.FOUR_WEEKS,
        first_on=TODAY,
        until_on=None,
    )
    note_return(actor=actor, leave=_leave(actor, back), on=TODAY)
    _leave(actor, away)
    record_guardian_step(
        actor=actor,
        case=refused,
        answer=GuardianAnswer.REFUSES,
        at=clock.now(),
        spoken_by="林老师",
        said="不同意",
        means=Modality.PHONE,
        refusal=Refusal("周老师", PaperForm.SIGNED, "", "课间有人陪"),
    )
    note_fear(actor=actor, case=fearing)
    endings.transfer_case(
        actor=actor,
        case=ending,
        receiver="城南中学",
        basis=TransferBasis.GUARDIAN_CONSENT,
        handed_on=TODAY,
        note="当面交接",
    )
    conferences.record_conference(
        actor=actor,
        case=conferred,
        held_on=TODAY,
        members=[db.session.get_one(User, actor.user_id)],
        guests="李医生",
        question="怎样安排作息",
        decision="减量两周",
        agreed=[Agreed("班主任", "协调作业", TODAY + WEEK)],
    )


def _leave(actor, case):
    return begin_leave(
        actor=actor,
        case=case,
        kind=LeaveKind.TREATMENT,
        from_on=TODAY,
        expected_on=TODAY + WEEK,
        contact_person="林老师",
    )
