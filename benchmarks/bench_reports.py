"""How long a group report takes over a million administrations, and whether it says the same.

    python -m benchmarks.bench_reports [--schools N] [--campaigns N] [-o OUT.json]

An invented county: each school has twenty classes of 34, each campaign asks PHQ-9, GAD-7 and WHO-5
of everybody, so 50 schools and 10 campaigns are 1,020,000 administrations. They are put into a
scratch SQLite file as scored rows (the last campaign with its answers to every item too), the
campaigns are counted as the worker does when they close, and then measured are the pages as the
browser gets them, the first time and again. In the end every count is held against a recount: of
all campaigns by the product's own query, of the last one by a walk over what was put in.
"""

import argparse
import json
import os
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import numpy as np
from flask.testing import FlaskClient
from sqlalchemy import select

from app import create_app
from app.access.actor import OPERATOR, SYSTEM
from app.access.permissions import Role
from app.authoring.queries import current_version, instrument_of
from app.authoring.service import publish_library
from app.campaigns.domain import CampaignState
from app.campaigns.models import Battery, BatteryPart, Campaign, CampaignCohort, CampaignSite
from app.config import ROOT, Settings
from app.people.models import Cohort, Site
from app.platform.crypto import Keyring
from app.platform.db import Base, begin_write, db
from app.results.queries import versions_of
from app.statistics.models import CampaignCount, ItemCount, ScaleCount
from app.statistics.service.counting import count_school, counts_of
from tests.factories import people

CODES = ("phq9", "gad7", "who5")
CLASSES, PUPILS = 20, 34
COUNTIES = 5
TABLES = (CampaignCount, ScaleCount, ItemCount)
START = datetime(2020, 9, 1, tzinfo=UTC)
LIMIT_SECONDS = 2.0


@dataclass(frozen=True)
class County:
    """Ids of what was put in."""

    campaigns: list[int]
    sites: list[int]
    #: By class: its school and its students, with their sexes.
    cohorts: list[tuple[int, int, list[tuple[int, str]]]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--schools", type=int, default=50)
    parser.add_argument("--campaigns", type=int, default=10)
    parser.add_argument("-o", "--output", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        found = run(Path(folder), asked.schools, asked.campaigns)
    text = json.dumps(found, indent=2)
    print(text)
    if asked.output:
        asked.output.write_text(text + "\n", encoding="utf-8")
    slowest = max(value for name, value in found.items() if name.endswith("_cpu_s"))
    sys.exit(not found["equal"] or slowest > LIMIT_SECONDS)


def run(folder: Path, schools: int, campaigns: int) -> dict[str, Any]:
    Keyring.create(folder / "keyring.json")
    app = create_app(Settings(data_dir=folder, keyring_file=folder / "keyring.json"), TESTING=True)
    with app.app_context():
        begin_write()
        db.session.rollback()
        db.create_all()
        begin_write()
        county = settle(schools, campaigns)
        ticket = people.logged_in(role=Role.PROGRAMME_OFFICER, site_id=None, cohort_id=None)
        db.session.commit()
        filled, seconds_filling = timed(lambda: fill(folder / "xinqiao.db", county))
        rows, expected = filled
        counting = [
            timed(lambda one=one, site=site: count(one, site))[1]
            for one in county.campaigns
            for site in county.sites
        ]
        last = db.session.get_one(Campaign, county.campaigns[-1])
        whole = f"/reports/{last.public_id}"
        school = f"{whole}/schools/{db.session.get_one(Site, county.sites[0]).code}"
        db.session.rollback()
    client = app.test_client()
    with client.session_transaction() as session:
        session["ticket"] = ticket
    pages = {
        "first_whole_page": page(client, whole),
        "whole_page": min(page(client, whole) for _ in range(3)),
        "school_page": min(page(client, school) for _ in range(3)),
    }
    with app.app_context():
        is_equal, seconds_recounting = timed(lambda: equal(county, expected))
        db.session.remove()
        db.engine.dispose()
    return {
        "administrations": rows,
        "classes": len(county.cohorts),
        "filling_s": round(seconds_filling, 1),
        "counting_a_school_s": round(max(counting), 2),
        **{f"{name}_s": round(wall, 2) for name, (wall, _cpu) in pages.items()},
        **{f"{name}_cpu_s": round(cpu, 2) for name, (_wall, cpu) in pages.items()},
        "load": os.getloadavg()[0],
        "recounting_s": round(seconds_recounting, 1),
        "equal": is_equal,
    }


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    start = perf_counter()
    return work(), perf_counter() - start


def page(client: FlaskClient, address: str) -> tuple[float, float]:
    """Seconds on the clock and of the processor: on a shared machine they are far apart."""
    begun = process_time()
    answer, seconds = timed(lambda: client.get(address))
    assert answer.status_code == 200, answer.status_code
    return float(seconds), process_time() - begun


def settle(schools: int, campaigns: int) -> County:
    """Schools, classes, students and campaigns, as rows of their own."""
    publish_library(actor=OPERATOR, folder=ROOT / "instruments")
    sites = [people.site(district=f"县{n % COUNTIES}") for n in range(schools)]
    made = [
        people.cohort(site, name=f"{n}班", grade=7 + n % 3)
        for site in sites
        for n in range(CLASSES)
    ]
    db.session.flush()
    battery = Battery(code="annual", title_zh="测评组合", title_en="Battery")
    battery.parts = [
        BatteryPart(position=n, instrument_version=current_version(code))
        for n, code in enumerate(CODES)
    ]
    terms = [_term(n, battery, sites, made) for n in range(campaigns)]
    db.session.add_all(terms)
    db.session.flush()
    names = iter(range(1, 1 + len(made) * PUPILS))
    cohorts = [
        (one.id, one.site_id, [(next(names), ("female", "male")[n % 2]) for n in range(PUPILS)])
        for one in made
    ]
    return County([one.id for one in terms], [one.id for one in sites], cohorts)


def _term(number: int, battery: Battery, sites: Sequence[Site], cohorts: Sequence[Cohort]):
    opens_on = date(2020, 9, 1) + timedelta(days=180 * number)
    return Campaign(
        code=f"term{number}",
        title=f"第{number}次测评",
        state=CampaignState.CLOSED,
        battery=battery,
        opens_on=opens_on,
        closes_on=opens_on + timedelta(days=14),
        notice_zh="告知",
        notice_en="Notice",
        assent_zh="同意",
        assent_en="Assent",
        created_at=START,
        sites=[CampaignSite(site_id=site.id) for site in sites],
        cohorts=[CampaignCohort(site_id=one.site_id, cohort_id=one.id) for one in cohorts],
    )


def fill(path: Path, county: County) -> tuple[int, dict[type, Counter]]:
    """Put in what was answered, past the services; and what a recount of the last must say."""
    random = np.random.default_rng(1)
    versions = versions_of(county.campaigns[0])
    scales = [
        (code, versions[code].id, scale, _banding(scale), instrument_of(versions[code]))
        for code in CODES
        for scale in instrument_of(versions[code]).scales
        if scale.bands
    ]
    db.session.rollback()
    expected: dict[type, Counter] = {ScaleCount: Counter(), ItemCount: Counter()}
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA foreign_keys = OFF")
    put = _Putter(connection)
    put("students", _students(county))
    sitting = administration = 0
    for campaign in county.campaigns:
        is_last = campaign == county.campaigns[-1]
        for cohort, site, pupils in county.cohorts:
            rows: dict[str, list[dict[str, Any]]] = {
                name: [] for name in ("assessments", "administrations", "scale_scores", "responses")
            }
            for student, sex in pupils:
                sitting += 1
                rows["assessments"].append(_sitting(sitting, campaign, site, cohort, student))
                for code, version, scale, banding, instrument in scales:
                    administration += 1
                    score = float(random.integers(len(banding)))
                    band = banding[int(score)]
                    rows["administrations"].append(
                        _administration(
                            administration, campaign, site, sitting, student, code, version
                        )
                    )
                    rows["scale_scores"].append(
                        _score(campaign, site, administration, scale.code, score, band)
                    )
                    if is_last:
                        key = (site, cohort, sex, code, scale.code, band)
                        expected[ScaleCount][(*key, "n")] += 1
                        expected[ScaleCount][(*key, "total")] += score
                        expected[ScaleCount][(*key, "squares")] += score * score
                        for item in instrument.items:
                            value = float(random.integers(4))
                            rows["responses"].append(
                                _response(campaign, site, sitting, code, item.code, value)
                            )
                            expected[ItemCount][site, code, item.code, value] += 1
            for table, found in rows.items():
                put(table, found)
    connection.commit()
    connection.execute("ANALYZE")
    connection.close()
    return administration, expected


class _Putter:
    """Inserts many rows of one shape with one statement."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def __call__(self, table: str, rows: Sequence[dict[str, Any]]) -> None:
        if not rows:
            return
        names = list(rows[0])
        assert not {
            column.name
            for column in Base.metadata.tables[table].columns
            if not column.nullable and column.server_default is None and column.name != "id"
        } - set(names), table
        marks = ", ".join(f":{name}" for name in names)
        self.connection.executemany(
            f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", rows
        )


def _banding(scale: Any) -> list[str]:
    """The band of each whole score."""
    low, high = (int(end) for end in scale.range)
    bands = scale.bands[0].bands
    found = []
    for score in range(low, high + 1):
        below = [band for band in bands if band.start is None or band.start <= score]
        found.append(below[-1].code)
    return found


def _students(county: County) -> list[dict[str, Any]]:
    return [
        {
            "id": student,
            "public_id": f"student{student}",
            "site_id": site,
            "cohort_id": cohort,
            "position": 0,
            "sex": sex,
            "name_sealed": b"",
            "student_no_sealed": b"",
            "student_no_index": student.to_bytes(16),
            "created_at": "2020-09-01 00:00:00.000000",
            "is_synthetic": False,
        }
        for cohort, site, pupils in county.cohorts
        for student, sex in pupils
    ]


def _sitting(number: int, campaign: int, site: int, cohort: int, student: int) -> dict[str, Any]:
    return {
        "id": number,
        "public_id": f"sitting{number}",
        "campaign_id": campaign,
        "site_id": site,
        "cohort_id": cohort,
        "student_id": student,
        "state": "submitted",
        "neutral": False,
        "mode": "phone",
        "locale": "zh_Hans",
        "started_at": "2020-09-01 00:00:00.000000",
        "finished_at": "2020-09-02 00:00:00.000000",
        "is_waiting": False,
    }


def _administration(
    number: int, campaign: int, site: int, sitting: int, student: int, code: str, version: int
) -> dict[str, Any]:
    return {
        "id": number,
        "public_id": f"administration{number}",
        "campaign_id": campaign,
        "site_id": site,
        "assessment_id": sitting,
        "student_id": student,
        "instrument_version_id": version,
        "instrument_code": code,
        "revision": 1,
        "engine_version": "1",
        "quality": "{}",
        "scored_at": "2020-09-02 00:00:00.000000",
    }


def _score(
    campaign: int, site: int, administration: int, scale: str, score: float, band: str
) -> dict[str, Any]:
    return {
        "campaign_id": campaign,
        "site_id": site,
        "administration_id": administration,
        "scale": scale,
        "score": score,
        "raw": score,
        "answered": 9,
        "prorated": False,
        "band": band,
    }


def _response(
    campaign: int, site: int, sitting: int, code: str, item: str, value: float
) -> dict[str, Any]:
    return {
        "public_id": f"{sitting}.{code}.{item}",
        "campaign_id": campaign,
        "site_id": site,
        "assessment_id": sitting,
        "instrument_code": code,
        "item_code": item,
        "value": value,
        "refused": False,
        "seq": 0,
        "mode": "phone",
        "received_at": "2020-09-01 12:00:00.000000",
    }


def count(campaign_id: int, site_id: int) -> None:
    """As the worker does after a campaign has closed."""
    begin_write()
    campaign = db.session.get_one(Campaign, campaign_id)
    count_school(actor=SYSTEM, campaign=campaign, site_id=site_id)
    db.session.commit()


def equal(county: County, expected: dict[type, Counter]) -> bool:
    """Whether what is kept is what is there, cell by cell."""
    for campaign in county.campaigns:
        for site in county.sites:
            again = counts_of(campaign, site)
            for table in TABLES:
                stored = _kept(table, campaign, site)
                if stored != Counter(_cell(table, row) for row in again[table]):
                    return False
    last = county.campaigns[-1]
    walked: dict[type, Counter] = {ScaleCount: Counter(), ItemCount: Counter()}
    for row in db.session.scalars(select(ScaleCount).where(ScaleCount.campaign_id == last)):
        key = (
            row.site_id,
            row.cohort_id,
            row.sex.value,
            row.instrument_code,
            row.scale,
            row.band,
        )
        for name in ("n", "total", "squares"):
            walked[ScaleCount][(*key, name)] += getattr(row, name)
    for row in db.session.scalars(select(ItemCount).where(ItemCount.campaign_id == last)):
        walked[ItemCount][row.site_id, row.instrument_code, row.item_code, row.value] += row.n
    return walked == expected


def _kept(table: type, campaign: int, site: int) -> Counter:
    query = select(table).where(table.campaign_id == campaign, table.site_id == site)
    return Counter(_cell(table, vars(row)) for row in db.session.scalars(query))


def _cell(table: type, row: dict[str, Any]) -> tuple[Any, ...]:
    names = [one.name for one in table.__table__.columns if one.name not in {"id", "counted_at"}]
    return tuple(row[name] for name in names)


if __name__ == "__main__":
    main()
