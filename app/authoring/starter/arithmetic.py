"""The scores of a sheet, reckoned by hand rules: they prove the engine, so they do not use it."""

from fractions import Fraction
from math import floor

from app.authoring.starter.sheet import Band, Calling, ScaleSheet, Target

#: One answer a question, None for a missing one.
Answers = tuple[int | None, ...]


def bounds(sheet: ScaleSheet, target: Target) -> tuple[Fraction, Fraction]:
    """The lowest and the highest score of the total or a factor."""
    values = [sheet.values_of(number) for number in sheet.members(target)]
    lowest, highest = sum(map(min, values)), sum(map(max, values))
    size = len(values) if sheet.method == "mean" else 1
    return reported(sheet, Fraction(lowest, size)), reported(sheet, Fraction(highest, size))


def reported(sheet: ScaleSheet, points: Fraction) -> Fraction:
    """The standard score: points times a number, with the fraction dropped."""
    return points if sheet.multiply == 1 else Fraction(floor(points * sheet.multiply))


def counted(sheet: ScaleSheet, number: int, value: int) -> int:
    """What an answer counts: a reversed one is mirrored between lowest and highest."""
    values = sheet.values_of(number)
    return min(values) + max(values) - value if number in sheet.reverse else value


def score(sheet: ScaleSheet, target: Target, answers: Answers) -> Fraction | None:
    """The score, or None where too many answers are missing.

    Sum or mean of what was answered; with missing answers the mean of the others stands for them,
    and a sum is rounded half up before it becomes a standard score.
    """
    members = sheet.members(target)
    given = [
        counted(sheet, number, value)
        for number in members
        if (value := answers[number - 1]) is not None
    ]
    missing = len(members) - len(given)
    if missing and (sheet.missing.rule == "refuse" or len(given) < sheet.needed(target)):
        return None
    mean = Fraction(sum(given), len(given))
    if sheet.method == "mean":
        return mean
    total = mean * len(members)
    return reported(sheet, Fraction(floor(total + Fraction(1, 2))) if missing else total)


def positive_values(sheet: ScaleSheet) -> list[int]:
    """The values of answers that make a question a positive item, lowest first."""
    least = sheet.positive_from
    values = {value for number in sheet.members(None) for value in sheet.values_of(number)}
    return [] if least is None else sorted(value for value in values if value >= least)


def positive_items(sheet: ScaleSheet, answers: Answers) -> int | None:
    """How many answers reach the value, or None where one is missing."""
    given = [answers[number - 1] for number in sheet.members(None)]
    return None if None in given else sum(value in positive_values(sheet) for value in given)


def bands_of(sheet: ScaleSheet, target: Target) -> tuple[Band, ...]:
    """The bands of the total or a factor, lowest first."""
    return tuple(sorted((b for b in sheet.bands if b.of == target), key=lambda band: band.start))


def band_place(sheet: ScaleSheet, target: Target, points: Fraction) -> int | None:
    """The place of the band a score lies in; it reaches up to where the next one starts."""
    places = [n for n, b in enumerate(bands_of(sheet, target)) if n == 0 or b.start <= points]
    return places[-1] if places else None


def is_flagged(sheet: ScaleSheet, target: Target, points: Fraction | None) -> bool:
    """Tell whether a score reaches the cut-off of its scale."""
    return points is not None and any(
        points <= cutoff.at if cutoff.is_low else points >= cutoff.at
        for cutoff in sheet.cutoffs
        if cutoff.of == target
    )


def calls(rule: Calling, answers: Answers) -> bool:
    """Tell whether an answer is one of those the rule names."""
    return answers[rule.question - 1] in rule.answers
