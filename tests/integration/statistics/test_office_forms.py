"""The education office's form, from upload to the filled file: the numbers of the report."""

import io
import re
from dataclasses import dataclass
from urllib.parse import unquote

import pytest
from docx import Document
from flask.testing import FlaskClient
from openpyxl import load_workbook

from app.access.permissions import Role
from app.campaigns.models import Campaign
from app.people.models import Cohort, Site
from app.platform.audit import AuditEvent
from app.platform.db import begin_write, db
from app.statistics.models import OfficeForm
from tests.factories import office_forms, reports
from tests.factories.reports import BANDS

#: A class of 64 that may leave the school, but for its last bands, and one of 24 that may not.
LARGE, SMALL = (20, 20, 12, 12), (12, 6, 6, 0)


@dataclass
class School:
    """A school with a closed campaign, and the person who fills forms there."""

    staff: FlaskClient
    site: Site
    campaign: str

    def upload(self, content: bytes, name: str = "月报表.xlsx") -> str:
        """Upload a form; the address of its page."""
        file = {"site": self.site.code, "file": (io.BytesIO(content), name)}
        answer = self.staff.post("/office-forms", data=file)
        assert answer.status_code == 302, answer.text
        return answer.location

    def choose(self, form: str, **figures: str) -> None:
        """Say what goes where, as the page does."""
        for spot, figure in figures.items():
            answer = self.staff.post(f"{form}/spots", data={"spot": spot, "figure": figure})
            assert answer.status_code == 302, answer.text

    def preview(self, form: str) -> str:
        """The page before the file."""
        return self.staff.get(f"{form}/campaigns/{self.campaign}").text

    def take(self, form: str) -> bytes:
        """The filled file."""
        answer = self.staff.get(f"{form}/campaigns/{self.campaign}/file")
        assert answer.status_code == 200
        return answer.data


@pytest.fixture
def school(app, as_, fixed_clock):
    """A school whose classes answered so."""

    def made(classes=(LARGE, LARGE, SMALL), role: Role = Role.SITE_STAFF, **chosen) -> School:
        with app.app_context():
            begin_write()
            campaign = reports.counted(classes, **chosen)
            site, name = campaign.sites[0].site, campaign.public_id
            db.session.commit()
            db.session.refresh(site)
        return School(as_(role, site=site), site, name)

    return made


def _sheet(data: bytes):
    return load_workbook(io.BytesIO(data)).worksheets[0]


def _of_bands(scope: str, row: int, first: int, what: str = "count") -> dict[str, str]:
    return {
        f"s1!{row}:{first + number}": f"phq9.total.{band}.{what}@{scope}"
        for number, band in enumerate(BANDS[:3])
    }


def test_class_rows_hold_the_numbers_of_the_report_and_what_is_small_stays_hidden(app, school):
    here = school()
    form = here.upload(office_forms.situation())
    here.choose(
        form,
        **{
            "s1!2:1#0": "school@school",
            "s1!5:1": "number@class",
            "s1!5:2": "place@class",
            "s1!5:3": "phq9.total.n@class",
            "s1!5:7": "phq9.total.concern.count@class",
            "s1!5:8": "phq9.total.concern.share@class",
        },
        **_of_bands("class", 5, 4),
    )

    sheet = _sheet(here.take(form))

    rows = [[cell.value for cell in row] for row in sheet["A5:H8"]]
    with app.app_context():
        names = [one.name for one in db.session.query(Cohort).order_by(Cohort.position)]
    assert rows == [
        [1, names[0], 64, "—", "—", "—", "—", "—"],  # covers the third
        [2, names[1], 64, 20, 20, "—", 24, 0.375],  # moderate: one group with what lies above
        [3, names[2], 24, "—", "—", "—", "—", "—"],
        [None] * 8,
    ]
    assert here.site.name in sheet["A2"].value
    assert sheet["C11"].value == "=SUM(C5:C10)"


def test_class_rows_say_how_many_took_part_and_hide_few_and_who_would_give_them_away(school):
    here = school(classes=((20, 20, 12, 12), (20, 20, 2, 0), (3, 1, 0, 0)))
    form = here.upload(office_forms.situation())
    here.choose(
        form,
        **{
            "s1!5:2": "place@class",
            "s1!5:3": "invited@class",
            "s1!5:4": "answered@class",
            "s1!5:5": "phq9.total.n@class",
            "s1!5:8": "answered_share@class",
        },
    )

    sheet = _sheet(here.take(form))

    rows = [[sheet.cell(row, column).value for column in (3, 4, 5, 8)] for row in range(5, 9)]
    assert rows == [[64, 64, 64, 1], [42, "—", "—", "—"], [4, "—", "—", "—"], [None] * 4]


def test_no_class_is_written_into_a_row_that_nobody_sees(school):
    here = school(classes=(LARGE, LARGE))
    form = here.upload(office_forms.with_hidden_row(office_forms.situation(), 6))
    here.choose(form, **{"s1!5:1": "number@class", "s1!5:2": "place@class"})

    sheet = _sheet(here.take(form))

    assert [sheet.cell(row, 1).value for row in (5, 6, 7, 8)] == [1, None, 2, None]


def test_preview_warns_of_totals_that_leave_hidden_counts_out(school):
    here = school()
    form = here.upload(office_forms.situation())
    here.choose(form, **{"s1!5:2": "place@class", "s1!5:7": "phq9.total.concern.count@class"})
    assert "合计不含这些单元格" in here.preview(form)

    here.choose(form, **{"s1!5:7": "phq9.total.n@class"})
    assert "合计不含这些单元格" not in here.preview(form)


def test_filled_form_is_called_by_form_school_and_month(app, school):
    here = school()
    form = here.upload(office_forms.situation(), "月报表.xlsx")
    here.choose(form, **{"s1!2:1#0": "school@school"})

    said = here.staff.get(f"{form}/campaigns/{here.campaign}/file").headers["Content-Disposition"]

    with app.app_context():
        closed = db.session.query(Campaign).one().closes_on
    name = unquote(said.rpartition("filename*=UTF-8''")[2])
    assert name == f"月报表-{here.site.name}-{closed.year}年{closed.month:02}月.xlsx"


def test_nothing_in_the_form_is_a_number_that_the_page_of_the_report_hides(as_, school):
    here = school()
    head = as_(Role.SCHOOL_HEAD, site=here.site)
    form = here.upload(office_forms.situation())
    here.choose(
        form,
        **{f"s1!5:{2 + n}": f"phq9.total.{band}.count@school" for n, band in enumerate(BANDS)},
        **{f"s1!6:{2 + n}": f"phq9.total.{band}.share@school" for n, band in enumerate(BANDS)},
    )

    sheet = _sheet(here.take(form))

    page = head.get(f"/reports/{here.campaign}/schools/{here.site.code}").text
    shown = set(re.findall(r"(\d+)（(\d+\.\d)%）", page))
    written = [
        (str(count.value), f"{float(share.value.rstrip('%')):.1f}")
        for count, share in zip(sheet["B5:F5"][0], sheet["B6:F6"][0], strict=True)
        if count.value != "—"
    ]
    assert written
    assert set(written) <= shown


def test_page_does_not_say_how_many_answered_in_a_class_of_a_few(as_, school):
    here = school(classes=((20, 20, 12, 12), (20, 20, 2, 0), (3, 1, 0, 0)))
    head = as_(Role.SCHOOL_HEAD, site=here.site)

    page = head.get(f"/reports/{here.campaign}/schools/{here.site.code}").text

    rows = re.findall(r'report__place--\d">.*?</th>\s*<td[^>]*>([^<]*)</td>', page)
    assert rows[4:8] == ["110", "64", "—", "—"]  # behind the four of participation


def test_next_months_form_is_recognised_and_filled_as_the_last(school):
    here = school()
    here.choose(here.upload(office_forms.situation()), **{"s1!5:2": "place@class"})
    strings = office_forms.parts(office_forms.situation())["xl/sharedStrings.xml"].decode()
    november = strings.replace("2026年10月", "2026年11月").encode()
    name = "xl/sharedStrings.xml"

    form = here.upload(office_forms.with_part(office_forms.situation(), name, november))

    assert "已认出" in here.staff.get(form).text
    sheet = _sheet(here.take(form))
    assert (sheet["A1"].value[:8], sheet["B7"].value is None) == ("2026年11月", False)


def test_rows_whose_grade_is_printed_are_found_by_it(app, school):
    here = school(grade=7)
    with app.app_context():
        begin_write()
        db.session.query(Cohort).order_by(Cohort.id).first().grade = 8
        db.session.commit()
    form = here.upload(office_forms.monthly())
    here.choose(form, **{"s1!9:2": "phq9.total.n@grade", "s1!4:2": "invited@school"})

    sheet = _sheet(here.take(form))

    assert [(row[0].value, row[1].value) for row in sheet["A9:B10"]] == [("初二", 64), ("初一", 88)]
    assert sheet["B4"].value == 162


@pytest.mark.parametrize(
    ("classes", "figures", "says"),
    [
        (7 * [LARGE], {"s1!5:2": "place@class"}, "此处有6个空行，需要7行"),
        ([LARGE], {"s1!5:3": "phq9.total.n@class"}, "看不出是哪个年级或班级"),
        ([LARGE], {"s1!5:2": "place@grade"}, "不分年级"),
    ],
)
def test_form_that_would_lose_a_class_is_not_filled_and_says_what_to_do(
    app, school, classes, figures, says
):
    here = school(classes)
    form = here.upload(office_forms.situation())
    here.choose(form, **figures)

    assert says in here.preview(form)
    answer = here.staff.get(f"{form}/campaigns/{here.campaign}/file")
    assert answer.status_code == 302
    with app.app_context():
        assert db.session.query(AuditEvent).filter_by(action="take_office_form").count() == 0


def test_printed_grade_of_another_school_is_no_row_for_ours(app, school):
    here = school(grade=7)
    with app.app_context():
        begin_write()
        db.session.query(Cohort).order_by(Cohort.id).first().grade = 9
        db.session.commit()
    form = here.upload(office_forms.monthly())
    here.choose(form, **{"s1!10:2": "phq9.total.n@grade"})

    assert "没有这些年级或班级的行：初三" in here.preview(form)


def test_document_is_filled_and_the_log_says_who_took_it(app, school):
    here = school()
    form = here.upload(office_forms.report(), "报表.docx")
    here.choose(
        form,
        **{
            "d0.1!3:1": "place@class",
            "d0.1!3:4": "phq9.total.concern.share@class",
            "d0.2!2:1#0": "invited@school",
            "d1.0!1:1#0": "school@school",
        },
    )

    document = Document(io.BytesIO(here.take(form)))

    shares = [row.cells[3].text for row in document.tables[0].rows[2:]]
    assert shares == ["—", "37.5%", "—"]
    assert document.paragraphs[-1].text == "应测162人，共三份。"
    assert document.sections[0].header.paragraphs[0].text == f"报送单位：{here.site.name}"
    with app.app_context():
        assert db.session.query(AuditEvent).filter_by(action="take_office_form").count() == 1


def test_levels_and_waits_are_filled_for_the_crisis_lead_alone(as_, school):
    here = school()
    form = here.upload(office_forms.monthly())
    here.choose(form, **{"s1!4:2": "level.high@school", "s1!11:2": "waiting.people@school"})

    assert "只有危机干预负责人能填出" in here.preview(form)
    assert _sheet(here.take(form))["B4"].value == 0
    lead = School(as_(Role.CRISIS_LEAD, site=here.site), here.site, here.campaign)
    assert _sheet(lead.take(form))["B4"].value == "—"  # nobody is at that level: fewer than ten


def test_file_that_is_no_form_is_refused_on_the_page_with_what_to_do(app, school):
    here = school([LARGE])
    macro = office_forms.with_part(office_forms.situation(), "xl/vbaProject.bin", b"x")
    file = {"site": here.site.code, "file": (io.BytesIO(macro), "月报表.xlsx")}

    answer = here.staff.post("/office-forms", data=file)

    assert (answer.status_code, "请另存为不带宏的" in answer.text) == (422, True)
    with app.app_context():
        assert db.session.query(OfficeForm).count() == 0


def test_what_was_uploaded_rests_sealed(app, school):
    here = school([LARGE])
    here.upload(office_forms.situation(), "王芳的表.xlsx")

    with app.app_context():
        form = db.session.query(OfficeForm).one()
        assert form.title == "王芳的表.xlsx"
        assert "王芳".encode() not in form.title_sealed
        assert b"UEsDB" not in form.content_sealed


def test_figure_or_place_that_is_none_is_refused(school):
    here = school([LARGE])
    form = here.upload(office_forms.monthly())

    for spot, figure in (("s1!4:2", "school@"), ("s1!1:1", "school@school"), ("x", "")):
        answer = here.staff.post(f"{form}/spots", data={"spot": spot, "figure": figure})
        assert answer.status_code in {404, 422}


def test_form_that_is_thrown_away_is_gone(school):
    here = school([LARGE])
    form = here.upload(office_forms.monthly())

    here.staff.post(f"{form}/discard")

    assert here.staff.get(form).status_code == 404
