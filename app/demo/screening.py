"""Two campaigns: one finished last term, one under way with an open link."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np
from sqlalchemy import select

from app.access.actor import OPERATOR
from app.assessments.domain import Mode
from app.assessments.service.held import take_in
from app.campaigns.models import Battery, Campaign, Invitation
from app.campaigns.service import (
    close_campaign,
    create_battery,
    create_campaign,
    create_open_link,
    open_campaign,
)
from app.demo import answers, district
from app.demo.answers import Floats, Population
from app.demo.drills import rehearse
from app.demo.population import District
from app.demo.sittings import Sheet, sit
from app.people.models import Cohort
from app.platform import clock
from app.platform.db import db

BATTERY = ("phq9", "gad7", "who5")
FIRST_GRADES = (7, 10)
FRIDAY = 4
SESSION_HOURS = (time(8, 20), time(9, 15), time(10, 20), time(14, 10), time(15, 5))
#: Of thirty classes the first have answered, the next are half-way, the others wait.
CLASSES_DONE, CLASSES_PARTIAL = 12, 4
ANSWERED, ANSWERED_IN_PARTIAL, LEFT_OPEN = 0.97, 0.6, 0.1
#: Which class carries as much as the undergraduates do.
STRAINED = 10
VISITORS = 15
LESSON = timedelta(minutes=20)
LOCALE = "zh_Hans"


@dataclass(frozen=True)
class Term:
    """What a campaign is called and when it runs."""

    code: str
    title: str
    opens_on: date
    closes_on: date


@dataclass(frozen=True)
class Lesson:
    """One class in the computer room: `share` comes to the end, some of the others half-way."""

    cohort: Cohort
    begins_at: datetime
    population: Population
    share: float = ANSWERED


@dataclass
class Screening:
    """Runs the campaigns of one district; `factors` holds the strain of each student."""

    district: District
    random: np.random.Generator
    today: date

    def __post_init__(self) -> None:
        self.ordinary, self.strained = answers.ordinary(), answers.strained()
        strain = self.random.standard_normal(len(self.district.students))
        ids = [student.id for student in self.district.students]
        self.factors = dict(zip(ids, strain, strict=True))

    def last_term(self, battery: Battery) -> Campaign:
        """Everybody but the first-years answered within some days; then it was closed."""
        first_day, code, title = last_term(self.today)
        cohorts = [each for each in self.district.cohorts if each.grade not in FIRST_GRADES]
        days = school_days(first_day, days_for(len(cohorts)))
        campaign = self._opened(battery, cohorts, Term(code, title, days[0], days[-1]))
        for cohort, begins_at in zip(cohorts, hours(days), strict=False):
            self._hold(campaign, Lesson(cohort, begins_at, self.ordinary))
        with clock.frozen(at(days[-1], time(18, 0))):
            close_campaign(actor=OPERATOR, campaign=campaign)
        self._move_on()
        return campaign

    def this_term(self, battery: Battery) -> Campaign:
        """Under way: some classes have answered, one of them carries a lot, some are half-way."""
        days = school_days_before(self.today, days_for(CLASSES_DONE + CLASSES_PARTIAL))
        term = Term(*term_of(self.today), days[0], self.today + timedelta(days=14))
        campaign = self._opened(battery, self.district.cohorts, term)
        for lesson in self._lessons(days):
            self._hold(campaign, lesson)
        return campaign

    def _lessons(self, days: Sequence[date]) -> Iterator[Lesson]:
        """The class that carries a lot comes last: its flags are waiting when the demo begins."""
        cohorts = spread(self.district.cohorts)
        strained = cohorts.pop(STRAINED)
        slots = hours(days)
        for cohort in cohorts[: CLASSES_DONE - 1]:
            yield Lesson(cohort, next(slots), self.ordinary)
        for cohort in cohorts[CLASSES_DONE - 1 :][:CLASSES_PARTIAL]:
            yield Lesson(cohort, next(slots), self.ordinary, ANSWERED_IN_PARTIAL)
        yield Lesson(strained, next(slots), self.strained)

    def _opened(self, battery: Battery, cohorts: Sequence[Cohort], term: Term) -> Campaign:
        users, sites = self.district.users, self.district.sites
        rehearse(self.district, term.opens_on)
        with clock.frozen(at(term.opens_on - timedelta(days=3), time(16, 0))):
            campaign = create_campaign(
                actor=OPERATOR,
                code=term.code,
                title=term.title,
                battery=battery,
                cohorts=cohorts,
                responders={
                    sites[school].id: (users[login].id, users[district.LEAD].id)
                    for school, login in district.DAY_DUTY.items()
                },
                opens_on=term.opens_on,
                closes_on=term.closes_on,
            )
            open_campaign(actor=OPERATOR, campaign=campaign)
        return campaign

    def _hold(self, campaign: Campaign, lesson: Lesson) -> None:
        query = (
            select(Invitation)
            .where(Invitation.campaign_id == campaign.id, Invitation.cohort_id == lesson.cohort.id)
            .order_by(Invitation.id)
        )
        doors = db.session.scalars(query).all()
        factor = np.array([self.factors[door.student_id] for door in doors])
        random = self.random.spawn(1)[0]  # a class answers the same whatever other classes do
        dice = random.random(len(doors))
        begun = dice < lesson.share + LEFT_OPEN * (1 - lesson.share)
        sheets = _sheets(lesson.population, factor, random)
        held = [
            sit(
                sheet,
                door,
                begins_at=lesson.begins_at,
                random=random,
                finished=bool(number < lesson.share),
            )
            for door, sheet, number, came in zip(doors, sheets, dice, begun, strict=True)
            if came
        ]
        with clock.frozen(lesson.begins_at + LESSON):
            take_in(campaign=campaign, sittings=held, mode=Mode.COMPUTER_ROOM, locale=LOCALE)

    def visitors(self, campaign: Campaign) -> None:
        """Anonymous visits through the open link within the last hour."""
        begins_at = clock.now() - timedelta(hours=1)
        watching = self.district.sites["senior"]
        with clock.frozen(at(campaign.opens_on, time(7, 30))):
            link = create_open_link(actor=OPERATOR, campaign=campaign, site=watching)
        strain = self.random.standard_normal(VISITORS)
        sheets = _sheets(self.ordinary, strain, self.random)
        held = [
            sit(sheet, link, begins_at=begins_at, random=self.random, finished=True)
            for sheet in sheets
        ]
        with clock.frozen(begins_at + LESSON):
            take_in(campaign=campaign, sittings=held, mode=Mode.PHONE, locale=LOCALE)

    def _move_on(self) -> None:
        """Half a year passes for everybody."""
        strain = answers.later(np.array(list(self.factors.values())), self.random)
        self.factors = dict(zip(self.factors, strain, strict=True))


def _sheets(population: Population, factor: Floats, random: np.random.Generator) -> list[Sheet]:
    given = answers.simulate(population, factor, random)
    return [
        Sheet({code: table[n] for code, table in given.items()}, strain)
        for n, strain in enumerate(factor)
    ]


def annual_battery() -> Battery:
    """The battery of both campaigns."""
    return create_battery(
        actor=OPERATOR,
        code="annual",
        title_zh="年度心理健康测评",
        title_en="Annual mental-health screening",
        instrument_codes=BATTERY,
    )


def term_of(today: date) -> tuple[str, str]:
    """Code and title of the running campaign."""
    if _is_autumn(today):
        return _words(district.school_year(today), "autumn")
    return _words(today.year, "spring")


def last_term(today: date) -> tuple[date, str, str]:
    """First day, code and title of the campaign in the term before."""
    if _is_autumn(today):
        year = district.school_year(today)
        return date(year, 4, 13), *_words(year, "spring")
    return date(today.year - 1, 10, 12), *_words(today.year - 1, "autumn")


def days_for(classes: int) -> int:
    """School days that the computer room needs for so many classes."""
    return -(-classes // len(SESSION_HOURS))


def school_days(first: date, count: int) -> list[date]:
    """`count` weekdays from `first` on."""
    days = (first + timedelta(days=n) for n in range(2 * count + 4))
    return [day for day in days if day.weekday() <= FRIDAY][:count]


def school_days_before(day: date, count: int) -> list[date]:
    """The last `count` weekdays before `day`, in order."""
    days = (day - timedelta(days=n) for n in range(1, 2 * count + 4))
    return sorted(day for day in list(days) if day.weekday() <= FRIDAY)[-count:]


def hours(days: Sequence[date]) -> Iterator[datetime]:
    """The hours in the computer room, day by day."""
    return (at(day, hour) for day in days for hour in SESSION_HOURS)


def spread(cohorts: Sequence[Cohort]) -> list[Cohort]:
    """The classes so that every school has some among the first."""
    by_site: dict[int, list[Cohort]] = {}
    for cohort in cohorts:
        by_site.setdefault(cohort.site_id, []).append(cohort)
    order = {
        cohort.id: (n / len(own), cohort.id)
        for own in by_site.values()
        for n, cohort in enumerate(own)
    }
    return sorted(cohorts, key=lambda cohort: order[cohort.id])


def at(day: date, hour: time) -> datetime:
    """That hour on the wall."""
    return datetime.combine(day, hour, clock.zone())


def _is_autumn(day: date) -> bool:
    """The autumn term ends with January."""
    return day.month >= district.SCHOOL_YEAR_STARTS_IN or day.month == 1


def _words(year: int, term: str) -> tuple[str, str]:
    word = {"spring": "春季", "autumn": "秋季"}[term]
    return f"{year}-{term}", f"{year}年{word}学期心理健康测评"
