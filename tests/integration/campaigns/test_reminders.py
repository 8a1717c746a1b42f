"""Who is missing, the words that remind a class, and the notice that class teachers find."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pikepdf
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.access.actor import OPERATOR
from app.access.permissions import Role
from app.assessments.domain import Mode
from app.assessments.service import decline, start
from app.campaigns import queries, service
from app.campaigns.domain import PlanError, minutes_needed
from app.campaigns.jobs import lay_out_reminders
from app.campaigns.models import Campaign, ClassReminder, Invitation
from app.campaigns.script import print_catch_up, print_script
from app.campaigns.words import group_words
from app.people.domain import ConsentStatus
from app.people.models import Cohort, Site
from app.platform import clock, jobs
from app.platform.db import begin_write, db
from app.platform.pdf.engine import available
from tests.conftest import NOW
from tests.factories import assessments as sittings
from tests.factories import campaigns, people
from tests.integration.campaigns.test_queries import of_class

GIVEN, REFUSED, WITHDRAWN = ConsentStatus.GIVEN, ConsentStatus.REFUSED, ConsentStatus.WITHDRAWN
ADULT = date(2006, 5, 20)
Clock = Callable[..., AbstractContextManager[None]]


def missing(campaign: Campaign) -> set[int]:
    return {slip.student_id for slip in queries.missing(OPERATOR, campaign)}


@pytest.mark.usefixtures("in_app", "fixed_clock")
class TestMissing:
    @pytest.mark.parametrize(
        ("born", "steps", "is_missing"),
        [
            (sittings.BIRTHDAY, (), True),
            (sittings.BIRTHDAY, (GIVEN,), True),
            (sittings.BIRTHDAY, (REFUSED,), False),
            (sittings.BIRTHDAY, (GIVEN, WITHDRAWN), False),
            (sittings.BIRTHDAY, (REFUSED, GIVEN), True),
            (date(2013, 10, 13), (), True),
            (ADULT, (REFUSED,), True),
        ],
    )
    def test_whose_guardian_has_said_no_is_not_asked(self, born, steps, is_missing) -> None:
        slip = sittings.invited(birth_date=born)
        people.guardian_says(slip.student, *steps)

        assert missing(slip.campaign) == ({slip.student_id} if is_missing else set())

    def test_refusing_is_as_good_as_finishing(self) -> None:
        slip = sittings.invited()
        sitting, _ = start(invitation=slip, mode=Mode.COMPUTER_ROOM, locale="zh_Hans")
        assert missing(slip.campaign) == {slip.student_id}

        decline(assessment=sitting)

        assert missing(slip.campaign) == set()

    def test_second_sitting_puts_nobody_on_the_list_and_moves_no_count(self) -> None:
        slip = sittings.invited()
        sitting, _ = start(invitation=slip, mode=Mode.COMPUTER_ROOM, locale="zh_Hans")
        decline(assessment=sitting)
        before = queries.progress(OPERATOR, slip.campaign)

        service.invite_again(actor=OPERATOR, invitation=slip)

        assert missing(slip.campaign) == set()
        assert queries.progress(OPERATOR, slip.campaign) == before
        start(invitation=slip, mode=Mode.COMPUTER_ROOM, locale="zh_Hans")

    def test_who_has_left_is_not_asked(self) -> None:
        slip = sittings.invited()
        slip.student.left_at = clock.now()

        assert missing(slip.campaign) == set()

    def test_class_teacher_finds_the_own_class_only(self) -> None:
        slip = sittings.invited()
        other = people.cohort(slip.site)

        assert queries.missing(of_class(other.id), slip.campaign) == []
        assert queries.missing(of_class(slip.cohort_id), slip.campaign) == [slip]


@pytest.mark.parametrize(("items", "minutes"), [(5, 5), (9, 5), (23, 10), (90, 15)])
def test_time_is_told_in_whole_fives(items: int, minutes: int) -> None:
    assert minutes_needed(items) == minutes


@pytest.fixture
def school(app: Flask, as_: Callable[..., FlaskClient], fixed_clock: Clock):
    """A class with one who is missing and one who is done, and its teacher."""
    with app.app_context():
        begin_write()
        slip = sittings.invited(name="爱丽丝")
        done = sittings.classmate_of(slip)
        done.student.name = "做完了的人"
        service.note_finished(done)
        campaign = slip.campaign
        campaign.title = "心理健康普查"
        at = f"/campaigns/{campaign.public_id}/classes/{slip.cohort.public_id}"
        cohort_id, site_id = slip.cohort_id, slip.site_id
        db.session.commit()
        teacher = as_(Role.CLASS_TEACHER, cohort=db.session.get(Cohort, cohort_id))
        proctor = as_(Role.PROCTOR, site=db.session.get(Site, site_id))
    return at, teacher, proctor


def work(app: Flask) -> list[date]:
    with app.app_context():
        lay_out_reminders()
        return [reminder.on for reminder in db.session.query(ClassReminder)]


def notice(client: FlaskClient) -> bool:
    return "看名单和通知文字" in client.get("/campaigns").text


def test_reminder_is_laid_out_once_a_day_named(app: Flask, school, fixed_clock: Clock) -> None:
    planned = date(2026, 10, 27)
    assert work(app) == []

    with fixed_clock(NOW + timedelta(days=15)):
        assert (work(app), work(app)) == ([planned], [planned])
    with fixed_clock(NOW + timedelta(days=17)):
        assert work(app) == [planned]


def test_class_in_which_nobody_is_missing_is_left_alone(
    app: Flask, school, fixed_clock: Clock
) -> None:
    with app.app_context():
        begin_write()
        for slip in db.session.query(Invitation):
            service.note_finished(slip)
        db.session.commit()

    with fixed_clock(NOW + timedelta(days=15)):
        assert work(app) == []


def test_class_teacher_finds_the_notice_until_the_list_is_opened(
    app: Flask, school, fixed_clock: Clock, as_: Callable[..., FlaskClient]
) -> None:
    at, _, _ = school
    with fixed_clock(NOW + timedelta(days=15)):
        with app.app_context():
            cohort = db.session.query(Cohort).filter_by(public_id=at.rpartition("/")[2]).one()
            teacher = as_(Role.CLASS_TEACHER, cohort=cohort)
            proctor = as_(Role.PROCTOR, site=cohort.site)
        before = notice(teacher)
        work(app)
        assert (before, notice(teacher), notice(proctor)) == (False, True, False)

        proctor.get(f"{at}/missing")
        assert notice(teacher)
        teacher.get(f"{at}/missing")
        assert not notice(teacher)


def test_notice_and_words_for_the_class_name_nobody_and_nothing(
    app: Flask, school, fixed_clock: Clock
) -> None:
    at, teacher, _ = school
    with app.app_context():
        begin_write()
        db.session.query(Campaign).one().remind_on = date(2026, 10, 12)
        db.session.commit()
    work(app)
    desk = teacher.get("/campaigns").text
    shown = desk[desk.index("请再提醒") :].partition("</p>")[0]
    with app.test_request_context():
        words = group_words(db.session.query(Campaign).one())

    for text in (shown, words):
        assert not any(word in text for word in ("爱丽丝", "做完了的人", "心理", "健康", "1 位"))
    assert words in teacher.get(f"{at}/missing").text


def test_list_names_who_is_missing_and_nobody_else(school) -> None:
    at, teacher, proctor = school

    for client in (teacher, proctor):
        page = client.get(f"{at}/missing").text
        assert ("爱丽丝" in page, "做完了的人" in page) == (True, False)


def test_days_are_chosen_in_order_and_within_the_campaign(app: Flask, as_, school) -> None:
    at, *_ = school
    with app.app_context():
        admin = as_(Role.ADMINISTRATOR, site=db.session.query(Site).one())
    page = f"{at.partition('/classes')[0]}/reminder-days"

    saved = admin.post(page, data={"first": "2026-10-20", "again": "2026-10-15"})
    refused = admin.post(page, data={"first": "2026-11-20"})

    assert (saved.status_code, refused.status_code) == (302, 422)
    with app.app_context():
        campaign = db.session.query(Campaign).one()
        days = campaign.remind_on, campaign.remind_again_on
    assert days == (date(2026, 10, 15), date(2026, 10, 20))
    assert admin.get(page).status_code == 200


@pytest.mark.usefixtures("in_app", "fixed_clock")
def test_reminder_outside_the_campaign_is_refused() -> None:
    campaign = sittings.invited().campaign

    with pytest.raises(PlanError):
        service.set_reminder_days(
            actor=OPERATOR, campaign=campaign, first=date(2026, 9, 1), again=None
        )


def test_worker_lays_reminders_out_by_the_clock(app: Flask) -> None:
    assert jobs._periods["lay_out_reminders"] <= timedelta(hours=1)


@pytest.mark.usefixtures("in_app", "fixed_clock")
@pytest.mark.parametrize("locale", ["zh_Hans", "en"])
def test_paper_holds_long_names_of_people_and_places(app: Flask, locale: str) -> None:
    if not (state := available()):
        pytest.skip(state.reason)
    long = "望川县职业技术教育中心学校附属实验中学暨乡村青少年心理健康服务示范点"
    site = people.site(name=long, counselling_room="教学楼二楼东侧心理辅导室（请从操场侧门进入）")
    cohort = people.cohort(site, name="汽车运用与维修（中外合作）2601班")
    for n in range(60):
        people.student(cohort, name="Alexandrina Montgomery-Fitzgerald", position=n)
    campaign = campaigns.running(cohort, title=long * 3)
    for part in campaign.sites:
        part.first_responder.name = part.second_responder.name = "阿卜杜热合曼·买买提艾力·吐尔逊江"
    found = queries.missing(OPERATOR, campaign)

    with app.test_request_context():
        script = print_script(campaign, campaign.sites, locale=locale, printed_by="何志刚")
        catch_up = print_catch_up(campaign, found, locale=locale, printed_by="何志刚")

    with pikepdf.open(io.BytesIO(script)) as two, pikepdf.open(io.BytesIO(catch_up)) as more:
        assert (len(two.pages), len(more.pages) >= 3) == (2, True)
