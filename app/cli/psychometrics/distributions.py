"""How figures of people are distributed: what validity and irt score draw."""

from collections.abc import Sequence

import numpy as np

from app.cli.psychometrics.drawing import Axis, Panel, steps
from app.psychometrics.irt.scoring import TraitScores
from app.scoring.results import Floats

#: More bars than this cannot be told apart.
BARS = 40
#: Room above the highest bar for the words of the limits.
ROOM = 1.35


def histogram_panel(
    title: str, values: Floats, label: str, limits: Sequence[tuple[float, str]] = ()
) -> Panel:
    """How many people have which figure, and at each of `limits` a line with its words."""
    known = values[~np.isnan(values)]
    edges = _edges(known)
    counts = np.histogram(known, edges)[0].tolist()
    places = [place for place, _ in limits]
    low, high = min([float(edges[0]), *places]), max([float(edges[-1]), *places])
    most = ROOM * max(counts)
    quarters = " to ".join(f"{one:.2f}" for one in np.quantile(known, (0.25, 0.75)))
    panel = Panel(
        title=title,
        description=f"{title}: {len(known)} people, half of them from {quarters}"
        + "".join(f"; {words}" for _, words in limits)
        + ".",
        x=Axis(low, high, label, steps(low, high, 10)),
        y=Axis(0, most, "people", [tick for tick in steps(0, most, 5) if tick == int(tick)]),
        height=240.0,
    )
    for left, right, count in zip(edges[:-1].tolist(), edges[1:].tolist(), counts, strict=True):
        if count:
            panel.bar(left, right, count, words=f"people: {count}")
    for row, (place, words) in enumerate(limits):
        panel.line([(place, 0), (place, most)], dashed=True)
        is_right = panel.x.share(place) > 0.5  # noqa: PLR2004 -- words stand where there is room
        panel.words((place, most * (0.95 - 0.1 * row)), words, before=is_right)
    return panel


def error_panel(title: str, found: TraitScores) -> Panel:
    """The standard error of each place: people who answered alike share a dot."""
    known = ~np.isnan(found.theta)
    theta, error = found.theta[known], found.error[known]
    least, most = int(error.argmin()), int(error.argmax())
    low, high = float(np.floor(theta.min())), float(np.ceil(theta.max()))
    top = 1.15 * float(error[most])
    panel = Panel(
        title=f"{title}: how exact the places are",
        description=f"{title}: standard errors from {error[least]:.2f}, at {theta[least]:.2f}, "
        f"to {error[most]:.2f}, at {theta[most]:.2f}.",
        x=Axis(low, high, "EAP: 0 is the mean of those the items were fitted to", steps(low, high)),
        y=Axis(0, top, "SE (lower: more exact)", steps(0, top)),
    )
    for point in sorted(set(zip(theta.round(2).tolist(), error.round(3).tolist(), strict=True))):
        panel.dot(point, filled=False, words=f"{point[0]:.2f}, SE {point[1]:.2f}")
    return panel


def _edges(known: Floats) -> Floats:
    low, high = float(known.min()), float(known.max())
    if (known == known.round()).all() and high - low < BARS:
        return np.arange(low - 0.5, high + 1)
    bars = min(BARS, round(2 * len(known) ** 0.5))
    return np.linspace(low, high, bars + 1) if high > low else np.array([low - 0.5, low + 0.5])
