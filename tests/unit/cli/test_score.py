import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli.score import score

DATA = Path(os.environ.get("XINQIAO_REAL_DATA", Path(__file__).parents[4] / "shared" / "data"))
HEADER = "id,q1,q2,q3,q4,q5,q6,q7,q8,q9"


def run(*arguments: str, text: str = "") -> tuple[int, str, str]:
    result = CliRunner().invoke(score, arguments, input=text)
    return result.exit_code, result.stdout, result.stderr


def test_score_writes_one_row_a_person():
    text = f"{HEADER}\na,3,3,3,3,3,3,3,3,3\nb,1,1,1,1,0,0,0,,0\nc,0,0,0,0,0,0,,,\n"

    code, out, _ = run("phq9", "-", text=text)

    assert code == 0
    assert out.splitlines() == [
        "id,total.score,total.raw,total.answered,total.band,"
        "algorithm.score,algorithm.raw,algorithm.answered,algorithm.band,flags",
        "a,27,27,9,severe,2,27,9,major,critical_q9;cutoff_total",
        "b,5,4,8,mild,,4,8,,",
        "c,,0,6,,,0,6,,",
    ]


def test_score_writes_no_file_when_a_cell_is_wrong(tmp_path: Path):
    target = tmp_path / "out.csv"

    code, out, err = run("phq9", "-", "-o", str(target), text=f"{HEADER}\na,9,0,0,0,0,0,0,0,0\n")

    assert (code, out) == (1, "")
    assert err == "Error: row 2, column q1: “9” is not one of 0, 1, 2, 3.\n"
    assert not target.exists()


def test_score_replaces_an_older_result(tmp_path: Path):
    target = tmp_path / "out.csv"
    target.write_text("old", encoding="utf-8")

    code, out, _ = run("phq9", "-", "-o", str(target), text=f"{HEADER}\na,0,0,0,0,0,0,0,0,0\n")

    assert (code, out) == (0, "")
    assert target.read_text(encoding="utf-8").splitlines()[1] == "a,0,0,9,minimal,0,0,9,none,"


def test_score_says_where_it_cannot_write(tmp_path: Path):
    target = tmp_path / "nowhere" / "out.csv"

    code, _, err = run("phq9", "-", "-o", str(target), text=f"{HEADER}\na,0,0,0,0,0,0,0,0,0\n")

    assert code == 1
    assert err == f"Error: {target} cannot be written: No such file or directory.\n"


def test_score_never_writes_over_the_answers(tmp_path: Path):
    answers = tmp_path / "answers.csv"
    answers.write_text(f"{HEADER}\na,0,0,0,0,0,0,0,0,0\n", encoding="utf-8")

    code, _, err = run("phq9", str(answers), "-o", str(answers))

    assert code == 1
    assert err == f"Error: {answers} holds the answers; write to another file.\n"
    assert answers.read_text(encoding="utf-8").startswith(HEADER)


def test_rows_that_repeat_an_id_are_scored_and_noted_but_not_explained():
    text = f"{HEADER}\na,0,0,0,0,0,0,0,0,0\na,1,1,1,1,1,1,1,1,0\n"

    code, out, err = run("phq9", "-", text=text)
    refused = run("phq9", "-", "--explain", "a", text=text)

    assert (code, [row.split(",")[1] for row in out.splitlines()[1:]]) == (0, ["0", "8"])
    assert err == "Rows that repeat an id: 1. Every row is scored by itself.\n"
    assert refused == (1, "", "Error: 2 rows have the id “a”.\n")


def test_score_uses_age_where_it_is_known():
    _, out, _ = run("phq9", "-", text=f"age,{HEADER}\n11,a,3,3,3,3,3,3,3,3,3\n")

    assert out.splitlines()[1] == "a,27,27,9,,2,27,9,,critical_q9"


def test_score_ignores_the_columns_of_other_instruments_in_a_battery_file():
    names = ",".join(f"gad7.q{n}" for n in range(1, 8))

    code, out, _ = run("gad7", "-", text=f"{names},phq9.q1\n1,1,1,1,1,1,1,3\n")

    assert code == 0
    assert out.splitlines()[1] == "1,7,7,7,mild,"


def test_score_names_the_instruments_there_are():
    code, _, err = run("phq8", "-")

    assert code == 1
    assert err.startswith("Error: no instrument is called “phq8”; there are: ")


@pytest.mark.parametrize(
    ("file", "column_map", "row"),
    [
        (
            "nhanes_phq9/nhanes_2017_phq9.csv",
            "id: SEQN\nsex: RIAGENDR\nmissing: [9]\nrefused: [7]\nignore_other_columns: true\n"
            "items: {" + ", ".join(f"q{n}: DPQ0{n}0" for n in range(1, 10)) + "}\n",
            "93705,0,0,9,minimal,0,0,9,none,",
        ),
        (
            "ukm_students/ukm_students.csv",
            "id: {row: 'UKM{n:04}'}\nignore_other_columns: true\n"
            "items: {" + ", ".join(f"q{n}: D{n}" for n in range(1, 10)) + "}\n",
            "UKM0001,2,2,9,minimal,0,2,9,none,",
        ),
    ],
)
def test_score_takes_real_files_untouched(tmp_path: Path, file: str, column_map: str, row: str):
    if not (DATA / file).exists():
        pytest.skip(f"the real data sets are not at {DATA}; XINQIAO_REAL_DATA names their folder")
    path = tmp_path / "map.yaml"
    path.write_text(column_map, encoding="utf-8")

    code, out, _ = run("phq9", str(DATA / file), "--map", str(path))

    assert code == 0
    assert out.splitlines()[1] == row
    assert len(out.splitlines()) == 1 + {"nhanes": 5533, "ukm_st": 223}[file[:6]]


def test_score_explains_one_row():
    code, out, _ = run("phq9", "-", "--explain", "b", text=f"{HEADER}\nb,1,1,1,1,0,0,0,,1\n")

    assert code == 0
    assert "  missing answers: 5 x 9 / 8, rounded half up\n  score 6\n" in out
    assert out.endswith("flags\n  critical_q9: q9 answered 1, calls somebody the same day\n")


def test_score_cannot_explain_a_row_there_is_not():
    code, _, err = run("phq9", "-", "--explain", "c", text=f"{HEADER}\nb,1,1,1,1,0,0,0,,1\n")

    assert (code, err) == (1, "Error: no row has the id “c”.\n")


def test_score_uses_another_named_set():
    text = f"age,{HEADER}\n15,a,2,2,1,1,1,1,1,1,0\n"

    _, usual, _ = run("phq9", "-", text=text)
    _, chosen, _ = run("phq9", "-", "--set", "total=richardson_2010", text=text)
    code, _, err = run("phq9", "-", "--set", "total=nobody", text=text)

    assert usual.splitlines()[1].endswith(",cutoff_total")
    assert chosen.splitlines()[1].endswith(",")
    assert (code, err) == (
        1,
        "Error: total has no set “nobody”; it has kroenke_2001, richardson_2010.\n",
    )
