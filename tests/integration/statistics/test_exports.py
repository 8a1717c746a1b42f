"""A research export on its way: asked for, weighed, approved by another, written, taken once."""

import csv
import io
import json
import zipfile
from dataclasses import asdict, dataclass
from datetime import date, timedelta

import pyreadstat
import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from app.access.actor import OPERATOR
from app.access.guards import DeniedError
from app.access.permissions import Role
from app.assessments.domain import AttributionKind
from app.assessments.models import Attribution
from app.campaigns.domain import CampaignState
from app.campaigns.models import Campaign, CampaignCohort, CampaignSite
from app.cases.domain.queue import SettlingReason
from app.cases.models import QueueEntry
from app.cli.exports import exports as command
from app.cli.psychometrics import psychometrics
from app.people.domain import ConsentStatus, Sex
from app.people.models import Cohort, Site, User
from app.people.service.logins import actor_of
from app.platform import clock, events, jobs
from app.platform.audit import AuditEvent
from app.platform.crypto import DecryptionError
from app.platform.db import begin_write, db
from app.platform.sealed import open_file
from app.results.models import Administration
from app.statistics import jobs as room
from app.statistics.domain.exports import (
    Detail,
    ExportState,
    ExportStateError,
    FileForm,
    ReasonNeededError,
    Risk,
    SamePersonError,
)
from app.statistics.models import ResearchExport
from app.statistics.queries.exports import approvers_of
from app.statistics.service import export_writing
from app.statistics.service import exports as service
from tests.conftest import NOW
from tests.factories import authoring, people, results
from tests.factories.work import run_due

CANARY = "金丝雀"


@dataclass
class World:
    """A school with two screenings, who asks, who approves."""

    site: Site
    campaigns: list[Campaign]
    lead: User
    head: User


@pytest.fixture
def installation(app, fixed_clock) -> None:
    """Committed, for what is written is written in transactions of its own."""
    with app.app_context():
        begin_write()
        site = people.site(name=f"{CANARY}中学", code="here")
        cohort = people.cohort(site, name=f"{CANARY}班")
        students = [
            people.student(
                cohort,
                name=f"{CANARY}{n}",
                student_no=f"2026{CANARY}{n}",
                sex=Sex.FEMALE if n % 2 else Sex.MALE,
                birth_date=date(2013, 1, 31),
            )
            for n in range(6)
        ]
        _screening(cohort, students, "spring")
        _screening(cohort, students[:3], "autumn")
        people.user(Role.CRISIS_LEAD, site.id, login="lead")
        people.user(Role.SCHOOL_HEAD, site.id, login="head")
        db.session.commit()


def _world() -> World:
    lead, head = (db.session.query(User).filter_by(login=one).one() for one in ("lead", "head"))
    campaigns = db.session.query(Campaign).order_by(Campaign.id).all()
    return World(db.session.query(Site).one(), campaigns, lead, head)


@pytest.fixture
def world(app, installation):
    """What was made, for tests that call the services themselves."""
    with app.app_context():
        yield _world()


def _screening(cohort: Cohort, students, term: str) -> Campaign:
    made = results.campaign("phq9", code=term, state=CampaignState.CLOSED)
    made.sites = [CampaignSite(site_id=cohort.site_id)]
    made.cohorts = [CampaignCohort(site_id=cohort.site_id, cohort_id=cohort.id)]
    for n, student in enumerate(students):
        sitting = results.sitting(made, student)
        given = [n % 4, 1, 2, 3, 0, 1, 2, 3, "refused" if n == 3 else 0][: 8 if n == 4 else 9]
        results.answers(sitting, "phq9", results.values(given))
        results.answers(sitting, "closing", {"word": f"{CANARY}想说的话"})
        events.publish(results.submitted(sitting))
    return made


def _asked(world: World, **chosen) -> ResearchExport:
    begin_write()
    wanted = {
        "campaigns": world.campaigns,
        "sites": [world.site],
        "instruments": ["phq9"],
        "form": FileForm.CSV,
        "detail": Detail.GRADES,
        "has_outcome": False,
        "purpose": "=复测信度",
        "locale": "zh_Hans",
    }
    lead = actor_of(world.lead, Role.CRISIS_LEAD)
    export = service.ask_for_export(actor=lead, person=world.lead, **wanted | chosen)
    db.session.commit()
    return export


def _approved(world: World, **chosen) -> ResearchExport:
    export = _asked(world, **chosen)
    service.weigh_export(export.id)
    begin_write()
    head = actor_of(world.head, Role.SCHOOL_HEAD)
    service.approve_export(actor=head, person=world.head, export=export, reason="伦理批件齐全")
    db.session.commit()
    return export


def _written(world: World, **chosen) -> ResearchExport:
    export = _approved(world, **chosen)
    export_writing.write_export(export.id)
    assert export.state is ExportState.READY
    return export


def _opened(export: ResearchExport) -> io.BytesIO:
    """The file as it leaves the house."""
    return io.BytesIO(b"".join(open_file(service.file_of(export), service.place_of(export))))


def _tables(export: ResearchExport) -> dict[str, list[dict[str, str]]]:
    with zipfile.ZipFile(_opened(export)) as archive:
        return {
            name: list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"))))
            for name in archive.namelist()
            if name.endswith(".csv")
        }


def test_rows_hold_answers_and_codes_and_nothing_that_names_anybody(world):
    export = _written(world)

    whole = _opened(export).read()
    with zipfile.ZipFile(_opened(export)) as archive:
        texts = [archive.read(name).decode("utf-8-sig") for name in archive.namelist()]
    rows = _tables(export)["1-spring.csv"]
    first = {row["phq9.q1"]: row for row in rows}
    assert whole[:2] == b"PK"
    assert not any(CANARY in text or "2013-01-31" in text for text in texts)
    assert (len(rows), first["0"]["age"], first["0"]["week"]) == (6, "13", "2")
    assert sorted(row["phq9.q9"] for row in rows) == ["-98", "-99", "0", "0", "0", "0"]
    assert {row["sex"] for row in rows} == {"1", "2"}


def test_person_has_one_pseudonym_in_both_files_and_another_in_the_next_export(world):
    first, second = _tables(_written(world)), _tables(_written(world))

    ids = [[row["id"] for row in first[name]] for name in ("1-spring.csv", "2-autumn.csv")]
    assert set(ids[1]) < set(ids[0])
    assert [sorted(each) for each in ids] == ids  # never in the order of the class list
    assert not {*ids[0]} & {row["id"] for row in second["1-spring.csv"]}


def test_who_withdrew_and_whose_sitting_it_was_not_are_left_out(world):
    begin_write()
    there = db.session.query(people.Student).order_by(people.Student.id).all()
    people.guardian_says(there[0], ConsentStatus.GIVEN, ConsentStatus.WITHDRAWN)
    sitting = results.sitting(world.campaigns[0], None, site_id=world.site.id)
    results.answers(sitting, "phq9", results.values([3] * 9))
    events.publish(results.submitted(sitting))
    disowned = db.session.query(results.Assessment).filter_by(student_id=there[1].id).first()
    db.session.add(
        Attribution(
            site_id=world.site.id,
            assessment_id=disowned.id,
            kind=AttributionKind.DETACHED,
            at=clock.now(),
        )
    )
    db.session.commit()

    tables = _tables(_written(world))

    assert (len(tables["1-spring.csv"]), len(tables["2-autumn.csv"])) == (4, 2)


def test_coarse_export_says_neither_school_nor_grade_nor_age(world):
    rows = _tables(_written(world, detail=Detail.STAGES))["1-spring.csv"]

    assert {"school", "grade", "age", "week"} & rows[0].keys() == set()
    assert (rows[0]["stage"], rows[0]["age_group"]) == ("2", "13")


def test_scores_are_of_the_version_that_was_asked_whatever_scored_them_since(world):
    begin_write()
    other = authoring.published("gad7")[0]
    first = db.session.query(Administration).order_by(Administration.id).first()
    results.scored_since(first, other, scale="scale_that_the_codebook_does_not_know", score=99)
    db.session.commit()

    rows = _tables(_written(world))["1-spring.csv"]

    assert len(rows) == 6
    assert all(row["phq9.score_total"] != "99" for row in rows)
    assert all(row["phq9.score_total"] for row in rows)


def test_codebook_counts_what_is_missing_and_why(world):
    lines = _tables(_written(world))["codebook.csv"]

    q9 = next(line for line in lines if line["变量"] == "phq9.q9")
    assert [q9[head] for head in ("有效值", "缺失：未作答", "缺失：拒绝作答")] == ["4", "1", "1"]
    assert "-98 = 拒绝作答" in q9["取值（中文）"]
    assert "-98 = would not answer" in q9["取值（英语）"]
    score = next(line for line in lines if line["变量"] == "phq9.score_total")
    assert "method: sum; items: q1, q2" in score["定义与来源"]


def test_workbook_holds_numbers_and_texts_and_no_formula(world):
    book = load_workbook(_opened(_written(world, form=FileForm.XLSX)))

    assert book.sheetnames == ["1-spring", "2-autumn", "codebook", "about"]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert book["about"]["B2"].value == "'=复测信度"


def test_spss_file_knows_labels_and_its_three_kinds_of_missing(world, tmp_path):
    export = _written(world, form=FileForm.SAV)
    zipfile.ZipFile(_opened(export)).extractall(tmp_path)

    rows, meta = pyreadstat.read_sav(str(tmp_path / "1-spring.sav"), user_missing=True)

    assert sorted(rows["phq9.q9"]) == [-99, -98, 0, 0, 0, 0]
    assert [one["lo"] for one in meta.missing_ranges["phq9.q9"]] == [-99, -98, -97]
    assert meta.variable_value_labels["sex"] == {1: "男", 2: "女"}
    assert meta.column_names_to_labels["age"] == "作答时的周岁年龄"
    assert not any(CANARY in note for note in meta.notes)


def test_outcome_says_what_became_of_a_talk_and_nothing_of_who_waits(world):
    begin_write()
    entries = db.session.query(QueueEntry).filter_by(campaign_id=world.campaigns[0].id)
    some = entries.order_by(QueueEntry.id).all()
    assert len(some) >= 2
    some[0].settling_reason = SettlingReason.TALKED_NO_NEED
    some[1].settling_reason = SettlingReason.CASE_OPENED
    db.session.commit()

    rows = _tables(_written(world, has_outcome=True))["1-spring.csv"]

    assert sorted(row["confirmed"] for row in rows) == ["", "", "", "", "0", "1"]
    assert not any("lane" in name or "flag" in name for name in rows[0])


def test_who_asks_does_not_approve_in_any_role(world):
    export = _asked(world)
    service.weigh_export(export.id)

    begin_write()
    with pytest.raises(SamePersonError):
        service.approve_export(actor=OPERATOR, person=world.lead, export=export)


def test_where_many_stand_out_nothing_is_approved_without_a_written_reason(world):
    export = _asked(world)
    service.weigh_export(export.id)
    assert not service.chosen_risk(export).is_low

    begin_write()
    with pytest.raises(ReasonNeededError):
        service.approve_export(actor=OPERATOR, person=world.head, export=export, reason="  ")
    assert (export.state, export.decided_by_id) == (ExportState.ASKED, None)
    service.approve_export(actor=OPERATOR, person=world.head, export=export, reason="已匿名")
    db.session.commit()

    said = db.session.query(AuditEvent).filter_by(action="approve_export").one().detail
    assert (export.decision, "已匿名" in str(said)) == ("已匿名", False)
    assert "despite_risk" in str(said)


def test_where_hardly_anybody_stands_out_no_reason_is_needed(world):
    export = _asked(world)
    service.weigh_export(export.id)
    begin_write()
    export.risks = {each.value: asdict(Risk(500, 5, 0, 5)) for each in Detail}

    service.approve_export(actor=OPERATOR, person=world.head, export=export)

    assert export.state is ExportState.APPROVED


def test_file_lies_sealed_until_it_is_taken_and_opens_in_no_other_place(world):
    export, other = _written(world), _written(world)

    lies = service.file_of(export).read_bytes()
    service.file_of(export).write_bytes(service.file_of(other).read_bytes())

    assert b"PK" not in lies[:64]
    begin_write()
    with pytest.raises(DecryptionError):
        service.take_export(actor=OPERATOR, export=export)
    assert export.state is ExportState.READY


def test_head_of_one_school_of_several_sees_the_request_and_who_approves_it(app, installation, as_):
    with app.app_context():
        world = _world()
        begin_write()
        other = people.site()
        officer = people.user(Role.PROGRAMME_OFFICER, name="县项目办")
        there = people.user(Role.SCHOOL_HEAD, other.id)
        third = people.user(Role.SCHOOL_HEAD, people.site().id)
        export = service.ask_for_export(
            actor=OPERATOR,
            person=world.lead,
            campaigns=world.campaigns,
            sites=[world.site, other],
            instruments=["phq9"],
            form=FileForm.CSV,
            detail=Detail.GRADES,
            has_outcome=False,
            purpose="x",
            locale="en",
        )
        db.session.commit()
        service.weigh_export(export.id)
        address = f"/exports/{export.public_id}?lang=en"
        assert approvers_of(export) == [officer]
        for one in (world.head, officer, there, third):
            db.session.refresh(one)
            db.session.expunge(one)

    head = as_(Role.SCHOOL_HEAD, user=world.head)
    page = head.get(address)
    pressed = head.post(address.replace("?", "/approve?"), data={"reason": "y"})
    answers = [as_(Role.SCHOOL_HEAD, user=one).get(address).status_code for one in (there, third)]
    whole = as_(Role.PROGRAMME_OFFICER, user=officer).get(address).text

    assert (page.status_code, "Can be approved by: 县项目办" in page.text) == (200, True)
    assert ("/approve" in page.text, "/approve" in whole) == (False, True)
    assert pressed.status_code in (403, 404)
    assert answers == [200, 404]


def test_nothing_is_approved_before_it_is_known_how_far_people_stand_out(world):
    export = _asked(world)

    begin_write()
    with pytest.raises(ExportStateError):
        service.approve_export(actor=OPERATOR, person=world.head, export=export)


def test_nobody_asks_for_a_school_that_is_not_theirs(world):
    begin_write()
    other = people.site()
    db.session.commit()

    with pytest.raises(DeniedError):
        _asked(world, sites=[world.site, other])


def test_cancelled_while_it_is_written_leaves_no_file(world, monkeypatch):
    export = _approved(world)
    move_on = export_writing._move_on

    def cancelled_meanwhile(export, done):
        begin_write()
        service.cancel_export(actor=OPERATOR, export=export)
        db.session.commit()
        move_on(export, done)

    monkeypatch.setattr(export_writing, "_move_on", cancelled_meanwhile)
    export_writing.write_export(export.id)

    assert (export.state, list(service.folder().iterdir())) == (ExportState.CANCELLED, [])


def test_writer_that_dies_leaves_no_half_file_and_another_begins_anew(
    world, monkeypatch, fixed_clock
):
    export = _approved(world)
    started = []
    monkeypatch.setattr(room, "start_writer", started.append)

    class Killed(BaseException):
        pass

    def killed(*_args):
        (service.folder() / "writing-left").mkdir()
        raise Killed

    with monkeypatch.context() as dying:
        dying.setattr(export_writing, "pack", killed)
        with pytest.raises(Killed):
            export_writing.write_export(export.id)
    db.session.rollback()
    assert not service.file_of(export).exists()

    room.mind_exports()
    assert started == []  # it may only be slow
    with fixed_clock(NOW + timedelta(minutes=11)):
        room.mind_exports()
        export_writing.write_export(export.id)
        room.mind_exports()

    assert started == [export.id]
    assert [path.name for path in service.folder().iterdir()] == [f"{export.public_id}.sealed"]


def test_second_writer_leaves_the_first_alone(world):
    export = _approved(world)
    begin_write()
    assert service.claim_writing(export.id)
    db.session.commit()

    export_writing.write_export(export.id)

    assert export.state is ExportState.APPROVED


def test_nothing_stays_of_what_was_cut_short_after_it_was_taken_or_stopped(world):
    export = _written(world)
    begin_write()
    lead = actor_of(world.lead, Role.CRISIS_LEAD)
    left = service.file_of(export)
    b"".join(service.take_export(actor=lead, export=export))
    db.session.commit()  # and here the machine falls over, before the file is gone
    (service.folder() / "tmpabc").mkdir()
    waits = _written(world)

    room.mind_exports()

    assert not left.exists()
    assert list(service.folder().iterdir()) == [service.file_of(waits)]


def test_file_that_nobody_takes_in_time_is_gone(world, fixed_clock):
    export = _written(world)

    with fixed_clock(NOW + timedelta(days=8)):
        room.mind_exports()

    assert (export.state, service.file_of(export).exists()) == (ExportState.EXPIRED, False)


@pytest.fixture
def lead(as_, app, installation):
    """A browser of who asks."""
    with app.app_context():
        user = _world().lead
    return as_(Role.CRISIS_LEAD, user=user)


@pytest.fixture
def head(as_, app, installation):
    """A browser of who approves."""
    with app.app_context():
        user = _world().head
    return as_(Role.SCHOOL_HEAD, user=user)


def test_file_is_taken_once_and_every_step_stands_in_the_log(app, lead):
    with app.app_context():
        export = _written(_world())
        name, path = export.public_id, service.file_of(export)

    page = lead.get(f"/exports/{name}?lang=en").text
    with lead.post(f"/exports/{name}/take") as taken:
        begins = taken.data[:2]
    again = lead.post(f"/exports/{name}/take")

    assert "9 rows" in page
    assert (taken.status_code, begins, again.status_code) == (200, b"PK", 302)
    assert "filename=research-export.zip" in taken.headers["Content-Disposition"]
    assert not path.exists()
    with app.app_context():
        deeds = db.session.query(AuditEvent).filter_by(object_ref=name)
        told = [(deed.action, deed.detail) for deed in deeds.order_by(AuditEvent.seq)]
    assert [action for action, _detail in told] == [
        "ask_for_export",
        "approve_export",
        "write_export",
        "take_export",
    ]
    assert not any("复测" in detail for _action, detail in told)


def test_request_goes_through_the_pages_to_the_writer(app, lead, head, monkeypatch):
    started = []

    def work(export_id: int) -> None:
        started.append(export_id)
        export_writing.work_on_export(export_id)

    monkeypatch.setitem(jobs._handlers, service.WORK, work)
    with app.app_context():
        campaigns = [one.public_id for one in _world().campaigns]
    form = {
        "campaigns": campaigns,
        "school": "here",
        "instruments": ["phq9"],
        "detail": "grades",
        "form": "csv",
    }

    unsaid = lead.post("/exports?lang=en", data=form)
    address = lead.post("/exports", data=form | {"purpose": "复测信度"}).location
    _work(app)
    mine, theirs = (each.get(f"{address}?lang=en").text for each in (lead, head))
    unexplained = head.post(f"{address}/approve?lang=en", data={"reason": " "})
    head.post(f"{address}/approve", data={"reason": "只在校内使用"})
    explained = lead.get(address).text
    _work(app)

    assert (unsaid.status_code, "Say what the data are for" in unsaid.text) == (422, True)
    assert "somebody else has to approve it" in mine
    assert ("/approve" in mine, "/approve" in theirs) == (False, True)
    assert "Fewer than 5 alike" in theirs
    assert (unexplained.status_code, "More than one of a hundred" in unexplained.text) == (
        422,
        True,
    )
    assert "只在校内使用" in explained
    assert len(started) == 2
    assert "/take" in lead.get(address).text


def _work(app) -> None:
    """Let the worker do what this room asked for."""
    with app.app_context():
        run_due()


def test_command_makes_files_that_the_verbs_read(world, command_line, tmp_path):
    folder, run = tmp_path / "out", CliRunner().invoke
    words = ["make", "phq9", "--campaign", "spring", "--campaign", "autumn", "--purpose", "信度"]
    people_named = ["--asked-by", "lead", "--approved-by", "head", "-o", str(folder)]

    unexplained = run(command, [*words, *people_named])
    reason = ["--reason", "校内研究"]
    made = run(command, [*words, *people_named, *reason], catch_exceptions=False)
    files = [str(folder / name) for name in ("1-spring.csv", "2-autumn.csv")]
    options = ["--map", str(folder / "map.yaml"), "--json"]
    read = run(psychometrics, ["retest", "phq9", *files, *options], catch_exceptions=False)

    assert (unexplained.exit_code, "--reason" in unexplained.output) == (1, True)
    assert made.exit_code == 0, made.output
    db.session.rollback()
    exports = db.session.query(ResearchExport).order_by(ResearchExport.id).all()
    assert [one.state for one in exports] == [ExportState.CANCELLED, ExportState.TAKEN]
    assert all(one.is_by_operator for one in exports)
    assert json.loads(read.output)["matched"] == 3


def test_command_refuses_one_person_for_both(world, command_line, tmp_path):
    words = ["make", "phq9", "--campaign", "spring", "--purpose", "信度", "--asked-by", "lead"]

    refused = CliRunner().invoke(
        command, [*words, "--approved-by", "lead", "-o", str(tmp_path / "out")]
    )

    assert (refused.exit_code, (tmp_path / "out").exists()) == (1, False)
    assert "may not do this" in refused.output
