"""Items: what is asked, how it may be answered, and which answers call a person."""

from typing import Annotated, Literal

from pydantic import Field

from app.instruments.words import (
    REFUSED,
    Chosen,
    Code,
    Group,
    Locale,
    Number,
    Part,
    Sentence,
    Text,
)

ItemKind = Literal["single", "multiple", "number", "slider", "date", "text", "info"]
Lane = Literal["fast", "same_day"]
Picture = Annotated[str, Field(pattern=r"^[a-z0-9_-]+(/[a-z0-9_-]+)*\.(png|jpg|webp)$")]
Recording = Annotated[str, Field(pattern=r"^[a-z0-9_-]+(/[a-z0-9_-]+)*\.(mp3|m4a)$")]

#: Kinds whose answer is a number that scales may use, and kinds with options to choose from.
NUMERIC_KINDS = frozenset({"single", "number", "slider"})
CHOICE_KINDS = frozenset({"single", "multiple"})

_MOST_STOPS = 200


class ResponseOption(Part):
    """One answer that can be chosen; `refusal` marks the option that means “I will not say”."""

    value: Number
    label: Text | None = None
    refusal: bool = False
    image: Picture | None = None


class CriticalRule(Part):
    """Answers of one item that call a person, and how fast."""

    answers: Annotated[tuple[Chosen, ...], Field(min_length=1)]
    lane: Lane
    imminent: bool = False


class AttentionRule(Part):
    """Answers that a counsellor should notice, without an alarm."""

    answers: Annotated[tuple[Chosen, ...], Field(min_length=1)]


class Variant(Part):
    """Another wording for some people: boys or girls, a school stage, an age."""

    group: Group = Field(alias="for")
    text: Text


class Illustration(Part):
    """A picture that stands beside the instrument file, with words for those who cannot see it."""

    file: Picture
    description: Text


class Item(Part):
    """One question of an instrument, or an information screen among them."""

    code: Code
    kind: ItemKind = "single"
    text: Text | None = None
    variants: tuple[Variant, ...] = ()
    read_aloud: Text | None = None
    audio: dict[Locale, Recording] = Field(default_factory=dict)
    image: Illustration | None = None
    options: Annotated[tuple[ResponseOption, ...], Field(max_length=30)] = ()
    range: tuple[Number, Number] | None = None
    step: Annotated[Number, Field(gt=0)] | None = None
    unit: Text | None = None
    lines: Annotated[int, Field(ge=1, le=12)] | None = None
    ends: tuple[Text, Text] | None = None
    scored: bool = True
    show_when: Sentence | None = None
    hidden_counts_as: Number | None = None
    critical: tuple[CriticalRule, ...] = ()
    attention: AttentionRule | None = None
    not_critical: Annotated[str, Field(min_length=10)] | None = None

    @property
    def values(self) -> tuple[Number, ...]:
        """The option values in the order shown; the stops of a slider; nothing for other kinds."""
        if self.range is not None and self.step is not None:
            lowest, highest = self.range
            stops = int((highest - lowest) / self.step + 0.5)
            if stops <= _MOST_STOPS:
                # 3 * 0.1 is a little more than 0.3, and what people write is compared with it.
                return tuple(round(lowest + stop * self.step, 9) for stop in range(stops + 1))
        return tuple(option.value for option in self.options)

    @property
    def bounds(self) -> tuple[Number, Number]:
        """The smallest and the largest answer; a refusal option is outside."""
        if self.range is not None:
            return self.range
        counted = [option.value for option in self.options if not option.refusal]
        return min(counted, default=0), max(counted, default=0)

    @property
    def refusal_value(self) -> Number | None:
        """The value that records a refusal, where the item offers one as an option."""
        return next((option.value for option in self.options if option.refusal), None)

    def text_for(self, *, sex: str | None, age: float | None, grade: float | None) -> Text | None:
        """Return the wording for somebody: the first variant meant for them, else the usual one."""
        for variant in self.variants:
            if variant.group.includes(sex=sex, age=age, grade=grade):
                return variant.text
        return self.text

    def allows(self, answer: float) -> bool:
        """Tell whether the item can be answered with the number `answer`."""
        if self.kind == "multiple":
            return answer >= 0 and answer == int(answer) and answer < 2 ** len(self.options)
        if self.range is None:
            return answer in self.values
        lowest, highest = self.range
        steps = (answer - lowest) / self.step if self.step else 0.0
        return lowest <= answer <= highest and abs(steps - round(steps)) < 1e-9  # noqa: PLR2004 -- binary fractions

    def critical_rule(self, answer: Chosen) -> CriticalRule | None:
        """Return the first critical rule that `answer` meets."""
        return next((rule for rule in self.critical if self.meets(answer, rule.answers)), None)

    def meets(self, answer: Chosen, answers: tuple[Chosen, ...]) -> bool:
        """Tell whether `answer` is among `answers`; the refusal option is the same as refused."""
        is_refusal = answer in (REFUSED, self.refusal_value)
        return answer in answers or (is_refusal and REFUSED in answers)


class Section(Part):
    """Items shown together: one after the other, or as a matrix under one row of options."""

    code: Code
    title: Text | None = None
    intro: Text | None = None
    items: Annotated[tuple[Code, ...], Field(min_length=1)]
    layout: Literal["list", "matrix"] = "list"
    show_when: Sentence | None = None
