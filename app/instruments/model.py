"""A questionnaire as published: the frozen model that every other room reads."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Field, PrivateAttr

from app.instruments.examples import Example
from app.instruments.flags import FlagRule
from app.instruments.items import Item, ResponseOption, Section
from app.instruments.norms import NormTable
from app.instruments.origin import Origin
from app.instruments.scales import Scale
from app.instruments.words import (
    AgeRange,
    Code,
    Licence,
    Locale,
    Loinc,
    Part,
    Sentence,
    Stage,
    Text,
    Translation,
)

__all__ = ["Instrument", "InstrumentSource", "Item", "ResponseOption", "Scale", "Text"]


@dataclass(frozen=True)
class InstrumentSource:
    """The files of one instrument version as text; a published version stores exactly these."""

    instrument: str
    examples: str | None = None
    norms: str | None = None
    #: The pictures and recordings that its items name, by path.
    media: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def content_hash(self) -> str:
        """SHA-256 over the files, independent of line endings and byte-order marks of texts."""
        digest = hashlib.sha256()
        for name in ("instrument", "norms", "examples"):
            text: str | None = getattr(self, name)
            if text is not None:
                canonical = text.removeprefix("\ufeff").replace("\r\n", "\n")
                digest.update(f"{name}\n{len(canonical)}\n{canonical}\n".encode())
        for path, content in sorted(self.media.items()):
            digest.update(f"{path}\n{len(content)}\n".encode() + content)
        return digest.hexdigest()


class Instrument(Part):
    """One version of one questionnaire."""

    code: Code
    version: Annotated[str, Field(pattern=r"^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$")]
    title: Text
    student_title: Text
    languages: Annotated[tuple[Locale, ...], Field(min_length=1)]
    recall: Text
    instructions: Text
    informant: Literal["self", "guardian", "teacher", "interviewer"] = "self"
    ages: AgeRange
    stages: tuple[Stage, ...] = ()
    licence: Licence
    citation: Sentence
    loinc: Loinc | None = None
    translations: dict[Locale, Translation]
    notes: Sentence | None = None
    option_sets: dict[Code, tuple[ResponseOption, ...]] = Field(default_factory=dict)
    items: Annotated[tuple[Item, ...], Field(min_length=1, max_length=500)]
    sections: tuple[Section, ...] = ()
    scales: Annotated[tuple[Scale, ...], Field(max_length=60)]
    flags: tuple[FlagRule, ...] = ()

    _source: InstrumentSource = PrivateAttr()
    _examples: tuple[Example, ...] = PrivateAttr(default=())
    _norms: tuple[NormTable, ...] = PrivateAttr(default=())
    _origin: Origin = PrivateAttr()

    @property
    def source(self) -> InstrumentSource:
        """The text this instrument was read from."""
        return self._source

    @property
    def examples(self) -> tuple[Example, ...]:
        """The worked examples that prove the scoring."""
        return self._examples

    @property
    def norms(self) -> tuple[NormTable, ...]:
        """The norm tables that stand beside the instrument."""
        return self._norms

    @property
    def origin(self) -> Origin:
        """The files and places behind this instrument, for messages."""
        return self._origin

    @property
    def content_hash(self) -> str:
        """The fingerprint of the text; equal text, equal hash."""
        return self._source.content_hash

    @property
    def item_codes(self) -> tuple[str, ...]:
        """Item codes in published order."""
        return tuple(item.code for item in self.items)

    @property
    def has_item_texts(self) -> bool:
        """False for a licensed instrument whose wording the site has to supply."""
        return all(item.text is not None for item in self.items)

    @property
    def awaits_signature(self) -> bool:
        """True while it asks about suicide in a wording that nobody validated and nobody signed."""
        unsigned = any(
            translation.status == "unvalidated" and translation.signed_by is None
            for translation in self.translations.values()
        )
        return unsigned and any(item.critical for item in self.items)

    @property
    def flag_codes(self) -> tuple[str, ...]:
        """Every flag this instrument can raise."""
        return (
            *(f"critical_{item.code}" for item in self.items if item.critical),
            *(f"attention_{item.code}" for item in self.items if item.attention),
            *(f"cutoff_{scale.code}" for scale in self.scales if scale.cutoffs),
            *(rule.code for rule in self.flags),
        )

    @property
    def shown_sections(self) -> tuple[Section, ...]:
        """The sections of the file; without any, one section of all items."""
        return self.sections or (Section(code="all", items=self.item_codes),)

    def item(self, code: str) -> Item:
        """Return the item called `code`."""
        return next(item for item in self.items if item.code == code)

    def scale(self, code: str) -> Scale:
        """Return the scale called `code`."""
        return next(scale for scale in self.scales if scale.code == code)
