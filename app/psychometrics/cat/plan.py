"""What an adaptive questionnaire may ask, has to ask, and when it stops."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from app.psychometrics.cases import Floats
from app.psychometrics.irt.model import GRID, GradedModel
from app.psychometrics.refusal import CannotEstimate

#: Answers so far, in the order asked: item → answer, None where it was refused.
Asked = Mapping[str, float | None]

#: Items of equal content, where a plan names none.
ANY = ""


@dataclass(frozen=True)
class Plan:
    """The bank and the rules.

    `start` is where on the trait the first item should be most exact. Asking stops once the
    standard error is at most `error`, not before `fewest` items and at `most` items at the latest.

    `critical` items are asked of everybody, whatever the estimate: from place `critical_from` on
    they come before all others, early enough for who leaves midway, and nothing stops before them.

    `areas` names the content of each item and `shares` how much of the questionnaire each area
    should make up (any positive weights); both empty: content does not matter.

    Raises
    ------
    CannotEstimate
        If the rules contradict each other or name items and areas that do not exist.
    """

    model: GradedModel
    error: float = 0.4
    fewest: int = 3
    most: int = 12
    start: float = 0.0
    critical: tuple[str, ...] = ()
    critical_from: int = 3
    areas: Mapping[str, str] = field(default_factory=dict)
    shares: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse rules that cannot be kept."""
        codes = set(self.model.codes)
        if unknown := [code for code in (*self.critical, *self.areas) if code not in codes]:
            raise CannotEstimate(f"The bank has no item {', '.join(unknown)}.")
        if not 1 <= self.fewest <= self.most:
            raise CannotEstimate(
                "A plan asks at least one item, and no fewer at most than at least."
            )
        if self.most < len(self.critical):
            raise CannotEstimate(
                f"{len(self.critical)} critical items are always asked; "
                f"the plan ends after {self.most}."
            )
        if not self.error > 0:
            raise CannotEstimate("The standard error to reach is above 0.")
        self._check_areas()

    def _check_areas(self) -> None:
        if not self.shares and not self.areas:
            return
        present = {self.area(code) for code in self.model.codes}
        if present != set(self.shares) or min(self.shares.values()) <= 0:
            raise CannotEstimate("Every item needs an area, and every area a share above 0.")

    def area(self, code: str) -> str:
        """Return the content area of an item."""
        return self.areas.get(code, ANY)

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The place of each item in the bank."""
        return {code: place for place, code in enumerate(self.model.codes)}

    @cached_property
    def log_probabilities(self) -> tuple[Floats, ...]:
        """For each item log P of its answers on the grid, (answers, nodes)."""
        return tuple(GradedModel((item,)).log_probabilities(GRID) for item in self.model.items)
