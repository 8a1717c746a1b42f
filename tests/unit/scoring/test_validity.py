import pytest

from app.scoring.validity import assess


def answers(*values: float | None) -> dict[str, float | None]:
    return {f"q{n}": value for n, value in enumerate(values, start=1)}


@pytest.mark.parametrize(
    ("values", "notes"),
    [
        ([2] * 9, ("long_run",)),
        ([2] * 8 + [0], ("long_run",)),
        ([2] * 7 + [0, 1], ()),
        ([0] * 9, ()),
        ([1, 2, 0, 1, 2, 0, 1, None, None], ("many_missing",)),
        ([1, 2, 0, 1, 2, 0, 1, 2, None], ()),
        ([None] * 9, ("many_missing",)),
    ],
)
def test_assess_notes_runs_and_gaps(phq9, values, notes):
    assert assess(phq9.instrument, answers(*values)).notes == notes


@pytest.mark.parametrize(("seconds", "notes"), [(17.9, ("too_fast",)), (18, ()), (None, ())])
def test_assess_notes_answers_given_faster_than_reading(phq9, seconds, notes):
    quality = assess(phq9.instrument, answers(0, 1, 2, 0, 1, 2, 0, 1, 2), seconds=seconds)

    assert quality.notes == notes


def test_assess_reports_shares(phq9):
    quality = assess(phq9.instrument, answers(1, 1, 1, 0, 0, 0, 0, 0, None), seconds=80)

    assert quality.longest_run_share == pytest.approx(5 / 9)
    assert quality.missing_share == pytest.approx(1 / 9)
    assert quality.seconds_per_item == 10
