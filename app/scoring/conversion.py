"""From the raw score to the reported one: linear, z, T, percentile, or a table of norms."""

import numpy as np

from app.instruments.model import Instrument
from app.instruments.rounding import TOLERANCE, rounded
from app.instruments.scales import Scale
from app.scoring.people import People, groups_of
from app.scoring.results import Floats

T_MEAN, T_DEVIATION = 50.0, 10.0


class ConversionPlan:
    """The conversion of one scale with the norm groups it may need."""

    def __init__(self, scale: Scale, instrument: Instrument) -> None:
        self.conversion = scale.convert
        tables = [norm for norm in instrument.norms if norm.code == scale.convert.norms]
        self._norms = tables[0].scales.get(scale.code, ()) if tables else ()
        self._groups = groups_of(tuple(norm.group for norm in self._norms))
        # The last element stands for nobody's group: place -1.
        self._means = np.array([*(_or_nan(norm.mean) for norm in self._norms), np.nan])
        self._deviations = np.array([*(_or_nan(norm.sd) for norm in self._norms), np.nan])

    def apply(self, raw: Floats, people: People) -> Floats:
        """Return the reported scores; NaN for people no norm group is meant for."""
        conversion = self.conversion
        return rounded(self._converted(raw, people), conversion.round)

    def _converted(self, raw: Floats, people: People) -> Floats:
        conversion = self.conversion
        match conversion.method:
            case "linear":
                if conversion.multiply == 1 and conversion.add == 0:
                    return raw
                return raw * conversion.multiply + conversion.add
            case "z":
                return self._z(raw, people)
            case "t":
                return T_MEAN + T_DEVIATION * self._z(raw, people)
            case "lookup" if conversion.table is not None:
                return looked_up(raw, conversion.table)
        return self._by_group(raw, people)

    def _z(self, raw: Floats, people: People) -> Floats:
        """Return (raw - mean) / sd of each person's norm group."""
        which = people.which(self._groups)
        z: Floats = (raw - self._means[which]) / self._deviations[which]
        return z

    def _by_group(self, raw: Floats, people: People) -> Floats:
        """Return what each group's table says; for a percentile without one, the normal curve."""
        which, score = people.which(self._groups), np.full(len(raw), np.nan)
        for place, norm in enumerate(self._norms):
            mine = which == place
            if norm.table is not None:
                score[mine] = looked_up(raw[mine], norm.table)
        if self.conversion.method == "percentile":
            has_table = np.array([*(norm.table is not None for norm in self._norms), True])
            curve = ~has_table[which]
            score[curve] = _normal_percentile(self._z(raw, people)[curve])
        return score


def looked_up(raw: Floats, table: dict[float, float]) -> Floats:
    """Return the table's value for every raw score; NaN for one the table does not hold."""
    keys = np.array(sorted(table), dtype=np.float64)
    values = np.array([table[key] for key in sorted(table)], dtype=np.float64)
    places = np.minimum(np.searchsorted(keys, raw - TOLERANCE), len(keys) - 1)
    return np.where(np.abs(keys[places] - raw) <= TOLERANCE, values[places], np.nan)


def _normal_percentile(z: Floats) -> Floats:
    """Return the percentage of a normal distribution at or below `z` deviations."""
    from scipy.special import ndtr  # slow to import, and rarely needed

    shares: Floats = ndtr(z)
    return 100.0 * shares


def _or_nan(number: float | None) -> float:
    return np.nan if number is None else float(number)
