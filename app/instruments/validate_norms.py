"""What makes norms consistent: known scales, moments or tables, and tables without a gap."""

from collections.abc import Iterator

import numpy as np

from app.instruments.model import Instrument
from app.instruments.norms import NormFile, NormGroup, NormTable
from app.instruments.origin import Finding, Location
from app.instruments.reach import Reach
from app.instruments.rounding import TOLERANCE
from app.instruments.said import said
from app.instruments.scales import Conversion, Scale
from app.instruments.words import Number


def check_norm_file(file: NormFile, code: str) -> Iterator[Finding]:
    """Yield what makes the file itself another instrument's, or two of its tables one."""
    if file.instrument != code:
        yield ("instrument",), said("these are norms of another one; write “{code}”.", code=code)
    names = [table.code for table in file.norms]
    for index, name in enumerate(names):
        if name in names[:index]:
            yield (
                ("norms", index, "code"),
                said("“{code}” is used twice; give each its own code.", code=name),
            )


def check_norms(instrument: Instrument) -> Iterator[Finding]:
    """Yield every conversion that the norms beside the instrument cannot serve."""
    for index, scale in enumerate(instrument.scales):
        at: Location = ("scales", index, "convert")
        conversion = scale.convert
        yield from _check_keys(at, conversion)
        if conversion.norms is None:
            continue
        table = _table_of(instrument, conversion)
        if table is None:
            yield (
                (*at, "norms"),
                said(
                    "norms.yaml has no table “{norms}”; add it or correct the name.",
                    norms=conversion.norms,
                ),
            )
        elif scale.code not in table.scales:
            yield (
                (*at, "norms"),
                said(
                    "the norms “{table}” have no {scale}; add it there.",
                    table=table.code,
                    scale=scale.code,
                ),
            )
        elif not all(_serves(group, conversion) for group in table.scales[scale.code]):
            wanted = "mean and sd" if conversion.method in ("z", "t") else "a table"
            yield (
                (*at, "norms"),
                said(
                    "every group of {scale} in the norms needs {wanted}.",
                    scale=scale.code,
                    wanted=wanted,
                ),
            )


def check_tables(
    at: Location, scale: Scale, raw: Reach | None, instrument: Instrument
) -> Iterator[Finding]:
    """Yield a raw score that a table leaves out: whoever has it would get no score and no flag.

    Only where all raw scores can be listed; `raw` is None where none is known.
    """
    if raw is None or raw.scores is None:
        return
    conversion = scale.convert
    if conversion.table is not None and (gap := _gap(conversion.table, raw.scores)) is not None:
        yield (
            (*at, "table"),
            said("the table has no entry for the score {score:g}; add it.", score=gap),
        )
    norms = _table_of(instrument, conversion)
    for group in norms.scales.get(scale.code, ()) if norms else ():
        if group.table is not None and (gap := _gap(group.table, raw.scores)) is not None:
            yield (
                (*at, "norms"),
                said(
                    "a table of {scale} in the norms has no entry for the score {score:g}; add it.",
                    scale=scale.code,
                    score=gap,
                ),
            )


def _gap(table: dict[Number, Number], scores: tuple[float, ...]) -> float | None:
    """The lowest of the scores that is no key of the table."""
    keys = np.array(sorted(table), dtype=np.float64)
    listed = np.array(scores)
    nearest = np.abs(listed[:, None] - keys).min(axis=1, initial=np.inf)
    gaps = listed[nearest > TOLERANCE]
    return float(gaps[0]) if gaps.size else None


def _table_of(instrument: Instrument, conversion: Conversion) -> NormTable | None:
    return next((norm for norm in instrument.norms if norm.code == conversion.norms), None)


def _check_keys(at: Location, conversion: Conversion) -> Iterator[Finding]:
    method = conversion.method
    if method != "linear" and (conversion.multiply != 1 or conversion.add != 0):
        yield (
            at,
            said(
                "“multiply” and “add” belong to the method linear, not {method}; remove them.",
                method=method,
            ),
        )
    if method in ("z", "t", "percentile") and conversion.norms is None:
        yield at, said("the method {method} needs “norms”; name the table.", method=method)
    if method == "lookup" and (conversion.norms is None) == (conversion.table is None):
        yield at, said("the method lookup needs either “table” or “norms”, one of the two.")
    if method == "linear" and conversion.norms is not None:
        yield (*at, "norms"), said("the method linear uses no norms; remove them.")
    if method != "lookup" and conversion.table is not None:
        yield (*at, "table"), said("the method {method} uses no table; remove it.", method=method)


def _serves(group: NormGroup, conversion: Conversion) -> bool:
    has_moments = group.mean is not None and group.sd is not None
    if conversion.method in ("z", "t"):
        return has_moments
    if conversion.method == "percentile":
        return has_moments or group.table is not None
    return group.table is not None
