import json
from pathlib import Path

from click.testing import CliRunner

from app.cli.instruments import instruments
from app.cli.library import library_folder


def test_list_as_json_holds_the_promised_keys():
    result = CliRunner().invoke(instruments, ["list", "--json"])

    phq9 = next(row for row in json.loads(result.stdout) if row["code"] == "phq9")
    assert result.exit_code == 0
    assert phq9["items"] == 9
    assert phq9["ages"] == "12+"
    assert phq9["scales"] == ["total", "algorithm"]
    assert phq9["bands"] == {
        "total": ["minimal", "mild", "moderate", "moderately_severe", "severe"],
        "algorithm": ["major", "other", "none"],
    }
    assert phq9["flags"] == ["critical_q9", "cutoff_total"]
    assert phq9["languages"] == ["zh_Hans", "en"]
    assert phq9["licence"] == "free_no_permission"


def test_show_names_sources_and_flags():
    result = CliRunner().invoke(instruments, ["show", "phq9"])

    assert "critical_q9, cutoff_total" in result.stdout
    assert "cut-off “kroenke_2001”: at least 10" in result.stdout


def test_check_passes_the_whole_library():
    result = CliRunner().invoke(instruments, ["check"])

    assert result.exit_code == 0
    assert result.stdout.endswith("checked, all in order.\n")


def test_check_prints_places_and_fails(tmp_path: Path):
    text = (library_folder() / "phq9" / "instrument.yaml").read_text(encoding="utf-8")
    line = text[: text.index("higher_is: worse")].count("\n") + 1
    broken = tmp_path / "instrument.yaml"
    broken.write_text(text.replace("higher_is: worse", "higher_is: bad"), encoding="utf-8")

    result = CliRunner().invoke(instruments, ["check", str(broken)])

    assert result.exit_code == 1
    assert result.stderr.startswith(f"{broken}:{line}:16: “bad” is none of the words for this")


def test_check_of_a_folder_without_instruments_fails(tmp_path: Path):
    result = CliRunner().invoke(instruments, ["check", str(tmp_path)])

    assert result.exit_code == 1
    assert result.stderr == "Error: there is no instrument.yaml here.\n"


def test_diff_says_what_changed(tmp_path: Path):
    folder = library_folder() / "phq9"
    text = (folder / "instrument.yaml").read_text(encoding="utf-8")
    newer = tmp_path / "instrument.yaml"
    newer.write_text(text.replace("at_least: 10", "at_least: 11"), encoding="utf-8")
    newer.rename(tmp_path / "newer.yaml")

    result = CliRunner().invoke(instruments, ["diff", str(folder), str(tmp_path / "newer.yaml")])

    assert result.stdout == (
        "phq9 1.0.0 → phq9 1.0.0\n  scale total, cut-off kroenke_2001, at_least was 10, is now 11\n"
    )


def test_schema_prints_what_stands_beside_the_library():
    result = CliRunner().invoke(instruments, ["schema", "examples"])

    written = library_folder() / "_schema" / "examples.schema.json"
    assert result.stdout == written.read_text(encoding="utf-8")
