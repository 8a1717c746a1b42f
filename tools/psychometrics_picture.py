"""Draws the pictures of docs/psychometrics.md: python tools/psychometrics_picture.py

Invented students answer the PHQ-9; what is drawn is what `retest`, `cutoff` and `irt fit` draw.
"""

import csv
import tempfile
from pathlib import Path

import numpy as np
from click.testing import CliRunner

from app.cli import main

IMAGES = Path(__file__).parent.parent / "docs" / "images"
#: About one invented student in ten is a case.
CASES_FROM = 1.6


def draw() -> None:
    with tempfile.TemporaryDirectory() as folder:
        draw_retest(Path(folder))
        draw_cutoff_and_information(Path(folder))


def draw_retest(folder: Path) -> None:
    """Eighty students, twice."""
    rng = np.random.default_rng(8)
    mood = rng.normal(size=80) - 0.6
    files = [folder / f"t{time}.csv" for time in (1, 2)]
    for file in files:
        mood = mood + 0.25 * rng.normal(size=80)
        write(file, np.clip(np.round(mood[:, None] + 0.8 * rng.normal(size=(80, 9)) + 0.8), 0, 3))
    run("retest", *map(str, files), "--plot", str(IMAGES / "psychometrics-retest.svg"))


def draw_cutoff_and_information(folder: Path) -> None:
    """Six hundred students, and what an interview found of each."""
    rng = np.random.default_rng(9)
    mood = rng.normal(size=600)
    found = (mood + 0.7 * rng.normal(size=600) > CASES_FROM).astype(int)
    answers = np.clip(np.round(mood[:, None] + rng.normal(size=(600, 9)) + 0.3), 0, 3)
    file = folder / "interviewed.csv"
    write(file, answers, found)
    seen = (str(file), "--map", str(folder / "map.yaml"))
    (folder / "map.yaml").write_text("ignore_other_columns: true\n", encoding="utf-8")
    roc, information = (IMAGES / f"psychometrics-{name}.svg" for name in ("cutoff", "information"))
    run("cutoff", *seen, "--criterion", "interview", "--plot", str(roc))
    run("irt", "fit", *seen, "--plot", str(information))


def run(*words: str) -> None:
    verb = words[:2] if words[0] == "irt" else words[:1]
    arguments = ["psychometrics", *verb, "phq9", *words[len(verb) :]]
    print(CliRunner().invoke(main, arguments, catch_exceptions=False).output)


def write(path: Path, answers: np.ndarray, interview: np.ndarray | None = None) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        further = [] if interview is None else ["interview"]
        writer.writerow(["id", *(f"q{n}" for n in range(1, 10)), *further])
        for n, row in enumerate(answers.astype(int).tolist()):
            writer.writerow([f"s{n + 1}", *row, *([] if interview is None else [interview[n]])])


if __name__ == "__main__":
    draw()
