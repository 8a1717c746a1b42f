"""Where an instrument was read from, so that later findings can name their line."""

from dataclasses import dataclass

from app.instruments.problems import Problem
from app.instruments.strict_yaml import Node

Location = tuple[str | int, ...]
#: Where something is wrong, and a sentence that says how to mend it.
Finding = tuple[Location, str]


@dataclass(frozen=True)
class Origin:
    """The files of one instrument with the places of their values."""

    path: str
    root: Node
    examples_path: str
    examples_root: Node | None

    def problem(self, location: Location, message: str) -> Problem:
        """Return a problem at `location` of the instrument file."""
        return Problem(self.path, *self.root.locate(location), message)

    def example_problem(self, location: Location, message: str) -> Problem:
        """Return a problem at `location` of the examples file."""
        place = self.examples_root.locate(location) if self.examples_root else (1, 1)
        return Problem(self.examples_path, *place, message)
