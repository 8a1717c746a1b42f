"""`xinqiao responses import`: the whole file or nothing, and twice is once."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import func, select

from app.assessments.domain import Mode
from app.assessments.models import Assessment, Response
from app.assessments.service import start
from app.campaigns.models import Campaign, Invitation
from app.cli import main
from app.people.models import Cohort
from app.platform.db import begin_write, db
from app.results.models import Administration, Flag
from tests.factories import campaigns, people

HEADER = "id,phq9.q1,phq9.q2,phq9.q3,phq9.q4,phq9.q5,phq9.q6,phq9.q7,phq9.q8,phq9.q9"
Import = Callable[..., Result]


@pytest.fixture
def cohort_id(app: Flask) -> int:
    """A class with the students A1 and A2, invited to PHQ-9 and GAD-7."""
    with app.app_context():
        begin_write()
        cohort = people.cohort(people.site())
        people.student(cohort, student_no="A1")
        people.student(cohort, student_no="A2")
        battery = campaigns.battery("phq9", "gad7")
        campaigns.running(cohort, code="c1", battery=battery, closes_on=date(2099, 1, 1))
        db.session.commit()
        return cohort.id


@pytest.fixture
def run(cohort_id: int, command_line: None, tmp_path: Path) -> Import:
    """Import these lines into the campaign c1."""

    def run(*lines: str, column_map: object = None, options: tuple[str, ...] = ()) -> Result:
        file = tmp_path / "answers.csv"
        file.write_text("\n".join(lines), encoding="utf-8")
        words = ["responses", "import", str(file), "--campaign", "c1", *options]
        if column_map:
            (tmp_path / "map.yaml").write_text(json.dumps(column_map), encoding="utf-8")
            words += ["--map", str(tmp_path / "map.yaml")]
        return CliRunner().invoke(main, words)

    return run


def count(app: Flask, table: type) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(table)) or 0


def flags(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(Flag.code).order_by(Flag.code)))


def test_answers_become_a_scored_sitting_of_mode_import(app: Flask, run: Import) -> None:
    result = run(HEADER, "A1,1,1,1,1,1,1,1,1,0", "A2,0,0,0,0,0,0,0,0,0")

    assert (result.exit_code, result.output) == (
        0,
        "2 rows: 2 new, 0 changed, 0 unchanged, 0 without an answer.\n"
        "Not in the file: gad7.\nImported.\n",
    )
    with app.app_context():
        assert set(db.session.scalars(select(Assessment.mode))) == {Mode.IMPORT}
    assert (count(app, Response), count(app, Administration)) == (18, 2)


def test_a_refused_code_alerts_and_an_empty_cell_does_not(app: Flask, run: Import) -> None:
    result = run(HEADER, "A1,0,0,0,0,0,0,0,0,7", "A2,0,0,0,0,0,0,0,0,", column_map={"refused": [7]})

    assert result.exit_code == 0
    assert flags(app) == ["critical_q9"]


def test_the_same_file_again_changes_nothing(app: Flask, run: Import) -> None:
    run(HEADER, "A1,1,1,1,1,1,1,1,1,2")
    before = count(app, Response), count(app, Administration), count(app, Flag)

    result = run(HEADER, "A1,1,1,1,1,1,1,1,1,2")

    assert result.output.startswith("1 rows: 0 new, 0 changed, 1 unchanged")
    assert (count(app, Response), count(app, Administration), count(app, Flag)) == before


def test_a_changed_cell_supersedes_and_scores_again(app: Flask, run: Import) -> None:
    run(HEADER, "A1,1,1,1,1,1,1,1,1,0")

    result = run(HEADER, "A1,1,1,1,1,1,1,1,1,1")

    assert result.output.startswith("1 rows: 0 new, 1 changed")
    assert (count(app, Response), count(app, Administration)) == (10, 2)
    assert flags(app) == ["critical_q9"]


def test_one_wrong_row_refuses_the_whole_file_with_every_reason(app: Flask, run: Import) -> None:
    result = run(HEADER, "A1,1,1,1,1,1,1,1,1,0", "A2,1,1,1,1,x,1,1,1,4", "A9,0,0,0,0,0,0,0,0,0")

    assert result.exit_code == 1
    assert [line.removeprefix("Error: ") for line in result.stderr.splitlines()] == [
        "row 3, column phq9.q5: “x” is not one of 0, 1, 2, 3.",
        "row 3, column phq9.q9: “4” is not one of 0, 1, 2, 3.",
        "row 4: A9 is on no roster of the schools that take part; import the roster first.",
    ]
    assert count(app, Response) == 0


def test_a_student_who_has_answered_alone_is_not_overwritten(app: Flask, run: Import) -> None:
    with app.app_context():
        begin_write()
        invitation = db.session.scalars(select(Invitation).order_by(Invitation.id)).first()
        start(invitation=invitation, mode=Mode.PHONE, locale="zh_Hans")
        db.session.commit()

    result = run(HEADER, "A1,0,0,0,0,0,0,0,0,0")

    assert result.stderr == "Error: row 2: A1 has already answered in this campaign.\n"


def test_who_joined_after_the_opening_is_invited_with_the_import(
    app: Flask, run: Import, cohort_id: int
) -> None:
    with app.app_context():
        begin_write()
        cohort = db.session.get_one(Cohort, cohort_id)
        people.student(people.cohort(cohort.site), student_no="B1")
        db.session.commit()

    result = run(HEADER, "B1,0,0,0,0,0,0,0,0,0")

    assert "Invited with this import: 1.\n" in result.output
    with app.app_context():
        assert len(db.session.scalars(select(Campaign)).one().cohorts) == 2


def test_a_plain_item_code_is_refused_where_two_instruments_have_it(run: Import) -> None:
    result = run("id,q1", "A1,1")

    assert "row 1, column q1: which of phq9, gad7 is meant? Write phq9.q1." in result.stderr


def test_dry_run_stores_nothing(app: Flask, run: Import) -> None:
    result = run(HEADER, "A1,1,1,1,1,1,1,1,1,2", options=("--dry-run",))

    assert result.output.endswith("Nothing was written (--dry-run).\n")
    assert count(app, Response) == 0


def test_a_workbook_is_read_like_a_text_file(app: Flask, run: Import, tmp_path: Path) -> None:
    file = tmp_path / "answers.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER.split(","))
        sheet.write_row(1, 0, ["A1", 1, 1, 1, 1, 1, 1, 1, 1, 0])

    result = CliRunner().invoke(main, ["responses", "import", str(file), "--campaign", "c1"])

    assert (result.exit_code, count(app, Response)) == (0, 9)
