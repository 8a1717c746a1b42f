"""Scales: items scored together, with their missing-answer rule, bands and cut-offs."""

from typing import Annotated, Literal

from pydantic import Field

from app.instruments.words import Code, Group, ItemCode, Number, Part, Sentence, Text

Rounding = Literal["none", "half_up", "half_even", "down", "up"]
Method = Literal["sum", "mean"]


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
    """How the raw score becomes the reported one: multiplied, then shifted, then rounded."""

    multiply: Number = 1
    add: Number = 0
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


class Scale(Part):
    """A score: which items, put together how, and what the number means."""

    code: Code
    title: Text
    method: Method
    items: Annotated[tuple[ItemCode, ...], Field(min_length=1)]
    reverse: tuple[ItemCode, ...] = ()
    missing: MissingRule
    convert: Conversion = Conversion()
    range: tuple[Number, Number]
    higher_is: Literal["worse", "better", "neither"]
    bands: tuple[BandSet, ...] = ()
    cutoffs: tuple[Cutoff, ...] = ()

    @property
    def band_codes(self) -> tuple[str, ...]:
        """Every band of every set, in the order written, each once."""
        codes = (band.code for entry in self.bands for band in entry.bands)
        return tuple(dict.fromkeys(codes))
