"""From the raw score to the reported one: linear, z, T, percentile, or a table of norms."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from app.instruments.model import Instrument
from app.instruments.norms import NormGroup
from app.instruments.scales import Conversion, Scale
from app.scoring.people import People
from app.scoring.results import Floats
from app.scoring.rounding import TOLERANCE, rounded

T_MEAN, T_DEVIATION = 50.0, 10.0


@dataclass(frozen=True)
class ConversionPlan:
    """The conversion of one scale with the norm groups it may need."""

    conversion: Conversion
    groups: tuple[NormGroup, ...]

    @classmethod
    def of(cls, scale: Scale, instrument: Instrument) -> "ConversionPlan":
        """Prepare the conversion of `scale`."""
        groups = [
            table.scales[scale.code]
            for table in instrument.norms
            if table.code == scale.convert.norms
        ]
        return cls(scale.convert, groups[0] if groups else ())

    def apply(self, raw: Floats, people: People) -> Floats:
        """Return the reported scores; NaN for people no norm group is meant for."""
        conversion = self.conversion
        if conversion.method == "linear":
            if conversion.multiply == 1 and conversion.add == 0 and conversion.round == "none":
                return raw
            return rounded(raw * conversion.multiply + conversion.add, conversion.round)
        if conversion.table is not None:
            return rounded(looked_up(raw, conversion.table), conversion.round)
        score = np.full(len(raw), np.nan)
        is_open = np.ones(len(raw), dtype=np.bool_)
        for group in self.groups:
            mine = is_open & people.in_group(group.group)
            score[mine] = _STANDARDS[conversion.method](raw[mine], group)
            is_open &= ~mine
        return rounded(score, conversion.round)


def looked_up(raw: Floats, table: dict[float, float]) -> Floats:
    """Return the table's value for every raw score; NaN for one the table does not hold."""
    keys = np.array(sorted(table), dtype=np.float64)
    values = np.array([table[key] for key in sorted(table)], dtype=np.float64)
    places = np.minimum(np.searchsorted(keys, raw - TOLERANCE), len(keys) - 1)
    return np.where(np.abs(keys[places] - raw) <= TOLERANCE, values[places], np.nan)


def z_score(raw: Floats, group: NormGroup) -> Floats:
    """Return (raw - mean) / sd of the norm group."""
    return (raw - (group.mean or 0.0)) / (group.sd or np.nan)


def t_score(raw: Floats, group: NormGroup) -> Floats:
    """Return 50 + 10 z."""
    return T_MEAN + T_DEVIATION * z_score(raw, group)


def percentile(raw: Floats, group: NormGroup) -> Floats:
    """Return the percentage of the norm group at or below; by table, else by normal curve."""
    if group.table is not None:
        return looked_up(raw, group.table)
    from scipy.special import ndtr  # slow to import, and rarely needed

    shares: Floats = ndtr(z_score(raw, group))
    return 100.0 * shares


def table_score(raw: Floats, group: NormGroup) -> Floats:
    """Return what the group's table says."""
    return looked_up(raw, group.table or {})


_STANDARDS: dict[str, Callable[[Floats, NormGroup], Floats]] = {
    "z": z_score,
    "t": t_score,
    "percentile": percentile,
    "lookup": table_score,
}
