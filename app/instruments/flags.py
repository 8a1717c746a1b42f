"""Flags an instrument declares itself: conditions over items, scales, the battery and the past."""

from typing import Literal

from pydantic import Field

from app.instruments.items import Lane
from app.instruments.words import Code, Part, Sentence, Text


class FlagRule(Part):
    """A condition that raises a flag.

    `critical` calls a person and names a lane; `attention` tells a counsellor; `validity` says
    that the answers are to be read with care; `tag` proposes a special tag, which calls nobody and
    holds only once a person sets it.
    """

    code: Code
    kind: Literal["critical", "attention", "validity", "tag"]
    title: Text
    when: Sentence
    lane: Lane | None = None
    imminent: bool = False
    source: Sentence = Field(min_length=1)
