"""Every paper with the longest names: A4, room for the holes of a binder, numbered, and whole."""

import html
import re
import subprocess
import unicodedata
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask_babel import force_locale, get_locale

from app.access.actor import OPERATOR
from app.access.permissions import Role
from app.alarms.boards import board_pdf
from app.alarms.printing import script_pdf
from app.appointments.routes.print_slips import print_slips as print_appointments
from app.campaigns import queries as invitations
from app.campaigns.script import print_catch_up, print_script
from app.campaigns.slips import print_slips
from app.cases.domain.letters import Ask, Topic
from app.cases.domain.printing import Rendering
from app.cases.models import GuardianLetter
from app.cases.papers import letter_document, print_paper
from app.cases.piles.fronts import Sheaf, front_documents
from app.cases.printing import Print, print_documents, summary_documents
from app.cases.queries.profiles import profiles_of
from app.cases.service.print_runs import start_run
from app.cases.service.releases import release_summaries
from app.cases.slips import SlipContent, print_slip
from app.meetings.domain import Decided
from app.meetings.printing import print_review
from app.meetings.service.meetings import record_meeting
from app.people.models import Cohort, User
from app.people.service.logins import actor_of
from app.platform import clock
from app.platform.db import db
from app.platform.pdf import available, render
from app.statistics.printing import print_report
from app.statistics.queries import places
from app.statistics.queries.report import report_of
from app.statistics.service.counting import count_campaign
from tests.factories import appointments, campaigns, people, reports
from tests.integration.cases import profile_world, referral_world

SCHOOL = "望川藏族羌族自治州职业技术教育中心学校附属实验中学暨乡村青少年心理健康服务示范点"
CLASS = "二〇二六级学前教育与幼儿保育专业（五年一贯制）2601班"
NAME = "阿卜杜热合曼·买买提艾力·吐尔逊江·艾合买提"
TEACHER = "欧阳阿依古丽·买买提江"
DAY = date(2026, 10, 12)
POINTS_OF_MM = 72 / 25.4
A4 = (595, 842)
#: Slips are cut out of their sheets: there is no page to number.
CUT = ("appointment slips", "entry slips")


#: How a sheet says its number: alone, or in a pile with others.
NUMBERED = {
    "zh_Hans": ("第{number}页，共{count}页", "总第{number}张，共{count}张"),
    "en": ("Page {number} of {count}", "Sheet {number} of {count}"),
}


@pytest.fixture(params=NUMBERED)
def sheets(in_app, fixed_clock, monkeypatch, request):
    """What went into the engine of this machine while the test ran."""
    with in_app.test_request_context():
        if not (state := available()):
            pytest.skip(state.reason)
        engine, sent = render.engine_of_this_machine(), []

        def listening(sheet: str) -> bytes:
            sent.append(sheet)
            return engine(sheet)

        monkeypatch.setattr(render, "engine_of_this_machine", lambda: listening)
        with force_locale(request.param):
            yield sent


def language() -> str:
    """The one that this run of the test prints in."""
    return str(get_locale())


def school():
    return people.site(name=SCHOOL, counselling_room="教学楼二楼东侧心理辅导室（从操场侧门进）")


def screened():
    """Two students with long names who answered, and who looks after them."""
    world = profile_world._store()
    world.site.name, world.cohort.name = SCHOOL, CLASS
    world.alice.name = world.bob.name = NAME
    world.counsellor.name = world.staff.name = TEACHER
    return world


def profiles(rendering: Rendering) -> bytes:
    world = screened()
    found = profiles_of(OPERATOR, [world.alice, world.bob], locale=language())
    how = Print(rendering, language(), TEACHER, clock.now(), watermark=TEACHER)
    return print_documents(summary_documents(found, how), locale=language())


def cover_and_lists() -> bytes:
    world = screened()
    release = release_summaries(
        actor=actor_of(world.counsellor, Role.COUNSELLOR),
        campaign=world.campaign,
        site=world.site,
        cohort=None,
        students=[world.alice, world.bob],
        rendering=Rendering.COUNSELLOR,
        locale=language(),
        has_names=True,
        copies=1,
        days=3,
    ).release
    run = start_run(actor=actor_of(world.staff, Role.SITE_STAFF), release=release)
    sheaves = [Sheaf(n // 30, f"{CLASS}{n // 30}", NAME, 2, ()) for n in range(90)]
    return print_documents(front_documents(run, sheaves), locale=language())


def case_of_a_student():
    student = people.student(people.cohort(school(), name=CLASS), name=NAME)
    user = people.user(Role.COUNSELLOR, student.site_id, name=TEACHER)
    actor = actor_of(user, Role.COUNSELLOR)
    return referral_world.open_case(student, actor), user, actor


def guardian_letter() -> bytes:
    case, user, _actor = case_of_a_student()
    letter = GuardianLetter(
        case=case, user=user, topics=list(Topic), asks=list(Ask), written_at=clock.now()
    )
    with db.session.no_autoflush:
        document = letter_document(letter, locale=language(), printed_by=TEACHER)
        return print_paper(document, locale=language())


def referral_slip() -> bytes:
    case, _user, actor = case_of_a_student()
    referral = referral_world.refer(case, actor, reason="入睡困难，常流泪。" * 40)
    content = SlipContent(printed_by=TEACHER, locale=language(), token="t" * 22)
    return print_slip(referral, content)


def _invited():
    cohort = people.cohort(school(), name=CLASS)
    for position in range(30):
        people.student(cohort, name=NAME, position=position)
    campaign = campaigns.running(cohort, title=SCHOOL)
    for user in db.session.query(User):
        user.name = TEACHER
    return campaign


def entry_slips() -> bytes:
    campaign = _invited()
    return print_slips(campaign, invitations.slips(OPERATOR, campaign, None))


def proctors_script() -> bytes:
    campaign = _invited()
    return print_script(campaign, campaign.sites, locale=language(), printed_by=TEACHER)


def catch_up_list() -> bytes:
    campaign = _invited()
    missing = invitations.missing(OPERATOR, campaign)
    return print_catch_up(campaign, missing, locale=language(), printed_by=TEACHER)


def appointment_slips() -> bytes:
    world = appointments.world(name=SCHOOL)
    for student in appointments.students_of(world.cohorts[0]):
        student.name, student.cohort.name = NAME, CLASS
        appointments.waits(world, student)
    day = appointments.interview_day(world, rooms=("教学楼二楼东侧 203（从操场侧门进）",))
    return print_appointments(day, appointments.placed(world, day))


def duty_board() -> bytes:
    site = school()
    people.on_duty(site, *(people.user(Role.COUNSELLOR, site.id, name=NAME) for _ in range(2)))
    days = [DAY + timedelta(days=n) for n in range(31)]
    return board_pdf(site, days, locale=language(), printed_by=TEACHER)


def drill_sheet() -> bytes:
    return script_pdf(school(), locale=language(), printed_by=TEACHER)


def minutes() -> bytes:
    site = school()
    head = people.user(Role.SCHOOL_HEAD, site.id)
    meeting = record_meeting(
        actor=actor_of(head, Role.SCHOOL_HEAD),
        site=site,
        held_on=DAY,
        present=f"{NAME}、" * 20,
        minutes="讨论了晚自习后的睡眠、手机约定与家校沟通。" * 150,
        decided=[Decided("初三晚自习提前十五分钟下课。" * 9, NAME, DAY) for _ in range(12)],
    )
    return print_review(meeting, locale=language(), printed_by=TEACHER)


def group_report() -> bytes:
    campaign = reports.closed(reports.TWO_CLASSES)
    campaign.title = SCHOOL
    for number, cohort in enumerate(db.session.query(Cohort)):
        cohort.name = f"{CLASS}{number}"
    count_campaign(actor=OPERATOR, campaign=campaign)
    return print_report(report_of(campaign, places.CAMPAIGN), locale=language(), printed_by=TEACHER)


PAPERS: dict[str, Callable[[], bytes]] = {
    **{f"profile for {each.value}": lambda each=each: profiles(each) for each in Rendering},
    "cover and lists": cover_and_lists,
    "guardian letter": guardian_letter,
    "referral slip": referral_slip,
    "entry slips": entry_slips,
    "proctor's script": proctors_script,
    "catch-up list": catch_up_list,
    "appointment slips": appointment_slips,
    "duty board": duty_board,
    "drill sheet": drill_sheet,
    "minutes": minutes,
    "group report": group_report,
}


@pytest.mark.parametrize("paper", PAPERS)
def test_paper_is_whole_numbered_and_keeps_its_margins(sheets, paper):
    pages = printed_pages(PAPERS[paper]())

    written = Counter("".join(words_of(sheet) for sheet in sheets))
    printed = Counter("".join(word for page in pages for word, *_box in page.words))
    assert written - printed == Counter()
    for number, page in enumerate(pages, 1):
        assert (round(page.width), round(page.height)) == A4
        assert min(left for _word, left, _right in page.words) >= 20 * POINTS_OF_MM - 1
        assert max(right for _word, _left, right in page.words) <= page.width - 9 * POINTS_OF_MM
        if len(pages) > 1 and paper not in CUT:
            told = [
                plain(each.format(number=number, count=len(pages))) for each in NUMBERED[language()]
            ]
            assert any(number_of_page in page.text for number_of_page in told)


class PrintedPage:
    """A page as a reader of the file finds it: its size, and its words with left and right."""

    def __init__(self, page: str) -> None:
        self.width, self.height = (
            float(each) for each in re.match(r'width="([\d.]+)" height="([\d.]+)"', page).groups()
        )
        found = re.findall(r'<word xMin="(.+?)" yMin=".+?" xMax="(.+?)" yMax=".+?">(.*?)</', page)
        self.words = [
            (plain(html.unescape(word)), float(left), float(right)) for left, right, word in found
        ]

    @property
    def text(self) -> str:
        """Its words without blanks."""
        return "".join(word for word, _left, _right in self.words)


def printed_pages(content: bytes) -> list[PrintedPage]:
    told = subprocess.run(
        ["pdftotext", "-bbox", "-", "-"], input=content, capture_output=True, check=True
    ).stdout.decode()
    return [PrintedPage(page) for page in told.split("<page ")[1:]]


def words_of(sheet: str) -> str:
    """What a person reads of a sheet: no titles of charts, and no pale edges of their words."""
    body = sheet.partition("<body>")[2]
    unread = r'<!--.*?-->|<(title|desc)\b.*?</\1>|<text class="chart__halo".*?</text>'
    body = re.sub(unread, "", body, flags=re.DOTALL)
    return plain(html.unescape(re.sub(r"<[^>]+>", "", body)))


def plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())
