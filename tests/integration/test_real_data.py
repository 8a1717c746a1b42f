"""Answers that real people gave go through the product untouched, from the file to the PDF.

The files stand beside the project (or where XINQIAO_REAL_DATA says) and are never copied into it.
"""

import csv
import json
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import func, select

from app.access.actor import OPERATOR
from app.campaigns.service import create_campaign, open_campaign
from app.cli import main
from app.config import ROOT
from app.people.models import Cohort
from app.platform import clock
from app.platform.db import begin_write, db
from app.platform.pdf import available
from app.results.models import Administration, Flag, ScaleScore
from tests.factories import alarms, campaigns, people

REAL_DATA = Path(os.environ.get("XINQIAO_REAL_DATA", ROOT.parent / "shared" / "data"))
NHANES = REAL_DATA / "nhanes_phq9" / "nhanes_2017_phq9.csv"
UKM = REAL_DATA / "ukm_students" / "ukm_students.csv"

pytestmark = pytest.mark.skipif(
    not (NHANES.is_file() and UKM.is_file()),
    reason=f"the real data sets are not at {REAL_DATA}; XINQIAO_REAL_DATA names their folder",
)

NHANES_MAP = """\
id: SEQN
sex: RIAGENDR
age: RIDAGEYR
items: {q1: DPQ010, q2: DPQ020, q3: DPQ030, q4: DPQ040, q5: DPQ050,
  q6: DPQ060, q7: DPQ070, q8: DPQ080, q9: DPQ090}
missing: [9]
refused: [7]
ignore_other_columns: true
"""
UKM_ITEMS = {f"phq9.q{n}": f"D{n}" for n in range(1, 10)} | {
    f"gad7.q{n}": f"A{n}" for n in range(1, 8)
}
UKM_MAP = json.dumps({"id": {"row": "UKM{n:04}"}, "items": UKM_ITEMS, "ignore_other_columns": True})
UKM_PHQ9_MAP = json.dumps(
    {
        "id": {"row": "UKM{n:04}"},
        "items": {f"q{n}": f"D{n}" for n in range(1, 10)},
        "ignore_other_columns": True,
    }
)

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask, command_line: None) -> Run:
    """The command line on this test's own installation."""
    return lambda *words: CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], Path]:
    def write(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def records(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [row for row in csv.DictReader(file) if any(row.values())]


def test_score_takes_nhanes_with_its_own_columns_and_codes(run, write, tmp_path) -> None:
    out = tmp_path / "scores.csv"

    result = run("score", "phq9", NHANES, "--map", write("map.yaml", NHANES_MAP), "-o", out)

    assert (result.exit_code, result.stderr) == (0, "")
    people_asked, scored = records(NHANES), records(out)
    assert len(scored) == len(people_asked) == 5533
    by_id = {row["id"]: row for row in scored}
    for person in people_asked:
        values = [person[f"DPQ0{n}0"] for n in range(1, 10)]
        row = by_id[person["SEQN"]]
        if all(value in {"0", "1", "2", "3"} for value in values):
            assert float(row["total.score"]) == sum(map(int, values))
        is_critical = values[8] in {"1", "2", "3", "7"}
        assert ("critical_q9" in row["flags"].split(";")) == is_critical


def test_score_takes_the_undergraduates_with_mark_and_blank_last_line(run, write, tmp_path) -> None:
    out = tmp_path / "scores.csv"

    result = run("score", "phq9", UKM, "--map", write("map.yaml", UKM_PHQ9_MAP), "-o", out)

    assert (result.exit_code, result.stderr) == (0, "")
    students, scored = records(UKM), records(out)
    assert [row["id"] for row in scored] == [f"UKM{n:04}" for n in range(1, 224)]
    assert [float(row["total.score"]) for row in scored] == [
        sum(int(student[f"D{n}"]) for n in range(1, 10)) for student in students
    ]


@pytest.fixture
def campaign(app: Flask, run: Run, write: Callable[[str, str], Path]) -> str:
    """The undergraduates are on the roster of a university and invited to PHQ-9 and GAD-7."""
    roster = ["student_no,name,class,grade"]
    roster += [f"UKM{n:04},Student {n},Class {n % 5 + 1},13" for n in range(1, 224)]
    with app.app_context():
        begin_write()
        site = people.site(code="ukm")
        responders = [people.user(people.Role.COUNSELLOR, site.id) for _ in range(2)]
        people.on_duty(site, *responders)
        alarms.ready(site, *responders)
        site_id, named = site.id, (responders[0].id, responders[1].id)
        db.session.commit()
    assert (
        run("roster", "import", write("roster.csv", "\n".join(roster)), "--site", "ukm").exit_code
        == 0
    )
    with app.app_context():
        begin_write()
        today = clock.today()
        campaign = create_campaign(
            actor=OPERATOR,
            code="ukm-2026",
            title="UKM",
            battery=campaigns.battery("phq9", "gad7"),
            cohorts=db.session.scalars(select(Cohort)).all(),
            responders={site_id: named},
            opens_on=today,
            closes_on=today + timedelta(days=7),
        )
        open_campaign(actor=OPERATOR, campaign=campaign)
        db.session.commit()
    return "ukm-2026"


def test_the_undergraduates_are_imported_scored_flagged_queued_and_printed(
    app: Flask, run: Run, write: Callable[[str, str], Path], campaign: str, tmp_path: Path
) -> None:
    students = records(UKM)
    column_map = write("map.yaml", UKM_MAP)

    result = run("responses", "import", UKM, "--campaign", campaign, "--map", column_map)

    assert (result.exit_code, result.output) == (
        0,
        "223 rows: 223 new, 0 changed, 0 unchanged, 0 without an answer.\nImported.\n",
    )
    expected = sorted(sum(int(row[f"D{n}"]) for n in range(1, 10)) for row in students)
    with app.app_context():
        totals = select(ScaleScore.score).join(ScaleScore.administration)
        phq9 = totals.where(Administration.instrument_code == "phq9", ScaleScore.scale == "total")
        critical = select(func.count()).where(Flag.code == "critical_q9")
        assert sorted(db.session.scalars(phq9)) == expected
        assert db.session.scalar(critical) == sum(row["D9"] != "0" for row in students) == 65

    waiting = json.loads(run("queue", "list", "--json").output)
    assert len(waiting) == len(_to_be_flagged(students))

    again = run("responses", "import", UKM, "--campaign", campaign, "--map", column_map)
    assert again.output == (
        "223 rows: 0 new, 0 changed, 223 unchanged, 0 without an answer.\nImported.\n"
    )

    with app.test_request_context():
        can_print = available()
    if can_print:
        out = tmp_path / "class.pdf"
        printed = run("profiles", "print", "--campaign", campaign, "--limit", 3, "-o", out)
        assert printed.exit_code == 0, printed.output
        with pikepdf.open(out) as pdf:
            assert f"3 students, {len(pdf.pages)} pages" in printed.output


def _to_be_flagged(students: list[dict[str, str]]) -> list[dict[str, str]]:
    """Who is at a cut-off of adults (10 on either instrument) or above 0 on item 9."""
    return [
        row
        for row in students
        if sum(int(row[f"D{n}"]) for n in range(1, 10)) >= 10
        or sum(int(row[f"A{n}"]) for n in range(1, 8)) >= 10
        or row["D9"] != "0"
    ]


def psychometrics(*words: object) -> dict:
    result = CliRunner().invoke(main, ["psychometrics", *map(str, words), "--json"])
    assert (result.exit_code, result.stderr) == (0, "")
    return json.loads(result.stdout)


def test_reliability_of_nhanes_is_what_others_have_published(write) -> None:
    """Alpha .83 to .86 in papers on PHQ-9 in NHANES, with other years and choices of people."""
    told = psychometrics("reliability", "phq9", NHANES, "--map", write("map.yaml", NHANES_MAP))

    total = told["scales"][0]
    assert (total["people"], total["complete"], total["refused_answers"]) == (5533, 5068, 23)
    assert 0.82 < total["alpha"]["low"] < total["alpha"]["high"] < 0.87
    assert all(item["item_rest_r"] > 0.3 for item in total["items"])


def test_validity_finds_the_undergraduates_who_ticked_one_column(write) -> None:
    """PSS-10 has reversed items: the same answer to all ten contradicts itself."""
    columns = {f"q{n}": f"S{n}" for n in range(1, 11)}
    rule = {"id": {"row": "UKM{n:04}"}, "items": columns, "ignore_other_columns": True}

    told = psychometrics("validity", "pss10", UKM, "--map", write("map.yaml", json.dumps(rule)))

    doubtful = {person["id"] for person in told["people"] if person["is_doubtful"]}
    straight = {person["id"] for person in told["people"] if person["longstring"] == 10}
    assert len(straight) == 12
    assert straight <= doubtful
    assert len(doubtful) < 25


def test_norms_of_nhanes_by_sex_differ_as_published(write) -> None:
    told = psychometrics(
        "norms", "build", "phq9", NHANES, "--map", write("map.yaml", NHANES_MAP), "--by", "sex"
    )

    men, women = told["scales"][0]["groups"]
    assert (men["group"], women["group"]) == ({"sex": "male"}, {"sex": "female"})
    assert men["mean"]["high"] < women["mean"]["low"]


def test_phq9_of_nhanes_finds_who_can_hardly_work(write) -> None:
    told = psychometrics(
        "cutoff", "phq9", NHANES, "--map", write("map.yaml", NHANES_MAP),
        "--criterion", "DPQ100", "--cases", "2,3", "--unknown", "7,9",
    )  # fmt: skip

    total = told["scores"][0]
    assert (total["cases"], total["others"]) == (165, 3193)
    assert 0.86 < total["area"]["low"] < total["area"]["high"] < 0.92
    at_ten = next(one for one in total["cutoffs"] if one["cutoff"] == 10)
    assert at_ten["specificity"]["value"] > 0.85


def test_items_of_nhanes_treat_men_and_women_nearly_alike(write) -> None:
    told = psychometrics(
        "dif", "phq9", NHANES, "--map", write("map.yaml", NHANES_MAP), "--group", "RIAGENDR"
    )

    items = told["scales"][0]["items"]
    assert not any(item["is_flagged"] for item in items)
    assert all(item["logistic"]["jodoin_gierl"] == "negligible" for item in items)


def test_pss10_of_the_undergraduates_has_two_halves(write) -> None:
    columns = {f"q{n}": f"S{n}" for n in range(1, 11)}
    rule = {"id": {"row": "UKM{n:04}"}, "items": columns, "ignore_other_columns": True}

    told = psychometrics("factor", "pss10", UKM, "--map", write("map.yaml", json.dumps(rule)))

    [whole] = told["analyses"]
    assert whole["parallel"]["components"]["by_percentile"] == 2
    assert whole["models"]["one factor"]["fit"]["cfi"] < 0.7
    assert whole["models"]["its subscales"]["fit"]["cfi"] > 0.9
