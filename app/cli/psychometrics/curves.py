"""What cutoff, irt fit and factor draw."""

from collections.abc import Sequence

import numpy as np

from app.cli.psychometrics.drawing import Axis, Panel, steps
from app.cli.psychometrics.printing import interval
from app.psychometrics.cutoffs import CutoffFigures
from app.psychometrics.estimate import Estimate
from app.psychometrics.factor.parallel import Parallel
from app.psychometrics.irt.model import GradedModel
from app.psychometrics.roc import RocCurve

TRAIT = np.linspace(-4.0, 4.0, 161)


def roc_panel(
    title: str, area: Estimate, curve: RocCurve, marked: Sequence[tuple[CutoffFigures, str]]
) -> Panel:
    """What each cut-off finds against what it flags in vain, the `marked` ones with their words."""
    figure = interval((area.value, area.low, area.high), 2)
    told = [
        f"{words} finds {at.sensitivity.value:.0%} of the cases and flags "
        f"{1 - at.specificity.value:.0%} of the others"
        for at, words in marked
    ]
    shares = (0, 0.2, 0.4, 0.6, 0.8, 1)
    panel = Panel(
        title=f"{title}: area under the curve {figure}",
        description=f"{title}: area under the curve {figure}. {'; '.join(told)}.",
        x=Axis(0, 1, "others flagged in vain (1 - specificity)", shares),
        y=Axis(0, 1, "cases found (sensitivity)", shares),
        height=500.0,
    )
    panel.line([(0, 0), (1, 1)], dashed=True, bold=False)
    panel.words((0.62, 0.56), "chance, area 0.50")
    across, up = 1 - curve.specificity, curve.sensitivity
    panel.line([(0.0, 0.0), *zip(across.tolist(), up.tolist(), strict=True)])
    for at, words in marked:
        point = (1 - at.specificity.value, at.sensitivity.value)
        panel.dot(point)
        panel.words((point[0], point[1] - 0.03), words)
    return panel


def information_panel(title: str, model: GradedModel) -> Panel:
    """Where on the trait a scale measures exactly: its items thin, the scale bold."""
    items = model.information(TRAIT)
    total = items.sum(axis=0)
    top = int(total.argmax())
    best = f"SE {1 / np.sqrt(total[top]):.2f} at {TRAIT[top]:.1f}"
    most = float(total[top])
    panel = Panel(
        title=f"{title}: most exact at {TRAIT[top]:.1f}",
        description=f"{title}: the standard error is smallest, {best}. At -2 it is "
        f"{1 / np.sqrt(total[40]):.2f}, at 0 {1 / np.sqrt(total[80]):.2f}, at 2 "
        f"{1 / np.sqrt(total[120]):.2f}.",
        x=Axis(-4, 4, "trait: 0 is the mean of those it was fitted to, 1 their sd", range(-4, 5)),
        y=Axis(0, most * 1.15, "information = 1 / SE² (thin: each item)", steps(0, most * 1.15)),
        height=420.0,
    )
    for curve in items:
        panel.line(zip(TRAIT.tolist(), curve.tolist(), strict=True), bold=False)
    panel.line(zip(TRAIT.tolist(), total.tolist(), strict=True))
    panel.dot((float(TRAIT[top]), most))
    panel.words((float(TRAIT[top]), most * 1.06), best)
    return panel


def scree_panel(title: str, found: Parallel) -> Panel:
    """The eigenvalues of components, and the 95th percentile of those of noise."""
    values = found.components
    k, count = len(values.observed), values.by_percentile
    most = float(values.observed[0]) * 1.08
    panel = Panel(
        title=f"{title}: {count} above noise",
        description=f"{title}: eigenvalues "
        + ", ".join(f"{value:.2f}" for value in values.observed[: count + 1])
        + " …; of noise "
        + ", ".join(f"{value:.2f}" for value in values.noise_percentile[: count + 1])
        + f" …. {count} lie above.",
        x=Axis(1, k, "component", range(1, k + 1)),
        y=Axis(0, most, "eigenvalue", steps(0, most)),
    )
    noise = values.noise_percentile.tolist()
    panel.line(list(enumerate(noise, start=1)), dashed=True, bold=False)
    panel.words((k, noise[-1]), "noise (95 %)")
    panel.line(list(enumerate(values.observed.tolist(), start=1)))
    for n, value in enumerate(values.observed.tolist(), start=1):
        panel.dot((n, value), filled=n <= count, words=f"{value:.2f}")
    return panel
