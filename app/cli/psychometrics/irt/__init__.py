"""`xinqiao psychometrics irt`: items and people on one trait (2PL, graded response model)."""

import click

from app.cli.lazy import LazyGroup

VERBS = {
    "fit": ("fit", "Place the items of each scale on its trait."),
    "score": ("score", "Place people on a trait whose items were placed before."),
}


@click.group(cls=LazyGroup, package="app.cli.psychometrics.irt", modules=VERBS)
def irt() -> None:
    """Item response theory: 2PL for two answers, graded response for more."""
