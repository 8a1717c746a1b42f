"""`xinqiao psychometrics`: how exact a questionnaire is, whom it fits, whose answers to doubt.

One module a verb. A verb reads CODE and IN.csv through `sample`, calls `app.psychometrics`, and
prints one object with `--json`, aligned tables without. Exit codes: 0 done, 1 the file or the map
is wrong (every cell named), 2 the data do not allow the figure, in one sentence.
"""

import click

from app.cli.lazy import LazyGroup

VERBS = {
    "norms": ("norms", "Norms of one's own people, by sex, school year and age."),
    "reliability": ("reliability", "How exact the scales are: alpha, omega, items, SEM."),
    "retest": ("retest", "How well two times agree, and whose change is more than error."),
    "validity": ("validity", "Whose answers were perhaps given without reading."),
}


@click.group(cls=LazyGroup, package="app.cli.psychometrics", modules=VERBS)
def psychometrics() -> None:
    """Judge how exact and how fair a questionnaire is, from a raw table of answers."""
