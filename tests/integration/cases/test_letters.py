"""What leaves the desk: fixed words that tell no result, to the right people, for a time."""

import io
import re
from datetime import timedelta

import pikepdf
import pytest
from flask.testing import FlaskClient
from flask_babel import force_locale

from app.access.permissions import Role
from app.cases import papers
from app.cases.domain.interviews import FACTS
from app.cases.domain.letters import Ask, CarePhrase, Topic
from app.cases.models import CareNotice, CareNoticeReading, CaseEvent, GuardianLetter, GuardianStep
from app.cases.words import level_word
from app.cases.words.letters import ask_phrase, care_phrase, topic_phrase
from app.config import ROOT
from app.instruments.lexicon import find_critical
from app.instruments.loader import load_instrument
from app.people.models import Student
from app.platform.db import db
from app.platform.pdf import available
from app.triage.domain import RiskLevel
from tests.conftest import NOW
from tests.integration.cases import interview_world
from tests.integration.cases.interview_world import World

pytestmark = pytest.mark.usefixtures("fixed_clock")

LOCALES = ("zh_Hans", "en")
TELLING = re.compile(
    r"分数|得分|总分|筛查|量表|测评|等级|风险|抑郁|焦虑|精神|障碍|疾病|症状|异常|患者|诊断|高危"
    r"|score|\bband|cut-off|screen|questionnaire|\brisk|depress|anxi|mental|disorder|illness"
    r"|diagnos|patient|abnormal|symptom",
    re.IGNORECASE,
)
USUAL = ("keep_an_eye", "tell_me_leaving")
OF_THE_ROOM = re.compile(r"心理|咨询|辅导|psych|counsel", re.IGNORECASE)


@pytest.fixture
def world(app) -> World:
    return interview_world.build(app)


@pytest.fixture
def bob(world, as_) -> FlaskClient:
    """Her counsellor."""
    return as_(Role.COUNSELLOR, user=world.counsellor)


@pytest.fixture
def teacher(world, as_) -> FlaskClient:
    """The teacher of alice's class."""
    return as_(Role.CLASS_TEACHER, user=world.teacher)


@pytest.fixture
def stranger(world, as_) -> FlaskClient:
    """The teacher of another class of the school."""
    return as_(Role.CLASS_TEACHER, user=world.other_teacher)


def send(world: World, client: FlaskClient, *phrases: str) -> str:
    """Send a notice; the address under which a teacher finds it."""
    client.post(
        f"/cases/{world.case.public_id}/care-notice",
        data={"phrases": list(phrases or USUAL)},
    )
    return f"/care-notices/{world.last(CareNotice).public_id}"


def write(world: World, client: FlaskClient, **changed):
    """Write a letter to the guardian."""
    data = {"topics": ["feelings"], "asks": ["company", "come_and_talk"]}
    address = f"/cases/{world.case.public_id}/guardian-letter"
    return client.post(address, data=data | changed)


def main_of(page: str) -> str:
    """What the page itself says, without the rail and without markup."""
    return re.sub(r"<[^>]+>", " ", re.split(r"<main[^>]*>", page)[1].split("</main>")[0])


# --- words ---


@pytest.mark.parametrize("locale", LOCALES)
def test_no_phrase_tells_a_result_or_names_an_illness(app, locale):
    with app.test_request_context(), force_locale(locale):
        notice = [care_phrase(phrase) for phrase in CarePhrase]
        letter = [topic_phrase(t) for t in Topic] + [ask_phrase(a) for a in Ask]
        levels = [level_word(level) for level in RiskLevel]

    words = " ".join(notice + letter)
    assert (TELLING.search(words), find_critical(words)) == (None, None)
    assert OF_THE_ROOM.search(" ".join(notice)) is None
    assert [level for level in levels if level in words] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_no_heading_or_answer_for_the_hospital_is_a_score_level_or_illness(app, locale):
    form = load_instrument(ROOT / "instruments" / "crisis_interview")
    items = [form.item(code) for code in FACTS]
    with app.test_request_context(), force_locale(locale):
        levels = [level_word(level) for level in RiskLevel]

    words = " ".join(
        [item.text.get(locale) for item in items]
        + [option.label.get(locale) for item in items for option in item.options]
    )

    assert TELLING.search(words) is None
    assert [level for level in levels if level in words] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_everything_the_teacher_reads_is_free_of_reasons(world, bob, teacher, locale):
    address = send(world, bob, *CarePhrase)

    read = main_of(teacher.get(f"{address}?lang={locale}").text)

    with world.app.test_request_context(), force_locale(locale):
        assert all(care_phrase(phrase) in read for phrase in CarePhrase)
    assert (TELLING.search(read), OF_THE_ROOM.search(read), find_critical(read)) == (None,) * 3


@pytest.mark.parametrize("locale", LOCALES)
def test_everything_the_family_reads_is_free_of_results(world, bob, locale):
    write(world, bob, topics=list(Topic), asks=list(Ask))

    with world.app.test_request_context():
        letter = db.session.query(GuardianLetter).one()
        body = papers.letter_document(letter, locale=locale, printed_by="林老师").body

    text = re.sub(r"<[^>]+>", " ", body).replace("不含测评结果", "").replace("not results", "")
    text = text.replace("National psychological support line", "")
    assert (TELLING.search(text), find_critical(text)) == (None, None)
    assert all(number in text for number in ("12356", "12355", "120", "110", "0371-5550100"))


# --- the care notice ---


def test_teacher_finds_the_notice_on_the_start_page_and_opening_it_is_the_receipt(
    world, bob, teacher
):
    address = send(world, bob)

    start = teacher.get("/", follow_redirects=True).text
    before = world.count(CareNoticeReading)
    teacher.get(address)
    teacher.get(address)

    assert address in start
    assert (before, world.count(CareNoticeReading), world.logged("read_care_notice")) == (0, 1, 2)


def test_counsellor_sees_on_the_case_whether_it_was_read(world, bob, teacher):
    address = send(world, bob)
    case = f"/cases/{world.case.public_id}?lang=en"

    unread = main_of(bob.get(case).text)
    teacher.get(address)
    read = main_of(bob.get(case).text)

    assert "not read yet" in unread
    assert "not read yet" not in read
    assert re.search(r"王老师 ·\s+read on", read)


def test_teacher_of_another_class_finds_nothing(world, bob, stranger):
    address = send(world, bob)

    assert "爱丽丝" not in stranger.get("/care-notices").text
    assert stranger.get(address).status_code == 404


def test_student_who_changed_class_is_no_longer_told_of(world, bob, teacher, stranger):
    address = send(world, bob)
    with world.writing():
        db.session.get(Student, world.alice.id).cohort_id = world.other_cohort.id

    assert [teacher.get(address).status_code, stranger.get(address).status_code] == [404, 404]


def test_notice_ends_after_fourteen_days_to_the_minute(world, bob, teacher, as_, fixed_clock):
    address = send(world, bob)

    found = []
    for span in (timedelta(days=14) - timedelta(minutes=1), timedelta(days=14)):
        with fixed_clock(NOW + span):
            client = as_(Role.CLASS_TEACHER, user=world.teacher)
            found.append(
                (client.get(address).status_code, "爱丽丝" in client.get("/care-notices").text)
            )

    assert found == [(200, True), (404, False)]


def test_second_notice_takes_the_place_of_the_first(world, bob, teacher):
    first = send(world, bob)
    second = send(world, bob, "not_alone")

    page = teacher.get("/care-notices").text

    assert (first in page, second in page) == (False, True)
    assert teacher.get(first).status_code == 404


def test_withdrawn_notice_is_gone(world, bob, teacher):
    address = send(world, bob)

    bob.post(f"/cases/{world.case.public_id}/care-notice/withdraw")

    assert teacher.get(address).status_code == 404


def test_notice_without_a_phrase_is_refused(world, bob):
    answer = bob.post(f"/cases/{world.case.public_id}/care-notice", data={})

    assert (answer.status_code, world.count(CareNotice)) == (422, 0)


def test_story_tells_that_a_notice_went_and_not_what_it_says(world, bob):
    send(world, bob)

    with world.app.app_context():
        event = db.session.query(CaseEvent).filter_by(what="care_notice_sent").one()
        assert event.detail == {"phrases": 2}


# --- the letter ---


def test_letter_begins_with_what_the_interview_touched(world, bob):
    world.keep(bob)
    world.sign(bob)

    page = bob.get(f"/cases/{world.case.public_id}/guardian-letter").text

    ticked = re.findall(r'<input checked[^>]*value="(\w+)"', page)
    assert ticked == [
        "feelings", "school_work", "home", "strengths",
        "company", "safe_home", "listen", "come_and_talk", "see_a_doctor", "tell_us",
    ]  # fmt: skip


def test_letter_and_its_receipt_stand_in_the_case(world, bob):
    address = write(world, bob, meet_at="2026-10-16T16:30").location
    letter = world.last(GuardianLetter)

    shown = main_of(bob.get(f"{address}?lang=en").text)
    bob.post(f"{address}/receipt", data={"received_on": "2026-10-14", "wants_talk": "y"})

    after = world.last(GuardianLetter)
    assert "16 Oct 2026 16:30" in shown
    assert letter.received_on is None
    assert (str(after.received_on), after.wants_talk) == ("2026-10-14", True)


def guardian_says(world, bob, answer, **more):
    said = {
        "step-answer": answer,
        "step-at": "2026-10-12T09:30",
        "step-spoken_by": "林老师",
        "step-said": "当面谈了",
        "step-means": "in_person",
        "step-paper": "signed",
        "step-guardian": "",
    }
    address = f"/cases/{world.case.public_id}/guardian"
    return bob.post(address, data=said | {f"step-{name}": value for name, value in more.items()})


REPORTED = {"reported_to": "派出所", "reported_at": "2026-10-12T09:40"}


@pytest.mark.parametrize("noted_by", ["interview", "step"])
def test_nothing_goes_to_a_guardian_who_is_feared(world, bob, noted_by):
    address = write(world, bob).location
    if noted_by == "interview":
        world.keep(bob, feared="1")
        world.sign(bob)
    else:
        guardian_says(world, bob, "feared_source", **REPORTED)

    statuses = [write(world, bob).status_code] + [
        bob.get(at).status_code for at in (address, f"{address}/letter.pdf")
    ]

    assert statuses == [422, 302, 302]
    assert world.count(GuardianLetter) == 1
    assert "12356" not in main_of(bob.get(address, follow_redirects=True).text)


def test_no_other_word_lifts_a_fear_only_that_it_was_looked_into(world, bob):
    guardian_says(world, bob, "feared_source", **REPORTED)
    guardian_says(world, bob, "informed")
    guardian_says(world, bob, "agrees")
    page = main_of(bob.get(f"/cases/{world.case.public_id}?lang=en").text)
    refused = write(world, bob).status_code

    guardian_says(world, bob, "fear_lifted", said="与学生和派出所核实，已无此顾虑")

    assert "Do not call or write to the guardians" in page
    assert (refused, write(world, bob).status_code) == (422, 302)


def test_receipt_that_is_not_filled_in_shows_no_letter_to_a_feared_guardian(world, bob):
    address = write(world, bob).location
    wrong = bob.post(f"{address}/receipt", data={"received_on": ""})
    seen = world.logged("see_guardian_letter")
    guardian_says(world, bob, "feared_source", **REPORTED)

    after = bob.post(f"{address}/receipt", data={"received_on": ""})

    assert (wrong.status_code, seen, after.status_code) == (422, 1, 302)


def test_nothing_is_lifted_that_nobody_feared(world, bob):
    answer = guardian_says(world, bob, "fear_lifted")

    assert (answer.status_code, world.count(GuardianStep)) == (422, 0)


# --- on paper ---


@pytest.fixture
def long_world(app) -> World:
    """The longest names and places that a school can enter."""
    return interview_world.build(
        app,
        site={
            "name": "望川藏族羌族自治州" + "实验" * 50,
            "duty_phone": "0000-5550101 转 80123456789012",
        },
        cohort={"name": "二〇二六级学前教育与幼儿保育专业（五年一贯制）" + "实验" * 18},
        alice={"name": "买买提江·阿卜杜热西提·吐尔逊江" * 2},
        counsellor={"name": "阿依古丽·" * 8},
    )


@pytest.mark.parametrize("locale", LOCALES)
def test_longest_letter_and_its_receipt_stand_on_one_sheet(long_world, as_, locale):
    with long_world.app.test_request_context():
        if not available():
            pytest.skip("wkhtmltopdf or a font is missing")
    bob = as_(Role.COUNSELLOR, user=long_world.counsellor)
    address = write(
        long_world, bob, topics=list(Topic), asks=list(Ask), meet_at="2026-10-16T16:30"
    ).location

    pdf = bob.get(f"{address}/letter.pdf?lang={locale}").data

    assert len(pikepdf.open(io.BytesIO(pdf)).pages) == 1
    assert long_world.logged("print_guardian_letter") == 1


@pytest.mark.parametrize("locale", LOCALES)
def test_longest_notice_and_note_come_out_whole(long_world, as_, locale):
    with long_world.app.test_request_context():
        if not available():
            pytest.skip("wkhtmltopdf or a font is missing")
    bob = as_(Role.COUNSELLOR, user=long_world.counsellor)
    send(long_world, bob, *CarePhrase)
    long_world.keep(bob)
    signed = long_world.sign(bob, note="说了很多。\n" * 600).location

    notice = bob.get(f"/cases/{long_world.case.public_id}/care-notice.pdf?lang={locale}").data
    note = bob.get(f"{signed}/note.pdf?lang={locale}").data

    assert len(pikepdf.open(io.BytesIO(notice)).pages) == 1
    assert len(pikepdf.open(io.BytesIO(note)).pages) > 10
