"""Scales: items scored together, with their missing-answer rule, bands and cut-offs."""

from typing import Annotated, Literal

from pydantic import Field

from app.instruments.words import Code, Group, Number, Part, Sentence, Text

Rounding = Literal["none", "half_up", "half_even", "down", "up"]
Method = Literal["sum", "mean", "weighted_sum", "count", "max", "expression", "rules"]

#: 1.96 standard errors of a difference: a change this large is chance in one case of twenty.
RELIABLE = 1.96


class MissingRule(Part):
    """What happens when answers are missing; every scale has to say.

    `refuse`: any missing answer leaves the scale without a score. `prorate`: with `at_least`
    answers the mean of the answered items stands for the missing ones, rounded as `round` says.
    `available`: with `at_least` answers only the answered items count. `substitute`: with
    `at_least` answers every missing one counts as `value`.
    """

    rule: Literal["refuse", "prorate", "available", "substitute"]
    at_least: Annotated[int, Field(ge=1)] | None = None
    round: Rounding | None = None
    value: Number | None = None


class Conversion(Part):
    """How the raw score becomes the reported one.

    `linear` multiplies, then adds. `z` and `t` compare with the mean and standard deviation of a
    norm group, `percentile` with its distribution. `lookup` reads a table, here or in the norms.
    The result is rounded last.
    """

    method: Literal["linear", "z", "t", "percentile", "lookup"] = "linear"
    multiply: Number = 1
    add: Number = 0
    norms: Code | None = None
    table: dict[Number, Number] | None = None
    round: Rounding = "none"


class Band(Part):
    """A named interval of the reported score; it reaches up to where the next one starts."""

    code: Code
    start: Number | None = Field(None, alias="from")
    end: Number | None = Field(None, alias="to")
    label: Text


class BandSet(Part):
    """Bands from one source for one population; entries of one `set` share its name."""

    set: Code
    source: Sentence
    population: Sentence
    group: Group | None = Field(None, alias="for")
    bands: Annotated[tuple[Band, ...], Field(min_length=1)]


class Cutoff(Part):
    """A score from which (or down to which) a person is followed up, with its source."""

    set: Code
    at_least: Number | None = None
    at_most: Number | None = None
    meaning: Text
    source: Sentence
    population: Sentence
    group: Group | None = Field(None, alias="for")


class Rule(Part):
    """One outcome of a scale that is decided by rules; the first that holds is the result."""

    band: Code
    label: Text
    score: Number
    when: Sentence | None = None
    otherwise: bool = False


class Reliability(Part):
    """How exact the score is: its standard error, or a reliability with its standard deviation."""

    sem: Annotated[Number, Field(gt=0)] | None = None
    coefficient: Annotated[Number, Field(gt=0, lt=1)] | None = None
    sd: Annotated[Number, Field(gt=0)] | None = None
    source: Sentence
    population: Sentence

    @property
    def standard_error(self) -> float:
        """The standard error of measurement."""
        if self.sem is not None:
            return float(self.sem)
        return float((self.sd or 0) * (1 - (self.coefficient or 0)) ** 0.5)


class Scale(Part):
    """A score: which items or scales, put together how, and what the number means."""

    code: Code
    title: Text
    method: Method
    items: tuple[Code, ...] = ()
    scales: tuple[Code, ...] = ()
    reverse: tuple[Code, ...] = ()
    weights: dict[Code, Number] = Field(default_factory=dict)
    endorsed: dict[str, Annotated[tuple[Number, ...], Field(min_length=1)]] = Field(
        default_factory=dict
    )
    expression: Sentence | None = None
    rules: tuple[Rule, ...] = ()
    missing: MissingRule
    convert: Conversion = Conversion()
    range: tuple[Number, Number]
    higher_is: Literal["worse", "better", "neither"]
    reliability: Reliability | None = None
    bands: tuple[BandSet, ...] = ()
    cutoffs: tuple[Cutoff, ...] = ()

    @property
    def band_codes(self) -> tuple[str, ...]:
        """Every band of every set, in the order written, each once."""
        ranged = (band.code for entry in self.bands for band in entry.bands)
        return tuple(dict.fromkeys([*(rule.band for rule in self.rules), *ranged]))

    @property
    def set_names(self) -> frozenset[str]:
        """The named sets of bands and cut-offs to choose from."""
        bands, cutoffs = (e.set for e in self.bands), (e.set for e in self.cutoffs)
        return frozenset([*bands, *cutoffs])

    @property
    def least_change(self) -> float | None:
        """The smallest difference that is reliable, None where no reliability is cited."""
        if self.reliability is None:
            return None
        return float(RELIABLE * 2**0.5 * self.reliability.standard_error)

    def endorsed_values(self, item: str) -> tuple[Number, ...]:
        """Return the answers of `item` that count; its own entry goes before `all`."""
        return self.endorsed.get(item, self.endorsed.get("all", ()))
