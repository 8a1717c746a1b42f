"""An invented school with two open links and slips for a whole year, in an empty database."""

from dataclasses import dataclass
from datetime import timedelta

from app import create_app
from app.access.actor import OPERATOR
from app.authoring.service import publish_instruments
from app.campaigns.models import Battery, Campaign, Invitation
from app.campaigns.service import create_battery, create_open_link
from app.config import Settings
from app.instruments.loader import parse_instrument
from app.people.models import Site
from app.platform import clock
from app.platform.db import begin_write, db
from tests.factories import campaigns, people
from tests.factories.assessments import BIRTHDAY

ITEMS = range(1, 91)
#: Ninety items on one page with ten scales, the size of the symptom lists that schools know.
LONG = f"""\
code: long90
version: '1.0.0'
title: {{zh_Hans: 九十题, en: Ninety items}}
student_title: {{zh_Hans: 最近的感受, en: How you have been}}
languages: [zh_Hans, en]
ages: {{}}
licence: {{terms: public_domain, statement: Free for all., source: Made for this benchmark}}
citation: Nobody
translations:
  zh_Hans: {{status: unvalidated, source: Made for this benchmark}}
  en: {{status: original, source: Made for this benchmark}}
recall: {{zh_Hans: 最近两周, en: the last two weeks}}
instructions: {{zh_Hans: 请选择。, en: Choose.}}
option_sets:
  degree:
    - {{value: 0, label: {{zh_Hans: 没有, en: not at all}}}}
    - {{value: 1, label: {{zh_Hans: 有时, en: sometimes}}}}
    - {{value: 2, label: {{zh_Hans: 常常, en: often}}}}
    - {{value: 3, label: {{zh_Hans: 总是, en: always}}}}
items:
{
    chr(10).join(
        f"  - {{code: q{n}, text: {{zh_Hans: 第{n}种感受, en: feeling {n}}}, options: degree}}"
        for n in ITEMS
    )
}
scales:
{
    chr(10).join(
        f"  - {{code: s{n}, title: {{zh_Hans: 量表{n}, en: Scale {n}}}, method: sum,"
        f" items: [{', '.join(f'q{i}' for i in ITEMS if i % 10 == n)}],"
        " missing: {rule: refuse}, range: [0, 27], higher_is: worse}"
        for n in range(10)
    )
}
"""


@dataclass(frozen=True)
class School:
    """The doors by which students come in."""

    short: str
    long: str
    slips: list[str]
    birthday: str = f"{BIRTHDAY:%Y%m%d}"


def build(settings: Settings, *, students: int) -> School:
    """Fill the database: PHQ-9 for a year of students and for anybody, ninety items for anybody."""
    app = create_app(settings)
    with app.app_context():
        begin_write()
        db.session.rollback()
        db.create_all()
        begin_write()
        school = _fill(students)
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return school


def _fill(students: int) -> School:
    site = people.site()
    classes = [people.cohort(site, grade=10) for _ in range(-(-students // 45) or 1)]
    for n in range(students):
        people.student(classes[n // 45], birth_date=BIRTHDAY)
    short = _running(campaigns.battery("phq9"), *classes)
    long = _running(_long_battery(), people.cohort(site, grade=11))
    slips = db.session.query(Invitation).filter_by(campaign=short)
    return School(
        short=_link(short, site),
        long=_link(long, site),
        slips=[slip.token or "" for slip in slips],
    )


def _running(battery: Battery, *classes: object) -> Campaign:
    first = clock.today()
    last = first + timedelta(days=14)
    return campaigns.running(*classes, battery=battery, opens_on=first, closes_on=last)


def _link(campaign: Campaign, site: Site) -> str:
    return f"/o/{create_open_link(actor=OPERATOR, campaign=campaign, site=site).token}"


def _long_battery() -> Battery:
    publish_instruments(actor=OPERATOR, instruments=[parse_instrument(LONG, path="long90")])
    return create_battery(
        actor=OPERATOR,
        code="long90",
        title_zh="九十题",
        title_en="Ninety items",
        instrument_codes=("long90",),
    )
