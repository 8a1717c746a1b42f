import pytest

from app.scoring.validity import Page, assess


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


def test_assess_notes_pages_left_faster_than_they_can_be_read(phq9):
    given = answers(0, 1, 2, 0, 1, 2, 0, 1, 2)
    fast, slow = Page(items=3, seconds=4), Page(items=3, seconds=30)

    assert assess(phq9.instrument, given, pages=[fast, fast, slow]).notes == ("too_fast",)
    assert assess(phq9.instrument, given, pages=[fast, slow]).notes == ()
    assert assess(phq9.instrument, given, pages=[fast, slow]).fast_pages_share == 0.5


def test_variability_is_the_spread_within_the_options(phq9):
    assert assess(phq9.instrument, answers(*[2] * 9)).variability == 0
    assert assess(phq9.instrument, answers(0, 3, 0, 3)).variability == 0.5
    assert assess(phq9.instrument, {}).variability is None


def test_consistency_compares_the_halves_of_many_scales(compiled):
    sdq = compiled("sdq").instrument
    steady: dict[str, float | None] = {}
    for scale, level in zip(sdq.scales, (2, 0, 1, 2, 0), strict=False):
        for code in scale.items:
            steady[code] = 2 - level if code in scale.reverse else level
    contrary = dict(steady)
    for scale in sdq.scales[:5]:
        for code in scale.items[1::2]:
            contrary[code] = 2 - (steady[code] or 0)

    assert assess(sdq, steady).consistency == pytest.approx(1)
    assert assess(sdq, steady).notes == ()
    assert assess(sdq, contrary).consistency == pytest.approx(-1)
    assert "inconsistent" in assess(sdq, contrary).notes


def test_consistency_needs_many_scales_that_differ(phq9, compiled):
    assert assess(phq9.instrument, answers(*[1] * 9)).consistency is None
    assert assess(compiled("sdq").instrument, answers(*[1] * 25)).consistency is None
