"""Norms: reference distributions of a population, kept and versioned apart from the instrument."""

from typing import Annotated

from pydantic import Field

from app.instruments.words import Code, Group, Number, Part, Sentence


class NormGroup(Part):
    """One group of a norm table: mean and deviation, or a table from raw to standard score."""

    group: Group | None = Field(None, alias="for")
    size: Annotated[int, Field(ge=1)]
    mean: Number | None = None
    sd: Annotated[Number, Field(gt=0)] | None = None
    table: dict[Number, Number] | None = None


class NormTable(Part):
    """Norms of one source, scale by scale."""

    code: Code
    version: Annotated[str, Field(pattern=r"^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$")]
    source: Sentence
    population: Sentence
    collected: Sentence
    scales: dict[Code, Annotated[tuple[NormGroup, ...], Field(min_length=1)]]


class NormFile(Part):
    """The norms.yaml that stands beside an instrument."""

    instrument: Code
    norms: Annotated[tuple[NormTable, ...], Field(min_length=1)]
