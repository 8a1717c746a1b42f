"""All 4^9 PHQ-9 answers against an oracle that shares no code with the engine (P11)."""

from pathlib import Path

import numpy as np
import pytest

from app.instruments.loader import load_instrument
from app.scoring import CompiledInstrument, compile_instrument

BANDS = ("minimal", "mild", "moderate", "moderately_severe", "severe")
TOTALS_TO_BANDS = [0] * 5 + [1] * 5 + [2] * 5 + [3] * 5 + [4] * 8
ITEM_9 = 8


@pytest.fixture(scope="module")
def phq9() -> CompiledInstrument:
    return compile_instrument(load_instrument(Path(__file__).parents[2] / "instruments" / "phq9"))


@pytest.fixture(scope="module")
def answers() -> np.ndarray:
    """Every possible answer sheet, one a row."""
    return np.indices((4,) * 9).reshape(9, -1).T.astype(float)


def test_every_total_band_pattern_and_flag_is_right(phq9, answers):
    result = phq9.score(answers)

    digits = answers.astype(int)
    totals = [sum(row) for row in digits.tolist()]
    assert result.size == 4**9
    assert result.scales["total"].score.tolist() == totals
    assert result.scales["total"].band_codes == BANDS
    assert result.scales["total"].band.tolist() == [TOTALS_TO_BANDS[t] for t in totals]
    assert result.scales["algorithm"].score.tolist() == [pattern(row) for row in digits.tolist()]
    assert result.flags["critical_q9"].tolist() == (digits[:, ITEM_9] > 0).tolist()
    assert result.flags["cutoff_total"].tolist() == [total > 9 for total in totals]


def test_item_9_shown_and_refused_always_calls_and_its_absence_never_does(phq9, answers):
    sheets = answers[answers[:, ITEM_9] == 0].copy()
    sheets[:, ITEM_9] = np.nan
    refused = np.zeros(sheets.shape, dtype=bool)
    refused[:, ITEM_9] = True

    asked, absent = phq9.score(sheets, refused=refused), phq9.score(sheets)

    assert asked.flags["critical_q9"].all()
    assert not absent.flags["critical_q9"].any()
    prorated = [int((sum(row) * 9 * 2 + 8) // 16) for row in sheets[:, :8].astype(int).tolist()]
    assert asked.scales["total"].score.tolist() == prorated


def pattern(row: list[int]) -> int:
    """The published algorithm, counted by hand: 2 major, 1 other, 0 neither."""
    if row[0] < 2 and row[1] < 2:
        return 0
    present = sum(answer >= 2 for answer in row[:8]) + (row[8] >= 1)
    return 2 if present >= 5 else 1 if present >= 2 else 0
