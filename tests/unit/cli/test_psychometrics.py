"""The verbs of `xinqiao psychometrics`, from a file to what is printed."""

import csv
import io
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from click.testing import CliRunner

from app.cli import main
from app.cli.library import library_folder
from app.instruments.loader import parse_instrument
from app.psychometrics.reliability import reliability
from app.scoring import compile_instrument

PHQ9 = [f"q{n}" for n in range(1, 10)]
PSS10 = [f"q{n}" for n in range(1, 11)]


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, ["psychometrics", *arguments])
    return result.exit_code, result.stdout, result.stderr


def found(*arguments: str) -> Any:
    code, out, err = run(*arguments, "--json")
    assert (code, err) == (0, "")
    return json.loads(out)


def answers(people: int, items: int, top: int, seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    trait = rng.normal(size=(people, 1))
    noise = rng.normal(size=(people, items))
    return np.clip(np.round(trait + noise + top / 2), 0, top).astype(int)


def table(path: Path, names: list[str], rows: Any, **columns: list[Any]) -> str:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", *columns, *names])
        for n, row in enumerate(rows):
            writer.writerow([f"s{n}", *(column[n] for column in columns.values()), *row])
    return str(path)


def test_reliability_turns_reversed_items_and_goes_through_nested_scales(tmp_path: Path) -> None:
    raw = answers(120, 10, 4)
    turned = raw.copy()
    turned[:, [3, 4, 6, 7]] = 4 - raw[:, [3, 4, 6, 7]]

    scales = found("reliability", "pss10", table(tmp_path / "a.csv", PSS10, turned))["scales"]

    assert [scale["scale"] for scale in scales] == ["total", "helplessness", "self_efficacy"]
    assert scales[0]["alpha"]["value"] == pytest.approx(reliability(raw).alpha.value)
    assert [item["item"] for item in scales[0]["items"] if item["reversed"]] == [
        "q4",
        "q5",
        "q7",
        "q8",
    ]
    assert scales[0]["warnings"] == []


def test_reliability_is_told_in_points_of_the_reported_score(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", [f"q{n}" for n in range(1, 22)], answers(120, 21, 3))

    scale = found("reliability", "dass21", path)["scales"][0]

    assert scale["reported_score"]["points_per_sum_point"] == 2
    assert scale["reported_score"]["sem"] == pytest.approx(2 * scale["sem"])


def test_reliability_prints_a_table_and_names_an_unreversed_item(tmp_path: Path) -> None:
    rows = answers(150, 9, 3)
    rows[:, 4] = 3 - rows[:, 4]

    code, out, _ = run("reliability", "phq9", table(tmp_path / "a.csv", PHQ9, rows))

    assert code == 0
    assert "total: Total, 9 items\n  150 of 150 people answered every item" in out
    assert "! Negative item-rest r: q5. Is this an item that should be reversed and is not?" in out
    assert out.endswith("nothing is filled in.\n")


def test_what_cannot_be_estimated_is_one_sentence_and_exit_code_2(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", PHQ9, [[0] * 9, [1] * 9])

    assert run("reliability", "phq9", path) == (
        2,
        "",
        "Error: total: Only 2 of 2 people answered everything; at least 3 are needed.\n",
    )


@pytest.mark.parametrize(
    ("verb", "reason"),
    [
        (("reliability",), "asq has no scale that is a sum of items."),
        (("retest",), "asq has no scale with a score to compare."),
        (("norms", "build"), "asq has no scale with a score to compare."),
    ],
)
def test_an_instrument_without_sums_is_refused(
    tmp_path: Path, verb: tuple[str, ...], reason: str
) -> None:
    path = table(tmp_path / "a.csv", [f"q{n}" for n in range(1, 6)], [[0] * 5] * 4)

    files = [path, path] if verb == ("retest",) else [path]

    assert run(*verb, "asq", *files) == (2, "", f"Error: {reason}\n")


def test_a_wrong_cell_is_named_by_row_and_column(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", PHQ9, [[0] * 9, [1] * 8 + [7]])

    code, out, err = run("validity", "phq9", path)

    assert (code, out) == (1, "")
    assert err == "Error: row 3, column q9: “7” is not one of 0, 1, 2, 3.\n"


def test_retest_matches_by_id_and_lists_who_is_only_in_one_file(tmp_path: Path) -> None:
    rows = answers(30, 9, 3)
    first = table(tmp_path / "1.csv", PHQ9, rows[:28])
    text = Path(table(tmp_path / "2.csv", PHQ9, rows)).read_text(encoding="utf-8").splitlines()
    (tmp_path / "2.csv").write_text("\n".join([text[0], *text[:1:-1]]), encoding="utf-8")

    told = found("retest", "phq9", first, str(tmp_path / "2.csv"))

    assert (told["matched"], told["only_first"], told["only_second"]) == (
        27,
        ["s0"],
        ["s29", "s28"],
    )
    total = told["scales"][0]
    assert total["icc"]["icc2"]["value"] == 1
    assert total["reliable_change"] is None


def test_retest_tells_better_from_worse(tmp_path: Path) -> None:
    before = np.repeat(np.arange(40)[:, None] % 4, 9, axis=1)
    after = before.copy()
    after[3], after[4] = 0, 3
    first, second = (table(tmp_path / f"{n}.csv", PHQ9, x) for n, x in ((1, before), (2, after)))

    people = found("retest", "phq9", first, second)["scales"][0]["people"]
    _, out, _ = run("retest", "phq9", first, second)

    assert [people[3]["reliable"], people[4]["reliable"], people[5]["reliable"]] == [-1, 1, 0]
    lines = [line.split() for line in out.splitlines()]
    assert ["s3", "27", "0"] in [line[:3] for line in lines]
    assert "fallen (better)" in out
    assert "risen (worse)" in out


def test_retest_refuses_to_match_rows_by_their_place(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(",".join(PHQ9) + "\n0,0,0,0,0,0,0,0,0\n", encoding="utf-8")
    twice = table(tmp_path / "b.csv", PHQ9, [[0] * 9, [1] * 9])
    Path(twice).write_text(Path(twice).read_text(encoding="utf-8").replace("s1", "s0"))

    without = run("retest", "phq9", str(tmp_path / "a.csv"), twice)
    doubled = run("retest", "phq9", twice, twice)

    assert without[0] == doubled[0] == 1
    assert "there is no id column to match people by" in without[2]
    assert doubled[2] == "Error: T1: row 3: the id stands in row 2 too; keep one.\n"


def test_validity_finds_who_ticked_one_column_and_says_how_often_it_is_wrong(
    tmp_path: Path,
) -> None:
    rows = answers(200, 10, 4)
    rows[:, [3, 4, 6, 7]] = 4 - rows[:, [3, 4, 6, 7]]
    rows[:5] = 2
    path = table(tmp_path / "a.csv", PSS10, rows, seconds=[60] * 199 + [5])

    told = found("validity", "pss10", path, "--seconds", "seconds")

    doubtful = [person["id"] for person in told["people"] if person["is_doubtful"]]
    assert {"s0", "s1", "s2", "s3", "s4"} <= set(doubtful)
    assert len(doubtful) < 15
    assert 0 <= told["judgement"]["false_alarms"] < 0.02
    assert told["judgement"]["found_straight"] > 0.9
    assert "too fast" in told["people"][199]["signs"]


def test_validity_without_enough_people_gives_indices_and_no_judgement(tmp_path: Path) -> None:
    told = found("validity", "phq9", table(tmp_path / "a.csv", PHQ9, answers(5, 9, 3)))

    assert told["judgement"]["cannot_estimate"].startswith("Only 5 of 5 people answered everything")
    assert told["people"][0]["longstring"] >= 1
    assert told["people"][0]["is_doubtful"] is None


def test_norms_serve_an_instrument_that_names_them(tmp_path: Path) -> None:
    """What is built from a class gives back its percentiles when the instrument uses it."""
    rows = answers(120, 7, 3)
    names, sexes = [f"q{n}" for n in range(1, 8)], [("male", "female")[n % 2] for n in range(120)]
    target = tmp_path / "local.yaml"
    arguments = ["--by", "sex", "-o", str(target), "--population", "Us", "--collected", "Today"]

    told = found(
        "norms", "build", "gad7", table(tmp_path / "a.csv", names, rows, sex=sexes), *arguments
    )

    text = (library_folder() / "gad7" / "instrument.yaml").read_text(encoding="utf-8")
    text = text.replace(
        "    range: [0, 21]",
        "    convert: {method: percentile, norms: local_percentile}\n    range: [0, 100]",
    )
    text = text[: text.index("    bands:")]
    compiled = compile_instrument(parse_instrument(text, norms=target.read_text(encoding="utf-8")))
    scored = compiled.score(rows, sex=sexes).scales["total"].score
    boys = next(g for g in told["scales"][0]["groups"] if g["group"] == {"sex": "male"})
    ranks = {row["score"]: row["percentile"]["value"] for row in boys["rows"]}
    assert len(ranks) == 22
    assert scored[0::2].tolist() == pytest.approx(
        [ranks[float(total)] for total in rows[0::2].sum(axis=1)], abs=0.006
    )


def test_norms_are_in_raw_points_before_a_conversion(tmp_path: Path) -> None:
    rows = answers(60, 5, 5)
    path = table(tmp_path / "a.csv", [f"q{n}" for n in range(1, 6)], rows)
    target = tmp_path / "local.csv"

    code, out, _ = run("norms", "build", "who5", path, "-o", str(target))

    assert code == 0
    assert f"everybody: 60 people, mean {rows.sum(axis=1).mean():.2f}" in out
    lines = list(csv.DictReader(io.StringIO(target.read_text(encoding="utf-8"))))
    assert [line["score"] for line in lines] == [str(n) for n in range(26)]


def test_who_answered_too_little_for_a_score_is_in_no_norms(tmp_path: Path) -> None:
    rows: list[list[Any]] = answers(60, 9, 3).tolist()
    rows[0] = [3, *[""] * 8]
    path = table(tmp_path / "a.csv", PHQ9, rows)

    (scale,) = found("norms", "build", "phq9", path)["scales"]

    assert (scale["without_score"], scale["groups"][0]["people"]) == (1, 59)


def test_small_groups_get_no_norms(tmp_path: Path) -> None:
    sexes = ["male"] * 55 + ["female"] * 4 + [""]
    path = table(tmp_path / "a.csv", PHQ9, answers(60, 9, 3), sex=sexes)

    scale = found("norms", "build", "phq9", path, "--by", "sex")["scales"][0]
    refused = run("norms", "build", "phq9", path, "--by", "sex", "--least", "100")

    groups = [(g["group"], g["people"], g["is_small"]) for g in scale["groups"]]
    assert groups == [({"sex": "male"}, 55, True)]
    assert scale["too_small"] == [{"group": {"sex": "female"}, "people": 4}]
    assert scale["without_group"] == 1
    assert refused[0] == 2
    assert refused[2].startswith("Error: No group has 100 people with a score; the largest has 55.")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--by", "grade"], "--by grade: row 1: there is no column grade"),
        (["--by", "town"], "“town” is none of sex, grade, age."),
        (["-o", "norms.txt"], "end the name in .yaml or .csv"),
        (["-o", "norms.yaml"], "add --population and --collected"),
        (["-o", str(library_folder() / "phq9" / "norms.csv")], "the library holds published norms"),
    ],
)
def test_norms_say_what_is_missing(tmp_path: Path, arguments: list[str], reason: str) -> None:
    path = table(tmp_path / "a.csv", PHQ9, answers(60, 9, 3))

    code, out, err = run("norms", "build", "phq9", path, *arguments)

    assert code != 0
    assert out == ""
    assert reason in err


@pytest.mark.parametrize(
    ("verb", "files", "told"),
    [
        (("reliability", "phq9"), 1, "Item-rest r: q1 0."),
        (("retest", "phq9"), 2, "people twice, ICC(2,1) 0."),
        (("norms", "build", "phq9", "--by", "sex"), 1, "Total, female, 60 people: "),
        (("dif", "phq9", "--group", "sex"), 1, "minus: female answers lower than equals. q1 "),
    ],
)
def test_a_plot_tells_its_figures_to_who_cannot_see_it(
    tmp_path: Path, verb: tuple[str, ...], files: int, told: str
) -> None:
    target, sexes = tmp_path / "plot.svg", ["male", "female"] * 60
    names = [
        table(tmp_path / f"{n}.csv", PHQ9, answers(120, 9, 3, seed=n + 1), sex=sexes)
        for n in range(files)
    ]

    code, _, _ = run(*verb, *names, "--plot", str(target))

    svg = ElementTree.fromstring(target.read_text(encoding="utf-8"))
    assert code == 0
    assert svg.get("role") == "img"
    description = svg.find("{http://www.w3.org/2000/svg}desc")
    assert description is not None
    assert told in (description.text or "")
    assert svg.findall(".//{http://www.w3.org/2000/svg}circle")


def test_a_plot_of_validity_draws_each_index_with_its_limit_and_who_is_beyond(
    tmp_path: Path,
) -> None:
    rows = answers(200, 10, 4)
    rows[:, [3, 4, 6, 7]] = 4 - rows[:, [3, 4, 6, 7]]
    rows[:5] = 2
    path = table(tmp_path / "a.csv", PSS10, rows, seconds=[60] * 199 + [5])
    target = tmp_path / "plot.svg"

    told = found("validity", "pss10", path, "--seconds", "seconds", "--plot", str(target))

    svg = ElementTree.fromstring(target.read_text(encoding="utf-8"))
    words = svg.findtext("{http://www.w3.org/2000/svg}desc") or ""
    runs = sum("longest run" in person["signs"] for person in told["people"])
    limit = next(x for x in told["judgement"]["limits"] if x["index"] == "longstring")["limit"]
    assert runs >= 5
    assert f"above {limit:.2f}: {runs} of 200" in words
    assert "Seconds an item: 200 people" in words
    assert "below 2: 1 of 200" in words
    assert svg.findall(".//{http://www.w3.org/2000/svg}rect/{http://www.w3.org/2000/svg}title")


def test_a_plot_of_validity_without_judgement_has_no_limits(tmp_path: Path) -> None:
    target = tmp_path / "plot.svg"
    path = table(tmp_path / "a.csv", PHQ9, answers(5, 9, 3))

    code, _, _ = run("validity", "phq9", path, "--plot", str(target))

    assert code == 0
    assert "above" not in target.read_text(encoding="utf-8")
