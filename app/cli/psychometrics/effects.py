"""How differently two groups answer each item: the figure that dif prints and draws."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.cli.psychometrics.drawing import Axis, Panel, steps
from app.cli.psychometrics.printing import interval
from app.psychometrics.dif.mantel import (
    B_FROM,
    BB_FROM,
    C_FROM,
    CC_FROM,
    Judgement,
    Mantel,
    MantelHaenszel,
)

ROW = 26.0
#: From where an effect may be of the middle class, and of the largest, by the figure's name.
CLASSES = {"MH D-DIF": (B_FROM, C_FROM), "SMD / sd": (BB_FROM, CC_FROM)}


@dataclass(frozen=True)
class Effect:
    """An effect with its interval and class; minus: the focal group answers lower."""

    figure: str
    value: float
    low: float
    high: float
    size: str

    def __str__(self) -> str:
        """Return the effect with its bounds."""
        return interval((self.value, self.low, self.high), 2)


def effect_of(judged: Judgement) -> Effect | None:
    """Return the effect of one item; None where it allows no figure."""
    if isinstance(judged, MantelHaenszel):
        one = judged.d_dif
        low, high = (one.value if end is None else end for end in (one.low, one.high))
        return Effect("MH D-DIF", one.value, low, high, judged.ets_class)
    if isinstance(judged, Mantel):
        share = judged.effect / judged.smd.value if judged.smd.value else 0.0
        low, high = (share * (bound or 0.0) for bound in (judged.smd.low, judged.smd.high))
        return Effect("SMD / sd", judged.effect, low, high, judged.naep_class)
    return None


def effect_panels(
    title: str, focal: str, codes: Sequence[str], judged: Sequence[Judgement]
) -> list[Panel]:
    """Each item's effect with its class in letters; a panel for each of the two figures."""
    effects = [(code, effect_of(one)) for code, one in zip(codes, judged, strict=True)]
    known = [(code, one) for code, one in effects if one is not None]
    return [
        _panel(title, focal, figure, [(code, one) for code, one in known if one.figure == figure])
        for figure in CLASSES
        if any(one.figure == figure for _, one in known)
    ]


def _panel(title: str, focal: str, figure: str, known: Sequence[tuple[str, Effect]]) -> Panel:
    middle, large = CLASSES[figure]
    reach = 1.08 * max([1.2 * large, *(max(-one.low, one.high) for _, one in known)])
    rows = len(known)
    told = f"{title}: {figure} with class, minus: {focal} answers lower than equals."
    panel = Panel(
        title=f"{title}: {_flagged(known)} of {rows} items above class {_smallest(figure)}",
        description=f"{told} " + ", ".join(f"{c} {one} class {one.size}" for c, one in known) + ".",
        x=Axis(-reach, reach, f"{figure} (minus: {focal} answers lower)", steps(-reach, reach)),
        y=Axis(0.5, rows + 0.5, _legend(figure)),
        height=110.0 + ROW * rows,
    )
    panel.band([(-middle, 0.5), (-middle, rows + 0.5)], [(middle, 0.5), (middle, rows + 0.5)])
    for place in (-large, large):
        panel.line([(place, 0.5), (place, rows + 0.5)], dashed=True, bold=False)
    panel.line([(0, 0.5), (0, rows + 0.5)], bold=False)
    for place, (code, one) in enumerate(reversed(known), start=1):
        is_flagged = one.size != _smallest(figure)
        panel.name(place, code)
        panel.line([(one.low, place), (one.high, place)], bold=is_flagged)
        panel.dot((one.value, place), filled=is_flagged, words=str(one))
        panel.words((reach, place), f"{one.size}  {one.value:.2f}", bold=is_flagged)
    return panel


def _legend(figure: str) -> str:
    smallest = _smallest(figure)
    largest = smallest.replace("A", "C")
    return (
        f"pale: {smallest} whatever p; beyond the dashes: {largest} where surely so; "
        f"filled: above {smallest}"
    )


def _smallest(figure: str) -> str:
    return "A" if figure == "MH D-DIF" else "AA"


def _flagged(known: Sequence[tuple[str, Effect]]) -> int:
    return sum(one.size != _smallest(one.figure) for _, one in known)
