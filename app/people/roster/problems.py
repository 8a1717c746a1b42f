"""What is wrong with a roster, in sentences that say how to mend it."""

from dataclasses import dataclass, field

from app.people.roster.columns import Column


def N_(sentence: str) -> str:  # noqa: N802 -- gettext's own name for "translate this later"
    """Mark a sentence for the translators; who shows it translates it."""
    return sentence


@dataclass(frozen=True, slots=True)
class RosterProblem:
    """One fault of one cell (or, without a column, of the whole file)."""

    sentence: str
    words: dict[str, str | int] = field(default_factory=dict)
    column: Column | None = None

    def __str__(self) -> str:
        return self.sentence % self.words


class RosterFileError(ValueError):
    """A file that cannot be read as a roster at all."""

    def __init__(self, problem: RosterProblem) -> None:
        self.problem = problem
        super().__init__(str(problem))
