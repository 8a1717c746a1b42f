"""What makes norms consistent: known scales, complete tables, groups that do not shadow."""

from collections.abc import Iterator

from app.instruments.model import Instrument
from app.instruments.norms import NormGroup
from app.instruments.origin import Finding, Location
from app.instruments.said import said
from app.instruments.scales import Conversion


def check_norms(instrument: Instrument) -> Iterator[Finding]:
    """Yield every conversion that the norms beside the instrument cannot serve."""
    for index, scale in enumerate(instrument.scales):
        at: Location = ("scales", index, "convert")
        conversion = scale.convert
        yield from _check_keys(at, conversion)
        if conversion.norms is None:
            continue
        table = next((norm for norm in instrument.norms if norm.code == conversion.norms), None)
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
