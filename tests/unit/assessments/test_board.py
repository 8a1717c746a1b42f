"""Where a student stands on the class board, from signs that know no answer."""

from datetime import UTC, datetime, timedelta

import pytest

from app.assessments.board import Completion, Signs, Standing, completion, counts, standing

NOW = datetime(2026, 10, 12, 2, 0, tzinfo=UTC)
PHQ9 = 9


def ago(**length: float) -> datetime:
    return NOW - timedelta(**length)


@pytest.mark.parametrize(
    ("signs", "expected"),
    [
        (Signs(), Standing.NOT_BEGUN),
        (Signs(begun_at=ago(minutes=1)), Standing.UNDER_WAY),
        (Signs(begun_at=ago(minutes=4)), Standing.STUCK),
        (Signs(begun_at=ago(minutes=9), moved_at=ago(minutes=2)), Standing.UNDER_WAY),
        (Signs(begun_at=ago(minutes=9), moved_at=ago(minutes=4)), Standing.STUCK),
        (Signs(begun_at=ago(hours=9), moved_at=ago(hours=8)), Standing.LEFT),
        (
            Signs(begun_at=ago(minutes=9), moved_at=ago(minutes=4), heard_at=ago(seconds=20)),
            Standing.STUCK,
        ),
        (
            Signs(begun_at=ago(minutes=9), moved_at=ago(minutes=2), heard_at=ago(minutes=2)),
            Standing.SILENT,
        ),
        (
            Signs(begun_at=ago(minutes=2), heard_at=ago(seconds=5), is_waiting=True),
            Standing.SILENT,
        ),
        (Signs(begun_at=ago(hours=9), heard_at=ago(hours=9)), Standing.LEFT),
        (Signs(wants_help=True), Standing.HELP),
        (Signs(is_stopped=True), Standing.SLIP),
        (Signs(begun_at=ago(minutes=4), wants_help=True, is_stopped=True), Standing.HELP),
    ],
)
def test_standing_follows_the_signs(signs: Signs, expected: Standing) -> None:
    assert standing(signs, items=PHQ9, now=NOW) is expected


def finished(after: timedelta, *, began: datetime, **more: bool) -> Signs:
    """Over since so long after the beginning; without more signs of life, like a refusal."""
    return Signs(
        first_begun_at=began, begun_at=began, completed_at=began + after, is_over=True, **more
    )


def test_end_is_shown_no_sooner_than_the_quickest_honest_one() -> None:
    began = ago(seconds=56)
    refused = finished(timedelta(seconds=5), began=began)

    assert standing(refused, items=PHQ9, now=NOW) is Standing.UNDER_WAY
    assert standing(refused, items=PHQ9, now=NOW + timedelta(seconds=1)) is Standing.FINISHED


def test_refusal_in_a_long_battery_never_stands_still_meanwhile() -> None:
    """No answer comes from who has said no: that may not show before the end does."""
    refused = finished(timedelta(seconds=5), began=ago(minutes=4))

    assert standing(refused, items=90, now=NOW) is Standing.UNDER_WAY


def test_second_sitting_does_not_show() -> None:
    again = Signs(
        first_begun_at=ago(days=2),
        completed_at=ago(days=2),
        begun_at=ago(minutes=5),
        is_over=False,
    )

    assert standing(again, items=PHQ9, now=NOW) is Standing.FINISHED


def test_who_is_over_needs_no_hand() -> None:
    done = finished(timedelta(minutes=5), began=ago(hours=1), wants_help=True, is_stopped=True)

    assert standing(done, items=PHQ9, now=NOW) is Standing.FINISHED


@pytest.mark.parametrize(
    ("signs", "is_excused", "expected"),
    [
        (Signs(), False, Completion.NOT_YET),
        (Signs(), True, Completion.FINISHED),
        (Signs(begun_at=ago(hours=1), wants_help=True), False, Completion.NOT_YET),
        (finished(timedelta(seconds=5), began=ago(seconds=9)), False, Completion.NOT_YET),
        (finished(timedelta(seconds=5), began=ago(hours=1)), False, Completion.FINISHED),
    ],
)
def test_class_teacher_learns_of_the_end_only(
    signs: Signs, is_excused: bool, expected: Completion
) -> None:
    assert completion(signs, items=PHQ9, now=NOW, is_excused=is_excused) is expected


def test_counts_name_every_standing() -> None:
    found = counts([Standing.HELP, Standing.HELP, Standing.FINISHED])

    assert list(found) == list(Standing)
    assert (found[Standing.HELP], found[Standing.FINISHED], found[Standing.STUCK]) == (2, 1, 0)
