"""What reliability, retest and norms draw."""

from collections.abc import Sequence

import numpy as np

from app.cli.psychometrics.drawing import Axis, Panel, steps
from app.cli.psychometrics.printing import interval
from app.psychometrics.norms import Norms
from app.psychometrics.reliability import Reliability
from app.psychometrics.retest import ReliableChange, Retest
from app.scoring.results import Floats

ROW = 22.0


def items_panel(title: str, codes: Sequence[str], found: Reliability) -> Panel:
    """Each item's correlation with the others, from the first to the last."""
    alpha = interval((found.alpha.value, found.alpha.low, found.alpha.high), 2)
    known = [(c, i.item_rest_r) for c, i in zip(codes, found.items, strict=True)]
    low = min([0.0, *(r for _, r in known if r is not None)])
    panel = Panel(
        title=f"{title}: alpha {alpha}",
        description=f"{title}: alpha {alpha} from {found.complete} people. Item-rest r: "
        + ", ".join(f"{code} {interval(r, 2)}" for code, r in known)
        + ".",
        x=Axis(np.floor(low * 5) / 5, 1.0, "item-rest r", steps(np.floor(low * 5) / 5, 1.0)),
        y=Axis(0.5, len(known) + 0.5, ""),
        height=110.0 + ROW * len(known),
    )
    panel.line([(0.3, 0.5), (0.3, len(known) + 0.5)], dashed=True, bold=False)
    for place, (code, r) in enumerate(reversed(known), start=1):
        panel.name(place, code)
        if r is not None:
            panel.line([(0, place), (r, place)], bold=False)
            panel.dot((r, place))
            panel.words((r, place), f"{r:.2f}", bold=r < 0)
    return panel


def change_panel(title: str, first: Floats, second: Floats, found: Retest) -> Panel:
    """Everybody's two scores; beyond the pale zone a change is more than error."""
    both = np.concatenate([first, second])
    low, high = float(np.nanmin(both)), float(np.nanmax(both))
    change = found.change
    panel = Panel(
        title=f"{title}: ICC(2,1) {interval(found.icc.icc2.value, 2)}",
        description=_told(title, found),
        x=Axis(low, high, "first time", steps(low, high)),
        y=Axis(low, high, "second time", steps(low, high)),
        height=460.0,
    )
    if change is not None:
        _zone(panel, low, high, change.least_change)
    panel.line([(low, low), (high, high)], dashed=True, bold=False)
    for row in np.flatnonzero(~np.isnan(first) & ~np.isnan(second)).tolist():
        is_reliable = change is not None and change.reliable[row] != 0
        point = float(first[row]), float(second[row])
        panel.dot(point, filled=is_reliable, words=f"{point[0]:g}, then {point[1]:g}")
    panel.words((high, high), "no change")
    if change is not None:
        panel.words((high, high - change.least_change), "reliably fallen below")
        panel.words((high - change.least_change, high), "reliably risen above", before=True)
    return panel


def norm_panel(title: str, found: Norms) -> Panel:
    """The percentile rank of each score in one group, in its zone of uncertainty."""
    low, high = found.rows[0].score, found.rows[-1].score
    places = _places(found)
    panel = Panel(
        title=f"{title}, {found.people} people",
        description=f"{title}, {found.people} people: "
        + ", ".join(f"{score:g} points have rank {rank:.0f}" for score, rank in places)
        + ".",
        x=Axis(low, high, "score in raw points", steps(low, high)),
        y=Axis(0, 100, "percentile rank", (0, 25, 50, 75, 100)),
        height=330.0,
    )
    panel.band(
        [(row.score, row.percentile.low or 0) for row in found.rows],
        [(row.score, row.percentile.high or 0) for row in found.rows],
    )
    panel.line([(row.score, row.percentile.value) for row in found.rows])
    for score, rank in places:
        panel.dot((score, rank))
        panel.words((score, rank - 3), f"{score:g} points: rank {rank:.0f}")
    return panel


def _zone(panel: Panel, low: float, high: float, least: float) -> None:
    def inside(shift: float) -> list[tuple[float, float]]:
        xs = np.linspace(low, high, 61)
        return [(float(x), float(np.clip(x + shift, low, high))) for x in xs]

    panel.band(inside(-least), inside(least))


def _told(title: str, found: Retest) -> str:
    told = (
        f"{title}: {found.people} people twice, ICC(2,1) {interval(found.icc.icc2.value, 2)}, "
        f"mean change {interval(found.mean_change.value, 2)}."
    )
    if (change := found.change) is None:
        return told
    return (
        f"{told} A change of more than {change.least_change:.1f} points is more than error: "
        f"{_count(change, 1)} have risen, {_count(change, -1)} fallen."
    )


def _count(change: ReliableChange, way: int) -> int:
    return int((change.reliable == way).sum())


def _places(found: Norms) -> list[tuple[float, float]]:
    """The first scores that reach the ranks 25, 50, 75 and 95, with their own ranks."""
    reached: dict[float, float] = {}
    for rank in (25, 50, 75, 95):
        row = next((row for row in found.rows if row.percentile.value >= rank), found.rows[-1])
        reached[row.score] = row.percentile.value
    return list(reached.items())
