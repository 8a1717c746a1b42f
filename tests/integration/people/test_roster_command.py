"""`xinqiao roster import`, as an administrator's script calls it."""

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from app.cli import main
from app.people.models import Student
from app.platform.db import begin_write, db
from tests.factories import people


@pytest.fixture
def run(app, command_line, tmp_path):
    """Run the command on a file with these rows at a site called S1."""
    with app.app_context():
        begin_write()
        people.site(code="S1")
        db.session.commit()

    def invoke(*lines, site="S1", options=(), encoding="utf-8"):
        file = tmp_path / "roster.csv"
        file.write_bytes("\n".join(lines).encode(encoding))
        return CliRunner().invoke(main, ["roster", "import", str(file), "--site", site, *options])

    return invoke


def _students(app):
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Student))


def test_import_says_what_it_did(app, run):
    result = run("学号,姓名,班级", "1,王芳,初二（3）班", encoding="gb18030")

    assert (result.exit_code, result.stdout) == (
        0,
        "1 rows: 1 new, 0 changed, 0 moved class, 0 unchanged, 0 duplicate.\n"
        "New classes: 初二（3）班.\nImported.\n",
    )
    assert _students(app) == 1


def test_dry_run_writes_nothing(app, run):
    result = run("学号,姓名,班级", "1,王芳,初二（3）班", options=["--dry-run"])

    assert (result.exit_code, _students(app)) == (0, 0)
    assert result.stdout.endswith("Nothing was written (--dry-run).\n")


@pytest.mark.parametrize("options", [[], ["--dry-run"]])
def test_rejected_row_refuses_the_file_and_names_line_column_and_mend(app, run, options):
    result = run("学号,姓名,班级", "1,王芳,初二（3）班", "2,李娜,", options=options)

    assert (result.exit_code, _students(app)) == (1, 0)
    assert result.stderr == (
        "line 3, class: This cell is empty; fill it in.\n"
        "Error: 1 of 2 rows are rejected; nothing was imported.\n"
    )


def test_map_reads_foreign_columns(app, run, tmp_path):
    (tmp_path / "map.yaml").write_text("student_no: SID\nname: FULL\nclass: ROOM\n")

    result = run("SID,FULL,ROOM", "7,Ann,Y1", options=["--map", str(tmp_path / "map.yaml")])

    assert (result.exit_code, _students(app)) == (0, 1)


@pytest.mark.parametrize(
    ("lines", "site", "message"),
    [
        (["学号,姓名,班级"], "nowhere", "no site has the code “nowhere”; there are: S1."),
        (
            ["学号,姓名"],
            "S1",
            "Row 1 names no column 班级 (class); add it, or give your own column this name.",
        ),
    ],
)
def test_wrong_call_is_answered_in_a_sentence(run, lines, site, message):
    result = run(*lines, site=site)

    assert (result.exit_code, result.stderr) == (1, f"Error: {message}\n")
