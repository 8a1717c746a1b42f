"""Which items of an instrument are analysed together, and the structure it claims for them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from app.cli.psychometrics.sample import Sample
from app.instruments.scales import Scale
from app.scoring.results import Floats


@dataclass(frozen=True)
class Whole:
    """Items that are analysed together, turned as their scales turn them.

    `structure` names the items of each scale, empty where the instrument claims no parts.
    """

    name: str
    codes: tuple[str, ...]
    matrix: Floats
    structure: Mapping[str, tuple[str, ...]]


def wholes(sample: Sample) -> list[Whole]:
    """Return what to analyse: all subscales together where they share no item, else each scale.

    Subscales are the sums that hold no smaller one; a scale of neither direction (lie items) is no
    part of the structure.
    """
    leaves = sample.compiled.formulas.leaves
    scales = [scale for scale in sample.sum_scales if scale.higher_is != "neither"]
    items = {scale.code: frozenset(leaves[scale.code]) for scale in scales}
    smallest = [s for s in scales if not any(items[o.code] < items[s.code] for o in scales)]
    codes = [code for scale in smallest for code in leaves[scale.code]]
    if len(smallest) > 1 and len(codes) == len(set(codes)):
        return [_together(sample, smallest)]
    largest = [s for s in scales if not any(items[s.code] < items[o.code] for o in scales)]
    return [_alone(sample, scale) for scale in largest]


def _together(sample: Sample, scales: list[Scale]) -> Whole:
    parts = [sample.items(scale) for scale in scales]
    return Whole(
        name=sample.compiled.instrument.code,
        codes=tuple(code for part in parts for code in part.codes),
        matrix=np.column_stack([part.matrix for part in parts]),
        structure={s.code: part.codes for s, part in zip(scales, parts, strict=True)},
    )


def _alone(sample: Sample, scale: Scale) -> Whole:
    part = sample.items(scale)
    return Whole(scale.code, part.codes, part.matrix, {})
