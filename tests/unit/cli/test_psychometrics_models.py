"""The verbs cutoff, irt, dif and factor, from a file to what is printed."""

import csv
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from click.testing import CliRunner

from app.cli import main
from app.psychometrics.irt.fitting import fit_graded
from app.psychometrics.roc import area, grouped

SVG = "{http://www.w3.org/2000/svg}"
MAP = "ignore_other_columns: true\n"


def run(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, ["psychometrics", *map(str, arguments)])
    return result.exit_code, result.stdout, result.stderr


def found(*arguments: object) -> Any:
    code, out, err = run(*arguments, "--json")
    assert (code, err) == (0, "")
    return json.loads(out)


def answers(people: int, items: int, top: int = 3, seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    trait = rng.normal(size=(people, 1))
    noise = rng.normal(size=(people, items))
    return np.clip(np.round(trait + noise + top / 2), 0, top).astype(int)


@pytest.fixture
def table(tmp_path: Path):
    def write(rows: np.ndarray, name: str = "a.csv", **columns: Any) -> Path:
        path = tmp_path / name
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["id", *columns, *(f"q{n + 1}" for n in range(rows.shape[1]))])
            for n, row in enumerate(rows.tolist()):
                writer.writerow([f"s{n}", *(column[n] for column in columns.values()), *row])
        return path

    return write


def descriptions(path: Path) -> str:
    [told] = ElementTree.parse(path).getroot().findall(f"{SVG}desc")
    return told.text or ""


def test_cutoff_follows_the_scale_and_its_direction(table, tmp_path: Path) -> None:
    rows = answers(200, 5, top=5)
    total = rows.sum(axis=1)
    case = (total + np.random.default_rng(2).normal(0, 4, 200) < 9).astype(int)
    plot = tmp_path / "roc.svg"

    told = found("cutoff", "who5", table(rows, case=case), "--criterion", "case", "--plot", plot)

    [score] = told["scores"]
    assert score["rule"] == "at_most"
    assert score["area"]["value"] == pytest.approx(
        area(grouped(total, case, worse_is_higher=False)).value
    )
    assert {one["cutoff"] for one in score["cutoffs"]} == {4 * int(one) for one in set(total)}
    kept = score["fixed_sensitivity"][1]
    at = next(one for one in score["cutoffs"] if one["cutoff"] == kept["cutoff"])
    assert at["sensitivity"]["value"] >= kept["target"] == 0.9
    assert "Youden" not in descriptions(plot)
    assert "≤" in descriptions(plot)


def test_cutoff_reads_what_means_a_case_and_what_is_not_known(table) -> None:
    rows = answers(120, 9)
    told_by = ["2", "3", "7", ""] + ["0", "1"] * 8 + ["2", "0"] * 50

    told = found(
        "cutoff", "phq9", table(rows, seen=told_by, other=rows.sum(axis=1)),
        "--criterion", "seen", "--cases", "2,3", "--unknown", "7", "--prevalence", "0.1",
        "--against", "other",
    )  # fmt: skip

    total = told["scores"][0]
    assert (total["cases"], total["others"], total["left_out"]) == (52, 66, 2)
    assert total["prevalence"] == 0.1
    same = next(c for c in told["comparisons"] if c["second_score"] == "other")
    assert (same["first_score"], same["difference"]["value"], same["p"]) == ("total", 0, None)


def test_cutoff_prints_a_row_a_rule(table) -> None:
    rows = answers(120, 9)
    case = (rows.sum(axis=1) > 14).astype(int)

    code, out, _ = run("cutoff", "phq9", table(rows, case=case), "--criterion", "case")

    assert code == 0
    assert "separates this sample perfectly" in out
    assert "≥ 15" in out
    assert "Youden" in out


def test_cutoff_names_a_criterion_without_cases_and_refuses_one_class(table) -> None:
    rows = answers(60, 9)

    wrong = run("cutoff", "phq9", table(rows, case=["no"] * 60), "--criterion", "case")
    one_class = run("cutoff", "phq9", table(rows, case=["1"] * 60), "--criterion", "case")
    missing = run("cutoff", "phq9", table(rows), "--criterion", "case")

    assert (wrong[0], one_class[0], missing[0]) == (1, 2, 1)
    assert "column case: nobody has 1" in wrong[2]
    assert "60 people with a score are cases and 0 are not" in one_class[2]
    assert "there is no such column" in missing[2]


def test_a_criterion_of_one_and_two_is_not_guessed(table) -> None:
    rows = answers(120, 9)
    coded = (rows.sum(axis=1) > 14) + 1

    guessed = run("cutoff", "phq9", table(rows, case=coded), "--criterion", "case")
    said = found("cutoff", "phq9", table(rows, case=coded), "--criterion", "case", "--cases", "2")

    assert guessed[0] == 1
    assert "besides 0 and 1 there is 2; say with --cases" in guessed[2]
    assert said["scores"][0]["area"]["value"] == 1


def test_irt_fits_writes_and_places_with_what_it_wrote(table, tmp_path: Path) -> None:
    rows, params = answers(300, 9), tmp_path / "p.json"
    plot = tmp_path / "information.svg"
    direct = fit_graded(rows.astype(float))

    told = found("irt", "fit", "phq9", table(rows), "-o", params, "--plot", plot)
    placed = found("irt", "score", "phq9", table(rows[:20], "b.csv"), "--params", params)

    [scale] = told["scales"]
    assert scale["model"] == "graded response"
    assert scale["log_likelihood"] == pytest.approx(direct.log_likelihood)
    assert scale["items"][3]["slope"] == pytest.approx(direct.model.items[3].slope)
    assert len(scale["information"]["theta"]) == len(scale["information"]["test"])
    people = placed["scales"][0]["people"]
    sums = rows[:20].sum(axis=1)
    assert [p["id"] for p in people] == [f"s{n}" for n in range(20)]
    assert np.corrcoef([p["eap"] for p in people], sums)[0, 1] > 0.95
    assert all(0 < p["eap_se"] < 1 and 0 < p["map_se"] < 1 for p in people)
    assert "standard error is smallest" in descriptions(plot)
    three = "irt", "score", "phq9", table(rows[:3], "c.csv"), "--params", params
    code, out, _ = run(*three, "--plot", plot)
    assert code == 0
    assert "answered" in out
    assert "total: where people are: 3 people, half of them from" in descriptions(plot)
    errors = sorted(p["eap_se"] for p in people[:3])
    assert f"standard errors from {errors[0]:.2f}" in descriptions(plot)
    empty, none = table(np.full((2, 9), ""), "d.csv"), tmp_path / "none.svg"
    refused = run("irt", "score", "phq9", empty, "--params", params, "--plot", none)
    assert (refused[0], refused[2]) == (2, "Error: There is no figure to draw.\n")
    assert not none.exists()


def test_irt_refuses_few_people_and_parameters_of_another_instrument(table, tmp_path: Path) -> None:
    few = run("irt", "fit", "phq9", table(answers(30, 9)))
    params = tmp_path / "p.json"
    params.write_text(json.dumps({"instrument": "gad7", "scales": []}), encoding="utf-8")
    other = run("irt", "score", "phq9", table(answers(5, 9)), "--params", params)
    params.write_text("[]", encoding="utf-8")
    nothing = run("irt", "score", "phq9", table(answers(5, 9)), "--params", params)

    assert (few[0], other[0], nothing[0]) == (2, 1, 1)
    assert "Only 30 people answered" in few[2]
    assert "holds parameters of gad7" in other[2]
    assert "no file that irt fit wrote" in nothing[2]


def test_dif_finds_the_item_one_group_answers_differently(table, tmp_path: Path) -> None:
    rows, plot = answers(800, 9), tmp_path / "effects.svg"
    sex = ["female", "male"] * 400
    rows[1::2, 2] = np.minimum(rows[1::2, 2] + 1, 3)

    told = found(
        "dif", "phq9", table(rows, sex=sex), "--group", "sex", "--focal", "male", "--plot", plot
    )

    drawn = [text.text for text in ElementTree.parse(plot).getroot().iter(f"{SVG}text")]
    assert f"CC  {told['scales'][0]['items'][2]['mantel']['effect']:.2f}" in drawn
    assert sum(str(words).startswith("AA  ") for words in drawn) == 8
    assert "Total: 1 of 9 items above class AA" in drawn
    assert (told["reference"], told["focal"]) == ("female", "male")
    items = {one["item"]: one for one in told["scales"][0]["items"]}
    assert items["q3"]["mantel"]["naep_class"] == "CC"
    assert items["q3"]["mantel"]["smd"]["value"] > 0
    assert items["q3"]["logistic"]["odds_ratio"] > 2
    assert items["q3"]["adjusted_p"] >= items["q3"]["mantel"]["p"]
    assert items["q5"]["mantel"]["naep_class"] == "AA"
    out = run("dif", "phq9", table(rows, sex=sex), "--group", "sex", "--purify")[1]
    assert out.index("effect (95 % CI)") < out.index("adjusted p")
    assert "purified" in out


def test_dif_needs_two_named_groups(table) -> None:
    rows = answers(90, 9)
    three = table(rows, grade=["7", "8", "9"] * 30)

    assert "--reference and --focal" in run("dif", "phq9", three, "--group", "grade")[2]
    named = found("dif", "phq9", three, "--group", "grade", "--reference", "8", "--focal", "9")
    unknown = run("dif", "phq9", three, "--group", "grade", "--focal", "6")
    alone = run("dif", "phq9", table(rows, grade=["7"] * 90), "--group", "grade")

    assert (named["reference"], named["focal"]) == ("8", "9")
    assert (unknown[0], alone[0]) == (1, 2)
    assert "nobody has “6”" in unknown[2]


def test_factor_holds_subscales_against_one_factor(table, tmp_path: Path) -> None:
    halves = [answers(300, 10, top=4, seed=seed) for seed in (1, 2)]
    own = [3, 4, 6, 7]  # self-efficacy, reversed
    rows = halves[0].copy()
    rows[:, own] = 4 - halves[1][:, own]
    plot = tmp_path / "scree.svg"

    told = found("factor", "pss10", table(rows), "--plot", plot)

    [whole] = told["analyses"]
    assert whole["parallel"]["components"]["by_percentile"] == 2
    assert whole["models"]["its subscales"]["factors"] == ["helplessness", "self_efficacy"]
    assert whole["models"]["its subscales"]["fit"]["cfi"] > 0.97
    assert whole["models"]["one factor"]["fit"]["cfi"] < 0.8
    assert min(whole["models"]["its subscales"]["standardised"]) > 0.4
    assert len(whole["exploratory"]["loadings"][0]) == 2
    assert "2 lie above" in descriptions(plot)
    code, out, _ = run("factor", "pss10", table(rows), "--factors", "1")
    assert code == 0
    assert "Factors by minimum residuals: 1" in out


def test_factor_refuses_few_people(table) -> None:
    code, _, err = run("factor", "phq9", table(answers(30, 9)))

    assert code == 2
    assert "Only 30 of 30 people answered everything" in err
