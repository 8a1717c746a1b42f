"""Draws the picture of docs/psychometrics.md: python tools/psychometrics_picture.py

Eighty invented students answer the PHQ-9 twice; what is drawn is what `retest --plot` draws.
"""

import csv
import tempfile
from pathlib import Path

import numpy as np
from click.testing import CliRunner

from app.cli import main

PICTURE = Path(__file__).parent.parent / "docs" / "images" / "psychometrics-retest.svg"


def draw() -> None:
    rng = np.random.default_rng(8)
    mood = rng.normal(size=80) - 0.6
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"t{time}.csv" for time in (1, 2)]
        for file in files:
            mood = mood + 0.25 * rng.normal(size=80)
            write(
                file, np.clip(np.round(mood[:, None] + 0.8 * rng.normal(size=(80, 9)) + 0.8), 0, 3)
            )
        words = ["psychometrics", "retest", "phq9", *map(str, files), "--plot", str(PICTURE)]
        print(CliRunner().invoke(main, words, catch_exceptions=False).output)


def write(path: Path, answers: np.ndarray) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", *(f"q{n}" for n in range(1, 10))])
        writer.writerows([f"s{n}", *row] for n, row in enumerate(answers.astype(int).tolist(), 1))


if __name__ == "__main__":
    draw()
