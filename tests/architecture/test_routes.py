"""Default deny: every route says who may open it, and what lies at another site is not there."""

import re
from dataclasses import dataclass
from datetime import time, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from app.access.actor import OPERATOR
from app.access.permissions import Permission, Role
from app.access.policy import POLICY
from app.alarms.domain import ChannelKind
from app.alarms.models import Alert, ResponderChannel
from app.appointments.domain.appointments import Origin
from app.appointments.models import Appointment, InterviewDay, ProtectedTime, Slot
from app.authoring.domain import DraftOrigin
from app.authoring.queries import current_version
from app.authoring.service import start_draft
from app.campaigns import service as campaigns
from app.campaigns.domain import CampaignState
from app.cases.domain.cases import Modality
from app.cases.domain.conferences import Agreed
from app.cases.domain.endings import EndingKind
from app.cases.domain.leaves import LeaveKind
from app.cases.domain.printing import Rendering, RunState
from app.cases.domain.referrals import LegalBasis, Partner
from app.cases.domain.tags import TagKind
from app.cases.models import (
    CareNotice,
    Case,
    CaseEnding,
    Contact,
    GuardianLetter,
    InterviewRecord,
    Leave,
    Measure,
    MeasureSlip,
    PartnerPlace,
    PrintRun,
    QueueEntry,
    Referral,
    StudentTag,
    SummaryRelease,
)
from app.cases.service import conferences
from app.meetings.domain import Decided
from app.meetings.service import meetings as reviews
from app.meetings.service import supervision
from app.observations.domain import Since
from app.observations.models import ObservationReport
from app.people.models import Cohort, DutyShift, RosterDraft, Site, User
from app.people.roster.draft import Draft
from app.people.roster.reading import read_roster
from app.people.service.logins import actor_of
from app.platform import clock, events
from app.platform.audit import AuditEvent
from app.platform.db import WRITES, begin_write, db
from app.platform.pdf import PdfUnavailable
from app.results.domain import WeighingState
from app.results.models import LocalNorm, Rescoring, Weighing
from app.statistics.domain.exports import Detail, FileForm
from app.statistics.service.counting import count_campaign
from app.statistics.service.exports import ask_for_export
from app.statistics.service.office_forms import keep_form, read_upload
from app.triage.domain import RiskLevel
from tests.factories import alarms as alarm_factory
from tests.factories import campaigns as campaign_factory
from tests.factories import office_forms, people, results

ACCESS_PAGE = Path(__file__).parents[2] / "docs/access.md"
CANARY = "金丝雀"

#: Routes with an address part that belongs to no site.
NOT_OF_A_SITE = ("/instruments/", "/staff/")

#: Read for a row in the log only once something is chosen: until then they name nobody.
NAMES_NOBODY_YET = {"/releases/new"}

ROLE_HEADS = {role: role.value.replace("_", " ") for role in Role}
PLACE_WORDS = {
    "own_site": "own site",
    "own_class": "own class",
    "own_writing": "own writing",
    "anywhere": "yes",
    "unbound": "yes",
}


@dataclass
class World:
    """A school with everything in it, one insider for each role, and an outsider's school."""

    ids: dict[str, str]
    insiders: dict[Role, User]
    here: Site
    there: Site


def _guarded(app: Flask) -> list[tuple[Rule, Permission]]:
    """The routes that need a log-in."""
    found = []
    for rule in app.url_map.iter_rules():
        permission = getattr(app.view_functions[rule.endpoint], "required", None)
        if permission is not None:
            found.append((rule, permission))
    return found


def _roles(permission: Permission) -> list[Role]:
    names = [rule[0].__name__ for rule in POLICY[permission]]
    return [Role(name) for name in dict.fromkeys(names)]


def _method(rule: Rule) -> str:
    return "GET" if "GET" in (rule.methods or ()) else "POST"


def _address(rule: Rule, ids: dict[str, str]) -> str:
    """The rule with its parts replaced by what exists at the school; unknown parts fail."""
    address, pattern = "", ""
    for text in re.split(r"(<[^>]*>)", rule.rule):
        if text.startswith("<"):
            # What belongs to no site is not looked up: any address of its kind will do.
            part = ids.get(pattern, "1") if pattern.startswith(NOT_OF_A_SITE) else ids[pattern]
            address, pattern = address + part, pattern + "<>"
        else:
            address, pattern = address + text, pattern + text
    return address


def _opened(client: FlaskClient, rule: Rule, ids: dict[str, str]) -> int:
    return client.open(_address(rule, ids), method=_method(rule)).status_code


@pytest.fixture
def world(app: Flask, fixed_clock: object) -> World:
    with app.app_context():
        begin_write()
        here, there = people.site(), people.site()
        cohort = people.cohort(here)
        alice = people.student(cohort, name=CANARY)
        insiders = {role: people.user(role, here.id) for role in Role}
        insiders[Role.CLASS_TEACHER] = people.user(Role.CLASS_TEACHER, None, cohort.id)
        now = clock.now()

        screening = campaign_factory.running(cohort, code="slips")
        link = campaigns.create_open_link(actor=OPERATOR, campaign=screening, site=here)
        slip = campaign_factory.invitation(screening, alice)
        sitting = results.sitting(results.campaign("phq9"), alice)
        events.publish(results.stored(sitting, results.answers(sitting, "phq9", {"q9": 1})))
        entry = db.session.query(QueueEntry).one()
        owner = insiders[Role.COUNSELLOR]
        case = _added(
            Case(
                site_id=here.id,
                student_id=alice.id,
                owner_id=owner.id,
                risk_level=RiskLevel.HIGH,
                next_on=clock.today(),
                opened_at=now,
            )
        )
        referral = _added(
            Referral(
                site_id=here.id,
                case_id=case.id,
                user_id=owner.id,
                partner=next(iter(Partner)),
                legal_basis=next(iter(LegalBasis)),
                made_at=now,
                answer_due_on=clock.today(),
            )
        )
        place = _added(
            PartnerPlace(site_id=here.id, kind=next(iter(Partner)), name="医院", contact=CANARY)
        )
        ending = _added(
            CaseEnding(
                site_id=here.id,
                case_id=case.id,
                kind=EndingKind.CLOSING,
                proposed_by_id=owner.id,
                proposed_at=now,
            )
        )
        leave = _added(
            Leave(
                site_id=here.id,
                case_id=case.id,
                user_id=owner.id,
                kind=LeaveKind.REST,
                from_on=clock.today(),
                expected_on=clock.today(),
                recorded_at=now,
            )
        )
        measure = _added(
            Measure(
                site_id=here.id,
                case_id=case.id,
                instrument_code="phq9",
                every_days=28,
                next_due_on=clock.today(),
                made_by_id=owner.id,
                made_at=now,
            )
        )
        measure_slip = _added(
            MeasureSlip(
                site_id=here.id,
                measure_id=measure.id,
                due_on=clock.today(),
                invitation_id=slip.id,
                made_by_id=owner.id,
                made_at=now,
            )
        )
        interview, notice, letter = _papers(case, cohort, owner)
        release = _added(
            SummaryRelease(
                site_id=here.id,
                campaign_id=screening.id,
                cohort_id=cohort.id,
                rendering=Rendering.GUARDIAN,
                locale="zh_Hans",
                released_by_id=owner.id,
                released_at=now,
                expires_at=now + timedelta(days=1),
                copies_left=1,
            )
        )
        run = _added(
            PrintRun(
                site_id=here.id,
                release_id=release.id,
                user_id=insiders[Role.SITE_STAFF].id,
                state=RunState.GATHERING,
                student_ids=[alice.id],
                batches=[],
                fronts=[],
                asked_at=now,
                expires_at=now + timedelta(days=1),
            )
        )
        draft = _added(
            RosterDraft(
                site_id=here.id,
                user_id=insiders[Role.SITE_STAFF].id,
                content=Draft(read_roster("学号,姓名,班级\n1,甲,一班\n".encode())).dump(),
                expires_at=now + timedelta(days=1),
            )
        )
        shift = _added(
            DutyShift(
                site_id=here.id, user_id=owner.id, starts_at=now, ends_at=now + timedelta(hours=1)
            )
        )
        conference = conferences.record_conference(
            actor=actor_of(owner, Role.COUNSELLOR),
            case=case,
            held_on=clock.today(),
            members=[owner],
            guests="李医生",
            question="怎么办",
            decision="转介",
            agreed=[Agreed("班主任", "多留意", clock.today())],
        )
        head = actor_of(insiders[Role.SCHOOL_HEAD], Role.SCHOOL_HEAD)
        meeting = reviews.record_meeting(
            actor=head,
            site=here,
            held_on=clock.today(),
            present="校长",
            minutes="讨论",
            decided=[Decided("加值班", "德育处", clock.today())],
        )
        lead = actor_of(insiders[Role.CRISIS_LEAD], Role.CRISIS_LEAD)
        sample = supervision.draw_sample(actor=lead, site=here, size=1)
        drill = alarm_factory.drill(here)
        channel = _added(
            ResponderChannel(
                user_id=owner.id, kind=ChannelKind.SMS, address="13800138000", created_at=now
            )
        )
        report = _added(
            ObservationReport(
                site_id=here.id,
                student_id=alice.id,
                reporter_id=insiders[Role.CLASS_TEACHER].id,
                signs=["tired"],
                since=Since.TODAY,
                reported_at=now,
                due_at=now,
                form_token="x",
            )
        )
        tag = _added(
            StudentTag(
                site_id=here.id,
                student_id=alice.id,
                kind=TagKind.LEFT_BEHIND,
                reason=CANARY,
                since_on=clock.today(),
                review_on=clock.today(),
                set_by_id=owner.id,
                set_at=now,
            )
        )
        writing = start_draft(
            actor=actor_of(insiders[Role.AUTHOR], Role.AUTHOR),
            files={},
            origin=DraftOrigin.BLANK,
            title="问卷",
        )
        closed = results.campaign("phq9", state=CampaignState.CLOSED)
        results.takes_part(closed, cohort, owner)
        count_campaign(actor=OPERATOR, campaign=closed)
        export = ask_for_export(
            actor=OPERATOR,
            person=owner,
            campaigns=[closed],
            sites=[here],
            instruments=["phq9"],
            form=FileForm.CSV,
            detail=Detail.GRADES,
            has_outcome=False,
            purpose=CANARY,
            locale="zh_Hans",
        )
        norm = LocalNorm(
            site_id=here.id,
            campaign_id=closed.id,
            instrument_version_id=closed.battery.parts[0].instrument_version_id,
            instrument_code="phq9",
            figures={},
            people=60,
            fewest=50,
            made_at=now,
        )
        db.session.add(norm)
        db.session.flush()
        office_form = keep_form(
            actor=actor_of(insiders[Role.SITE_STAFF], Role.SITE_STAFF),
            site=here,
            upload=read_upload(CANARY, office_forms.monthly()),
        )
        ids = {
            "/exports/": export.public_id,
            "/office-forms/": office_form.public_id,
            "/office-forms/<>/campaigns/": closed.public_id,
            "/reports/": closed.public_id,
            "/norms/": norm.public_id,
            "/reports/<>/report.": "xlsx",
            "/reports/<>/counties/": "东县",
            "/reports/<>/counties/<>/report.": "xlsx",
            "/reports/<>/schools/": here.code,
            "/reports/<>/schools/<>/report.": "xlsx",
            "/conference-actions/": conference.actions[0].public_id,
            "/reviews/": meeting.public_id,
            "/review-decisions/": meeting.decisions[0].public_id,
            "/supervision/": sample.cases[0].public_id,
            "/instruments/drafts/": writing.public_id,
            "/instruments/drafts/<>/preview/": "en",
            "/instruments/drafts/<>/preview/<>/": "1",
            "/instruments/<>/versions/": "1.0.0",
            **_interviews(here, cohort, alice, entry, owner),
            "/interviews/spread/": screening.public_id,
            "/alarms/": db.session.query(Alert).one().public_id,
            "/alarms/timeline/": entry.public_id,
            "/alarms/drills/": drill.public_id,
            "/alarms/channels/": channel.public_id,
            "/campaigns/": screening.public_id,
            "/campaigns/<>/links/": link.public_id,
            "/campaigns/<>/slips/": slip.public_id,
            "/campaigns/<>/classes/": cohort.public_id,
            "/campaigns/<>/classes/<>/board/slips/": slip.public_id,
            "/queue/": entry.public_id,
            "/sittings/of/": alice.public_id,
            "/sittings/": sitting.public_id,
            "/swaps/": screening.public_id,
            "/psychometrics/": screening.public_id,
            "/cases/": case.public_id,
            "/case-endings/": ending.public_id,
            "/leaves/": leave.public_id,
            "/measures/": measure.public_id,
            "/measure-slips/": measure_slip.public_id,
            "/interview-records/": interview.public_id,
            "/care-notices/": notice.public_id,
            "/guardian-letters/": letter.public_id,
            "/profiles/": alice.public_id,
            "/referrals/": referral.public_id,
            "/partners/": place.public_id,
            "/rescorings/": _rescoring(here, owner).public_id,
            "/releases/": release.public_id,
            "/print-runs/": run.public_id,
            "/roster/classes/": cohort.public_id,
            "/roster/students/": alice.public_id,
            "/roster/imports/": draft.public_id,
            "/duty/shifts/": shift.public_id,
            "/sites/": here.code,
            "/observations/": report.public_id,
            "/students/": alice.public_id,
            "/tags/": tag.public_id,
        }
        db.session.commit()
        for row in (here, there, *insiders.values()):
            db.session.refresh(row)
        return World(ids, insiders, here, there)


def _rescoring(site, proposer) -> Rescoring:
    """Past results of the school that somebody wants to be scored again."""
    version, now = current_version("phq9"), clock.now()
    weighing = _added(
        Weighing(
            instrument_code=version.code,
            content_hash=version.content_hash,
            source=version.source,
            asked_at=now,
            state=WeighingState.READY,
            total=0,
        )
    )
    rescoring = Rescoring(
        site_id=site.id,
        weighing_id=weighing.id,
        instrument_version_id=version.id,
        proposed_by_id=proposer.id,
        proposed_at=now,
    )
    rescoring.reason = CANARY
    return _added(rescoring)


def _interviews(site, cohort, student, entry, owner) -> dict[str, str]:
    """A planned day with one appointment, and a protected lesson."""
    now = clock.now()
    day = _added(
        InterviewDay(
            site_id=site.id,
            on=clock.today(),
            slot_minutes=25,
            pause_minutes=5,
            lunch_from=time(12),
            lunch_to=time(13, 30),
            rooms=["201"],
            random_every=0,
            seed="0",
            planned_at=now,
        )
    )
    slot = _added(
        Slot(
            site_id=site.id,
            day_id=day.id,
            counsellor_id=owner.id,
            room="201",
            starts_at=now + timedelta(hours=1),
            ends_at=now + timedelta(hours=1, minutes=25),
        )
    )
    appointment = _added(
        Appointment(
            site_id=site.id,
            day_id=day.id,
            slot_id=slot.id,
            student_id=student.id,
            origin=Origin.ENTRY,
            entry_id=entry.id,
            placed_at=now,
        )
    )
    protected = _added(
        ProtectedTime(site_id=site.id, cohort_id=cohort.id, weekday=0, starts=time(8), ends=time(9))
    )
    return {
        "/interviews/": day.public_id,
        "/appointments/": appointment.public_id,
        "/interviews/protected-times/": protected.public_id,
    }


def _papers(case: Case, cohort: Cohort, owner: User):
    """A signed interview and what followed from it."""
    of_case = {"site_id": case.site_id, "case_id": case.id, "user_id": owner.id}
    now = clock.now()
    contact = _added(Contact(modality=Modality.IN_PERSON, held_at=now, recorded_at=now, **of_case))
    return (
        _added(
            InterviewRecord(
                contact_id=contact.id,
                instrument_version_id=current_version("crisis_interview").id,
                signed_at=now,
                answers_text='{"thoughts": 0}',
                note=CANARY,
                **of_case,
            )
        ),
        _added(
            CareNotice(
                student_id=case.student_id,
                cohort_id=cohort.id,
                phrases=["keep_an_eye"],
                sent_at=now,
                expires_at=now + timedelta(days=14),
                **of_case,
            )
        ),
        _added(GuardianLetter(topics=[], asks=["company"], written_at=now, **of_case)),
    )


def _added(row):
    db.session.add(row)
    db.session.flush()
    return row


def test_every_route_says_who_may_open_it(app):
    silent = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static" and not hasattr(app.view_functions[rule.endpoint], "required")
    ]

    assert silent == []


def test_visitor_without_a_log_in_is_sent_to_it(app, client, world):
    ids = world.ids | dict.fromkeys(NOT_OF_A_SITE, "x")
    answers = {
        rule.rule: client.open(_address(rule, ids), method=_method(rule)).location or ""
        for rule, _ in _guarded(app)
    }

    assert {at for at, location in answers.items() if not location.startswith("/login")} == set()


def test_role_without_the_permission_finds_nothing(app, as_, world):
    ids = world.ids | dict.fromkeys(NOT_OF_A_SITE, "x")
    wrong = {}
    for role in Role:
        client = as_(role, user=world.insiders[role])
        for rule, permission in _guarded(app):
            if role not in _roles(permission):
                wrong[role, rule.rule] = _opened(client, rule, ids)

    assert {at: status for at, status in wrong.items() if status != 404} == {}


def test_insider_reaches_what_the_outsider_is_denied(app, as_, world):
    """The objects of the outsider test exist: for the school's own people some page shows each."""
    reached = set()
    for rule, permission in _guarded(app):
        if not rule.arguments or rule.rule.startswith(NOT_OF_A_SITE) or _method(rule) != "GET":
            continue
        for role in _roles(permission):
            client = as_(role, user=world.insiders[role])
            if _opened(client, rule, world.ids) == 200:
                reached.add(rule.rule)

    assert reached >= {
        "/alarms/timeline/<entry_id>",
        "/campaigns/<public_id>",
        "/campaigns/<public_id>/classes/<cohort_id>/board",
        "/campaigns/<public_id>/classes/<cohort_id>/missing",
        "/care-notices/<notice_id>",
        "/cases/<case_id>",
        "/office-forms/<form_id>",
        "/office-forms/<form_id>/campaigns/<public_id>",
        "/partners/<partner_id>",
        "/interviews/<day_id>",
        "/interviews/<day_id>/place",
        "/cases/<case_id>/care-notice",
        "/cases/<case_id>/guardian-letter",
        "/cases/<case_id>/interview",
        "/exports/<export>",
        "/guardian-letters/<letter_id>",
        "/interview-records/<interview_id>",
        "/cases/<case_id>/word",
        "/observations/<report_id>",
        "/profiles/<student>",
        "/referrals/<referral_id>",
        "/reports/<public_id>/schools/<code>",
        "/reports/<public_id>/schools/<code>/quality",
        "/queue/<entry_id>",
        "/queue/<entry_id>/word",
        "/roster/classes/<public_id>",
        "/roster/imports/<public_id>",
        "/roster/students/<public_id>",
        "/rescorings/<rescoring_id>",
        "/sites/<code>/edit",
        "/students/<student_id>/tags",
    }


def test_read_that_promises_a_row_in_the_log_writes_one(app, as_, world):
    """Every page that says `audits` and opens leaves a trace; of a case every page says it."""
    silent = set()
    for rule, permission in _guarded(app):
        view = app.view_functions[rule.endpoint]
        is_read = _method(rule) == "GET" and not rule.rule.startswith(NOT_OF_A_SITE)
        if not is_read or not (view.audits or rule.rule.startswith("/cases/<case_id>")):
            continue
        for role in _roles(permission):
            client = as_(role, user=world.insiders[role])
            before = _rows_in_the_log(app)
            if _opened(client, rule, world.ids) == 200 and _rows_in_the_log(app) == before:
                silent.add((role, rule.rule))

    assert {at for at in silent if at[1] not in NAMES_NOBODY_YET} == set()


def _rows_in_the_log(app) -> int:
    with app.app_context():
        return db.session.query(AuditEvent).count()


def test_page_that_cannot_print_goes_back_and_holds_no_writer_meanwhile(
    app, as_, world, monkeypatch
):
    held = []

    def no_engine():
        writes = db.session.connection().get_execution_options().get(WRITES)
        held.append(bool(writes))
        raise PdfUnavailable("no engine")

    monkeypatch.setattr("app.platform.pdf.render.engine_of_this_machine", no_engine)
    papers = [each for each in _guarded(app) if each[0].rule.endswith(".pdf")]
    answers = {
        (role, rule.rule): _opened(as_(role, user=world.insiders[role]), rule, world.ids)
        for rule, permission in papers
        for role in _roles(permission)
    }

    assert {at: status for at, status in answers.items() if status not in {302, 404}} == {}
    assert ("/measure-slips/<slip_id>/slip.pdf" in {at[1] for at in answers}, any(held)) == (
        True,
        False,
    )
    assert len(held) > len(papers) / 2


def test_outsider_in_the_right_role_finds_nothing(app, as_, world):
    wrong = {}
    for rule, permission in _guarded(app):
        if not rule.arguments or rule.rule.startswith(NOT_OF_A_SITE):
            continue
        for role in _roles(permission):
            charlie = as_(role, site=world.there)
            wrong[role, rule.rule] = _opened(charlie, rule, world.ids)

    assert {at: status for at, status in wrong.items() if status != 404} == {}


def test_no_list_shows_the_outsider_a_student_of_another_school(app, as_, world):
    seen = set()
    for role in Role:
        charlie = as_(role, site=world.there)
        for rule, permission in _guarded(app):
            is_list = not rule.arguments and _method(rule) == "GET"
            may_open = is_list and role in _roles(permission)
            if may_open and CANARY.encode() in charlie.get(rule.rule).data:
                seen.add((role, rule.rule))

    assert seen == set()


def matrix() -> str:
    """The policy as a table: what each role may do, and where."""
    heads = ["Permission", *ROLE_HEADS.values()]
    lines = [heads, ["---"] * len(heads)]
    for permission in Permission:
        places = {
            Role(rule[0].__name__): PLACE_WORDS[rule[1].__name__] for rule in POLICY[permission]
        }
        lines.append([f"`{permission}`", *(places.get(role, "") for role in Role)])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def test_access_page_shows_the_policy_as_it_is():
    page = ACCESS_PAGE.read_text(encoding="utf-8")

    assert matrix() in page, f"put this table into docs/access.md:\n{matrix()}"
