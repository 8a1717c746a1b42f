"""Cohort scores as a delimited table: one row a person, scores, bands, flags."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TextIO

import numpy as np

from app.scoring.results import Bools, CohortScores, Floats, ScaleColumns


def write_scores(target: TextIO, ids: Sequence[str], scores: CohortScores) -> None:
    """Write `scores` with a header; what cannot be scored stays empty."""
    names = ("score", "raw", "answered", "band")
    header = ["id", *(f"{code}.{name}" for code in scores.scales for name in names), "flags"]
    columns: list[Iterable[str]] = [ids]
    for scale in scores.scales.values():
        columns += [
            number_texts(scale.score),
            number_texts(scale.raw),
            number_texts(scale.answered.astype(np.float64)),
            _bands(scale),
        ]
    columns.append(_flags(scores.flags, scores.size))
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(zip(*columns, strict=True))


def number_text(value: float) -> str:
    """Return `value` with up to four decimals and no trailing zeros; NaN is empty."""
    if np.isnan(value):
        return ""
    text = f"{value:.4f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def number_texts(values: Floats) -> Iterator[str]:
    """Return the text of every value; each distinct one is worked out once."""
    distinct, places = np.unique(values, return_inverse=True)
    texts = [number_text(value) for value in distinct]
    return (texts[place] for place in places.tolist())


def _bands(scale: ScaleColumns) -> Iterator[str]:
    texts = [*scale.band_codes, ""]
    return (texts[place] for place in scale.band.tolist())


def _flags(flags: Mapping[str, Bools], size: int) -> Iterator[str]:
    """Join the codes that fired, in the instrument's order; most people share few combinations."""
    if not flags:
        return iter([""] * size)
    distinct, places = np.unique(np.column_stack(list(flags.values())), axis=0, return_inverse=True)
    texts = [";".join(np.array(list(flags))[row]) for row in distinct]
    return (texts[place] for place in places.ravel().tolist())
