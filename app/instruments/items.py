"""Items: what is asked, how it may be answered, and which answers call a person."""

from typing import Annotated, Literal

from pydantic import Field

from app.instruments.words import REFUSED, Chosen, ItemCode, Number, Part, Text

ItemKind = Literal["single"]
Lane = Literal["fast", "same_day"]


class ResponseOption(Part):
    """One answer that can be chosen; `refusal` marks the option that means “I will not say”."""

    value: Number
    label: Text | None = None
    refusal: bool = False


class CriticalRule(Part):
    """Answers of one item that call a person, and how fast."""

    answers: Annotated[tuple[Chosen, ...], Field(min_length=1)]
    lane: Lane
    imminent: bool = False


class AttentionRule(Part):
    """Answers that a counsellor should notice, without an alarm."""

    answers: Annotated[tuple[Chosen, ...], Field(min_length=1)]


class Item(Part):
    """One question of an instrument."""

    code: ItemCode
    kind: ItemKind = "single"
    text: Text | None = None
    options: Annotated[tuple[ResponseOption, ...], Field(min_length=2, max_length=30)]
    scored: bool = True
    critical: tuple[CriticalRule, ...] = ()
    attention: AttentionRule | None = None
    not_critical: Annotated[str, Field(min_length=10)] | None = None

    @property
    def values(self) -> tuple[Number, ...]:
        """The option values in the order shown."""
        return tuple(option.value for option in self.options)

    @property
    def refusal_value(self) -> Number | None:
        """The value that records a refusal, where the item offers one as an option."""
        return next((option.value for option in self.options if option.refusal), None)

    def critical_rule(self, answer: Chosen) -> CriticalRule | None:
        """Return the first critical rule that `answer` meets."""
        return next((rule for rule in self.critical if self.meets(answer, rule.answers)), None)

    def meets(self, answer: Chosen, answers: tuple[Chosen, ...]) -> bool:
        """Tell whether `answer` is among `answers`; the refusal option is the same as refused."""
        is_refusal = answer in (REFUSED, self.refusal_value)
        return answer in answers or (is_refusal and REFUSED in answers)
