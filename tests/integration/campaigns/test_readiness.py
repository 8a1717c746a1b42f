"""The launch gate: nobody is asked while a call for help could go unanswered (P16)."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.access.actor import OPERATOR
from app.access.permissions import Role
from app.campaigns import service
from app.campaigns.domain import (
    CampaignState,
    LaunchAsked,
    NotReadyError,
    Obstacle,
    ObstacleKind,
)
from app.campaigns.words import obstacle_words
from app.instruments.loader import parse_instrument
from app.people.domain import DayKind
from app.people.models import CalendarDay, DutyShift, User
from app.platform import clock, events
from app.platform.db import begin_write, db
from tests.factories import authoring, campaigns, people

pytestmark = pytest.mark.usefixtures("in_app", "fixed_clock")

SHANGHAI = ZoneInfo("Asia/Shanghai")
#: Monday to Friday; the clock stands on Monday at ten.
FIRST, LAST = date(2026, 10, 12), date(2026, 10, 16)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), SHANGHAI)


def planned(**site):
    """A campaign of one school week, and its school, with nobody on duty yet."""
    cohort = people.cohort(people.site(name="第一中学", **site))
    people.student(cohort)
    campaign = campaigns.draft(cohort, opens_on=FIRST, closes_on=LAST)
    db.session.query(DutyShift).delete()
    return campaign, cohort.site


def on_duty(site, starts_at, ends_at, **chosen):
    user = db.session.query(User).filter_by(active=True).first()
    people.on_duty(site, user, starts_at=starts_at, ends_at=ends_at, **chosen)


def mark(site, day, kind):
    db.session.add(CalendarDay(site_id=site.id, on=day, kind=kind))
    db.session.flush()


def kinds(campaign):
    return [obstacle.kind for obstacle in service.obstacles(campaign)]


def gap(campaign):
    return next(found.gap for found in service.obstacles(campaign) if found.gap)


def covered(**site):
    campaign, school = planned(**site)
    people.on_duty(school, db.session.query(User).first())
    return campaign


def asking(*codes):
    """The same, with a battery of these instruments."""
    campaign = covered()
    campaign.battery = campaigns.battery(*codes)
    return campaign


def test_campaign_opens_when_everything_is_there():
    campaign = covered()

    service.open_campaign(actor=OPERATOR, campaign=campaign)

    assert campaign.state is CampaignState.OPEN


@pytest.mark.parametrize(
    ("missing", "obstacle"),
    [
        ("duty_phone", ObstacleKind.NO_DUTY_PHONE),
        ("hospital_name", ObstacleKind.NO_HOSPITAL),
        ("hospital_phone", ObstacleKind.NO_HOSPITAL),
        ("guardian_rule", ObstacleKind.NO_GUARDIAN_RULE),
    ],
)
def test_campaign_does_not_open_without_what_an_emergency_needs(missing, obstacle):
    campaign = covered(**{missing: None})

    with pytest.raises(NotReadyError) as refusal:
        service.open_campaign(actor=OPERATOR, campaign=campaign)

    assert refusal.value.obstacles == [Obstacle(obstacle, "第一中学")]
    assert campaign.state is CampaignState.DRAFT


def test_two_different_people_must_be_named():
    campaign = covered()
    part = campaign.sites[0]
    found = []

    part.second_responder_id, part.second_responder = part.first_responder_id, part.first_responder
    found += kinds(campaign)
    part.second_responder_id = part.second_responder = None
    found += kinds(campaign)
    part.first_responder_id = part.first_responder = None
    found += kinds(campaign)

    assert found == [
        ObstacleKind.NO_SECOND_RESPONDER,
        ObstacleKind.NO_SECOND_RESPONDER,
        ObstacleKind.NO_RESPONDER,
    ]


@pytest.mark.parametrize("which", ["first_responder", "second_responder"])
def test_named_people_must_still_be_there(which):
    campaign, school = planned()
    people.on_duty(school, people.user(Role.CRISIS_LEAD, school.id))
    getattr(campaign.sites[0], which).active = False

    assert kinds(campaign) == [ObstacleKind.RESPONDER_LEFT]


def test_named_person_of_another_school_cannot_answer():
    campaign = covered()
    stranger = people.user(Role.COUNSELLOR, people.site().id)
    campaign.sites[0].second_responder, campaign.sites[0].second_responder_id = (
        stranger,
        stranger.id,
    )

    assert kinds(campaign) == [ObstacleKind.RESPONDER_LEFT]


def test_gap_is_named_with_its_beginning_and_the_total_from_now_on():
    """Open hours are 8:00 to 17:30; on Monday it is ten already."""
    campaign, site = planned()
    on_duty(site, at(FIRST, 0), at(FIRST, 17))
    on_duty(site, at(date(2026, 10, 13), 9), at(LAST, 18))

    found = gap(campaign)

    assert (found.starts_at, found.ends_at) == (at(FIRST, 17), at(FIRST, 17, 30))
    assert found.total == timedelta(hours=1, minutes=30)


def test_words_say_where_the_first_gap_is_and_how_long_all_are(app):
    campaign, site = planned()
    on_duty(site, at(FIRST, 0), at(LAST, 17))

    with app.test_request_context("/?lang=en"):
        words = obstacle_words(service.obstacles(campaign)[0])

    assert "17:30" in words
    assert "0 h 30 min" in words


def test_nights_and_weekends_need_nobody_while_students_answer_at_school():
    campaign, site = planned()
    campaign.closes_on = date(2026, 10, 18)
    for n in range(5):
        day = FIRST + timedelta(days=n)
        on_duty(site, at(day, 8), at(day, 17, 30))

    assert kinds(campaign) == []


@pytest.mark.parametrize(
    ("day", "kind", "needed"),
    [
        (date(2026, 10, 14), DayKind.HOLIDAY, False),
        (date(2026, 10, 14), DayKind.EXAM, True),
        (date(2026, 10, 14), None, True),
        (date(2026, 10, 17), DayKind.MAKE_UP, True),
        (date(2026, 10, 17), None, False),
    ],
    ids=["holiday", "exam", "Wednesday", "make-up Saturday", "Saturday"],
)
def test_school_calendar_decides_on_which_days_somebody_must_be_there(day, kind, needed):
    campaign, site = planned()
    campaign.closes_on = date(2026, 10, 18)
    if kind:
        mark(site, day, kind)
    on_duty(site, at(FIRST, 0), at(day, 0))
    on_duty(site, at(day + timedelta(days=1), 0), at(date(2026, 10, 20), 0))

    assert (kinds(campaign) == [ObstacleKind.DUTY_GAP]) is needed


def test_shift_of_a_closed_account_or_another_school_covers_nothing():
    campaign, _ = planned()
    elsewhere = people.site()
    people.on_duty(elsewhere, people.user(Role.COUNSELLOR, elsewhere.id))
    gone = people.user(Role.COUNSELLOR, campaign.sites[0].site_id, active=False)
    people.on_duty(campaign.sites[0].site, gone)

    assert kinds(campaign) == [ObstacleKind.DUTY_GAP]


def test_open_link_needs_somebody_at_night_too():
    campaign, site = planned()
    on_duty(site, at(FIRST, 0), at(LAST, 18))
    service.open_campaign(actor=OPERATOR, campaign=campaign)

    with pytest.raises(NotReadyError) as refusal:
        service.create_open_link(actor=OPERATOR, campaign=campaign, site=site)
    on_duty(site, at(LAST, 18), at(LAST + timedelta(days=1), 0))
    service.create_open_link(actor=OPERATOR, campaign=campaign, site=site)

    assert refusal.value.obstacles[0].gap.starts_at == at(LAST, 18)


def test_rooms_downstream_can_object(monkeypatch):
    campaign = covered()
    own = Obstacle(ObstacleKind.OTHER, sentence="演练过期", address="/drills")
    monkeypatch.setattr(events, "_handlers", {LaunchAsked: [lambda _asked: [own]]})

    with pytest.raises(NotReadyError) as refusal:
        service.open_campaign(actor=OPERATOR, campaign=campaign)

    assert refusal.value.obstacles == [own]
    assert obstacle_words(own) == "演练过期"


def test_a_suicide_tool_in_our_own_words_waits_for_a_signature():
    campaign = asking("asq", "who5")

    found = service.obstacles(campaign)

    assert [obstacle.kind for obstacle in found] == [ObstacleKind.UNSIGNED_WORDING]
    assert "ASQ" in obstacle_words(found[0])


def test_the_demo_may_show_it():
    campaign = asking("asq")
    people.user(Role.COUNSELLOR, campaign.sites[0].site_id, is_demo=True)

    assert service.obstacles(campaign) == []


def test_a_clinicians_name_in_the_file_lifts_it():
    signed = authoring.read("asq").source.instrument.replace(
        "status: unvalidated\n", "status: unvalidated\n    signed_by: 李医生, 2026-10-01\n"
    )

    assert authoring.read("asq").awaits_signature
    assert not parse_instrument(signed).awaits_signature


MINUTES = 5 * 24 * 60
shifts = st.lists(st.tuples(st.integers(-600, MINUTES), st.integers(1, 2 * 24 * 60)), max_size=6)
calendars = st.dictionaries(
    st.integers(0, 4).map(lambda n: FIRST + timedelta(days=n)),
    st.sampled_from([DayKind.HOLIDAY, DayKind.EXAM]),
    max_size=2,
)
hours = st.tuples(st.integers(6, 9), st.integers(16, 22))


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(shifts=shifts, calendar=calendars, hours=hours)
def test_campaign_opens_exactly_when_no_minute_of_its_open_hours_is_uncovered(
    app, shifts, calendar, hours
):
    """Random rosters against an oracle that looks at every minute by itself."""
    db.session.rollback()
    begin_write()
    opens, closes = time(hours[0]), time(hours[1])
    campaign, site = planned(opens_at=opens, closes_at=closes)
    for day, kind in calendar.items():
        mark(site, day, kind)
    dawn = at(FIRST, 0)
    spans = [(dawn + timedelta(minutes=m), dawn + timedelta(minutes=m + n)) for m, n in shifts]
    for starts_at, ends_at in spans:
        on_duty(site, starts_at, ends_at)

    minutes = (dawn + timedelta(minutes=m) for m in range(MINUTES))
    uncovered = sum(
        opens <= minute.time() < closes
        and calendar.get(minute.date()) is not DayKind.HOLIDAY
        and minute >= clock.now().astimezone(UTC)
        and not any(start <= minute < end for start, end in spans)
        for minute in minutes
    )

    found = [obstacle.gap.total for obstacle in service.obstacles(campaign)]
    assert found == ([timedelta(minutes=uncovered)] if uncovered else [])
