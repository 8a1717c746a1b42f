"""From sittings to counts, and from counts to pages and files that say the same."""

import io
import re
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from docx import Document
from docx.shared import Mm
from flask.testing import FlaskClient
from openpyxl import load_workbook

from app.access.actor import OPERATOR
from app.access.permissions import Role
from app.assessments.domain import AttributionKind
from app.assessments.models import Attribution
from app.campaigns.domain import CampaignState
from app.campaigns.models import Campaign, CampaignCohort, CampaignSite
from app.cases.domain.queue import EntryState, SettlingReason
from app.cases.models import QueueEntry
from app.people.domain import Sex
from app.people.models import Cohort, RoleAssignment, Student
from app.platform import clock
from app.platform.audit import AuditEvent
from app.platform.db import begin_write, db
from app.results.models import Administration
from app.statistics.bars import PARTS
from app.statistics.domain.waiting import waiting_times
from app.statistics.jobs import count_closed_campaigns
from app.statistics.models import CampaignCount, CohortCount, ItemCount, ScaleCount
from app.statistics.queries.quality import quality_of
from app.statistics.queries.report import report_of
from app.statistics.service.counting import count_campaign, counts_of
from app.triage.domain import RiskLevel
from tests.factories import people, reports, results
from tests.factories.reports import CALM, HIGH, TWO_CLASSES

FORMS = ("pdf", "xlsx", "docx")
TABLES = (CampaignCount, CohortCount, ScaleCount, ItemCount)


@pytest.fixture
def campaign(in_app, fixed_clock) -> Campaign:
    """Closed: two classes, each with 12 calm, 6 mild and 6 high."""
    return reports.closed(TWO_CLASSES)


def _cohort(campaign) -> Cohort:
    return db.session.get_one(Cohort, campaign.cohorts[0].cohort_id)


def _site_id(campaign) -> int:
    return campaign.sites[0].site_id


def _stored(campaign, table) -> list[dict]:
    columns = [c.name for c in table.__table__.columns if c.name != "id"]
    rows = db.session.query(table).filter_by(campaign_id=campaign.id).order_by(table.id)
    return [{name: getattr(row, name) for name in columns} for row in rows]


def _in_order(rows: list[dict]) -> list[dict]:
    return sorted(rows, key=str)


def test_counts_are_what_the_scores_themselves_say(campaign):
    count_campaign(actor=OPERATOR, campaign=campaign)

    computed = counts_of(campaign.id, _site_id(campaign))

    for table in TABLES:
        assert _in_order(_stored(campaign, table)) == _in_order(computed[table])
    banded = {(row["band"], row["n"]) for row in computed[ScaleCount] if row["scale"] == "total"}
    assert sum(n for _band, n in banded) > 0
    assert computed[CampaignCount][0]["answered"] == 48


def test_sitting_that_is_nobodys_is_not_counted(campaign):
    late = reports.answered(campaign, people.student(_cohort(campaign)), HIGH)
    before = counts_of(campaign.id, _site_id(campaign))[CampaignCount][0]["answered"]
    db.session.add(
        Attribution(
            site_id=late.site_id,
            assessment_id=late.id,
            kind=AttributionKind.DETACHED,
            at=clock.now(),
        )
    )
    db.session.flush()

    after = counts_of(campaign.id, _site_id(campaign))[CampaignCount][0]["answered"]

    assert (before, after) == (49, 48)


def test_student_with_two_sittings_counts_once(campaign):
    student = people.student(_cohort(campaign))
    reports.answered(campaign, student, HIGH)
    reports.answered(campaign, student, CALM)

    assert counts_of(campaign.id, _site_id(campaign))[CampaignCount][0]["answered"] == 49


def test_sitting_scored_by_another_version_since_stays_in_its_band(campaign):
    before = counts_of(campaign.id, _site_id(campaign))[ScaleCount]
    other = results.library("gad7")[0]
    for first in db.session.query(Administration).limit(12).all():
        results.scored_since(first, other, scale="total", score=5, band="another_band")

    assert counts_of(campaign.id, _site_id(campaign))[ScaleCount] == before


def test_what_comes_after_the_count_stays_out_of_the_report(campaign):
    count_closed_campaigns()
    before = [_stored(campaign, table) for table in TABLES]

    begin_write()
    reports.answered(campaign, people.student(_cohort(campaign)), HIGH)
    count_closed_campaigns()

    assert [_stored(campaign, table) for table in TABLES] == before


@dataclass
class Published:
    """The head of a school looks at the report of a closed campaign."""

    head: FlaskClient
    address: str


@pytest.fixture
def publish(app, as_, fixed_clock):
    """Close a campaign of these classes and open its report."""

    def closed(classes, *, is_counted: bool = True, **chosen: str) -> Published:
        with app.app_context():
            begin_write()
            made = reports.closed(classes)
            for name, value in chosen.items():
                setattr(made, name, value)
            if is_counted:
                count_campaign(actor=OPERATOR, campaign=made)
            site = made.sites[0].site
            address = f"/reports/{made.public_id}/schools/{site.code}"
            db.session.commit()
            db.session.refresh(site)
        return Published(as_(Role.SCHOOL_HEAD, site=site), address)

    return closed


def _counts(text: str) -> list[str]:
    """Every count with its share, in order."""
    return re.findall(r"\d+（\d+\.\d%）", text.replace("\n（", "（"))


def test_page_workbook_and_document_say_the_same(publish):
    report = publish(TWO_CLASSES)

    page = report.head.get(report.address).text
    book = load_workbook(io.BytesIO(report.head.get(f"{report.address}/report.xlsx").data))
    document = Document(io.BytesIO(report.head.get(f"{report.address}/report.docx").data))

    cells = [str(c.value or "") for sheet in book for row in sheet.iter_rows() for c in row]
    rows = [row for table in document.tables for row in table.rows]
    texts = [[cell.text for cell in dict.fromkeys(row.cells)] for row in rows]
    on_page = _counts(page)
    assert len(on_page) > 6
    assert on_page == _counts("\n".join(cells))
    assert on_page == _counts("\n".join(text for row in texts for text in row))
    assert {sheet.page_setup.orientation for sheet in book} == {"landscape"}
    assert all(sheet.sheet_properties.pageSetUpPr.fitToPage for sheet in book)
    widths = [[column.width for column in table.columns] for table in document.tables]
    assert all(sum(each) <= Mm(171) for each in widths)
    assert all(each[0] >= Mm(42) for each in widths)


def test_document_draws_the_bars_of_the_page(publish):
    report = publish(TWO_CLASSES)

    page = report.head.get(report.address).text
    document = Document(io.BytesIO(report.head.get(f"{report.address}/report.docx").data))

    drawn = re.findall(r'class="bars__place"[^>]*>([^<]*)<', page)
    pictures = [table for table in document.tables if len(table.columns) > PARTS]
    rows = [row for table in pictures for row in table.rows]
    assert [row.cells[0].text for row in rows] == drawn
    assert len(drawn) == 3
    assert all(len(row.cells) == 1 + PARTS for row in rows)
    on_page = re.findall(r'<rect[^>]*height="20" fill="(#\w{6})"', page)
    filled = re.findall(r'w:fill="(\w{6})"', "".join(row._tr.xml for row in rows))
    assert filled == [colour.lstrip("#").upper() for colour in on_page]


def test_no_cell_of_the_workbook_is_a_formula(app, publish):
    report = publish(TWO_CLASSES)
    with app.app_context():
        begin_write()
        db.session.query(Cohort).order_by(Cohort.id).first().name = "=1+1"
        db.session.commit()

    book = load_workbook(io.BytesIO(report.head.get(f"{report.address}/report.xlsx").data))

    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if "=1+1" in str(cell.value)} == {"s"}


def test_report_is_printed_and_the_log_says_who_took_it(app, publish):
    report = publish(TWO_CLASSES)

    answer = report.head.get(f"{report.address}/report.pdf")

    assert answer.data.startswith(b"%PDF")
    with app.app_context():
        assert db.session.query(AuditEvent).filter_by(action="take_group_report").count() == 1


def test_report_never_names_a_student(publish):
    report = publish(TWO_CLASSES)

    assert "生1" not in report.head.get(report.address).text


def test_small_school_says_who_took_part_and_nothing_else(publish):
    report = publish([[CALM, CALM, HIGH]])

    page = report.head.get(report.address).text
    files = [report.head.get(f"{report.address}/report.{form}") for form in FORMS]

    assert _counts(page) == []
    assert "为保护个人隐私，不显示" in page
    assert "比例及 95% 置信区间" not in page  # a table in which only the places would stand
    assert [file.status_code for file in files] == [200] * 3


def test_campaign_that_is_not_counted_yet_says_so(publish):
    report = publish(TWO_CLASSES, is_counted=False)

    assert "正在统计" in report.head.get(report.address).text


def test_quality_page_tells_the_crisis_lead_what_became_of_flags(app, as_, publish):
    report = publish(TWO_CLASSES)
    with app.app_context():
        begin_write()
        entries = db.session.query(QueueEntry).order_by(QueueEntry.id).all()
        for number, entry in enumerate(entries[:4]):
            entry.is_decided = True
            entry.risk_level = RiskLevel.MODERATE if number < 3 else RiskLevel.LOW
        site = entries[0].site
        db.session.commit()
        db.session.refresh(site)

    page = as_(Role.CRISIS_LEAD, site=site).get(f"{report.address}/quality").text

    assert "75.0%（30.1–95.4）" in page  # three of four, by Wilson
    assert report.head.get(f"{report.address}/quality").status_code == 404


def test_who_was_talked_to_has_been_met_and_a_student_waits_once(campaign):
    entries = db.session.query(QueueEntry).order_by(QueueEntry.id).all()
    people, raised = len(entries), clock.now() - timedelta(hours=100)
    for number, entry in enumerate(entries, start=1):
        entry.raised_at = raised
        if number <= 9:
            entry.state, entry.settled_at = EntryState.SETTLED, raised + timedelta(hours=number)
            entry.settling_reason = SettlingReason.TALKED_NO_NEED
    entries[8].settling_reason = SettlingReason.RETEST_PLANNED
    entries[8].settled_at = raised + timedelta(hours=1)
    entries[9].student_id = entries[1].student_id  # flags of another day, for the second of them
    db.session.flush()

    waiting = quality_of(campaign, campaign.sites[0].site).waiting

    assert (waiting.people, waiting.waiting) == (people - 1, people - 9)
    # One leaves after an hour unmet; of the others one an hour is met, the rest waits still.
    hours = [*range(1, 9), 1, *[100] * (people - 10)]
    still = [False] * 8 + [True] * (people - 9)
    assert waiting == waiting_times(hours, still=still)


def _counties(*districts: str) -> Campaign:
    """Closed and counted: one school a district, each with two large classes, half of them high."""
    made = results.campaign("phq9")
    responder = people.user(Role.COUNSELLOR)
    for district in districts:
        site = people.site(district=district)
        made.sites.append(CampaignSite(site_id=site.id, first_responder_id=responder.id))
        for _class in range(2):
            cohort = people.cohort(site)
            made.cohorts.append(CampaignCohort(site_id=site.id, cohort_id=cohort.id))
            for band, score in (("minimal", 0), ("moderate", 12)):
                db.session.add(_scale_count(made, cohort, band, score))
    made.state = CampaignState.CLOSED
    db.session.flush()
    for part in made.sites:
        counts = {"invited": 44, "finished": 44, "answered": 44, "careless": 0}
        whole = CampaignCount(
            campaign_id=made.id, site_id=part.site_id, counted_at=clock.now(), **counts
        )
        db.session.add(whole)
    db.session.flush()
    return made


def _scale_count(campaign: Campaign, cohort: Cohort, band: str, score: int) -> ScaleCount:
    return ScaleCount(
        campaign_id=campaign.id,
        site_id=cohort.site_id,
        cohort_id=cohort.id,
        sex=Sex.FEMALE,
        instrument_code="phq9",
        scale="total",
        band=band,
        n=11,
        total=11 * score,
        squares=11 * score**2,
    )


def test_county_reads_its_own_part_of_the_campaigns_report(app, as_, fixed_clock):
    with app.app_context():
        begin_write()
        made = _counties("东县", "东县", "西县")
        whole, county = (report_of(made, key) for key in ("campaign", "county:东县"))
        rows = {row.place.key: row.groups for row in whole.instruments[0].scales[0][1].rows}
        own = {row.place.key: row.groups for row in county.instruments[0].scales[0][1].rows}
        db.session.rollback()

    assert (len(own), len(rows)) == (3, 6)  # no class, and no school of the other county
    assert all(own.values())
    assert own == {key: rows[key] for key in own}


def test_county_is_read_by_who_answers_for_all_of_it(app, as_, fixed_clock):
    with app.app_context():
        begin_write()
        made = _counties("东县", "东县", "西县")
        officers = [people.user(Role.PROGRAMME_OFFICER, part.site_id) for part in made.sites]
        both, one, _other = officers
        db.session.add(
            RoleAssignment(
                user_id=both.id, role=Role.PROGRAMME_OFFICER, site_id=made.sites[1].site_id
            )
        )
        address = f"/reports/{made.public_id}/counties"
        db.session.commit()
        for officer in officers:
            db.session.refresh(officer)
    client = as_(Role.PROGRAMME_OFFICER, user=both)

    opened = [client.get(f"{address}/{name}").status_code for name in ("东县", "西县", "南县")]
    book = client.get(f"{address}/东县/report.xlsx")
    denied = as_(Role.PROGRAMME_OFFICER, user=one).get(f"{address}/东县").status_code

    assert (opened, denied) == ([200, 404, 404], 404)
    assert book.data[:2] == b"PK"
    assert f"{address}/%E4%B8%9C%E5%8E%BF" in client.get("/reports").text


def test_last_time_is_the_schools_own(campaign):
    """Another school asked the same in between."""
    other = reports.closed([[CALM, HIGH]])
    other.opens_on = date(2026, 9, 1)
    count_campaign(actor=OPERATOR, campaign=other)
    count_campaign(actor=OPERATOR, campaign=campaign)

    report = report_of(campaign, f"site:{_site_id(campaign)}")

    assert report.instruments[0].before is None


def test_report_tells_how_the_same_place_stood_last_time(campaign):
    campaign.opens_on = date(2026, 3, 1)
    again = results.campaign("phq9")
    again.sites = [CampaignSite(site_id=_site_id(campaign))]
    again.cohorts = [
        CampaignCohort(site_id=one.site_id, cohort_id=one.cohort_id) for one in campaign.cohorts
    ]
    for student in db.session.query(Student).order_by(Student.id):
        reports.answered(again, student, HIGH if student.id % 2 else CALM)
    for one in (campaign, again):
        count_campaign(actor=OPERATOR, campaign=one)

    report = report_of(again, f"site:{_site_id(campaign)}")

    instrument = report.instruments[0]
    whole = instrument.scales[0][1].rows[0]
    assert instrument.before is campaign
    assert (whole.concern.value, whole.before.value, whole.change.value) == (0.5, 0.25, 0.25)
    assert whole.change.is_apart_from_zero
