"""The smallest parts of the language: codes, texts in several languages, sources, people."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, RootModel
from pydantic_core import PydanticCustomError

DEFAULT_LOCALE = "zh_Hans"

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Locale = Annotated[str, Field(pattern=r"^[a-z]{2,3}(_[A-Z][a-z]{3})?(_[A-Z]{2})?$")]
Sentence = Annotated[str, Field(min_length=1, max_length=4000)]
Sex = Literal["male", "female"]
Stage = Literal["primary", "junior", "senior", "university"]
STAGES: dict[Stage, tuple[int, ...]] = {
    "primary": (1, 2, 3, 4, 5, 6),
    "junior": (7, 8, 9),
    "senior": (10, 11, 12),
    "university": (13, 14, 15, 16),
}


REFUSED = "refused"
#: In files that leave: not answered, would not answer, not asked. No answer may have these values.
MISSING_CODES = (-99, -98, -97)


def _number(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PydanticCustomError("number", "write a number")
    return value


def _answer(value: object) -> object:
    if isinstance(value, bool) or not (isinstance(value, int | float) or value in (None, REFUSED)):
        raise PydanticCustomError("answer", "write a number, null or refused")
    return value


def _chosen(value: object) -> object:
    if isinstance(value, bool) or not (isinstance(value, int | float) or value == REFUSED):
        raise PydanticCustomError("chosen", "write a number or refused")
    return value


Number = Annotated[int | float, BeforeValidator(_number)]
Chosen = Annotated[int | float | Literal["refused"], BeforeValidator(_chosen)]
Answer = Annotated[int | float | Literal["refused"] | None, BeforeValidator(_answer)]


class Part(BaseModel):
    """A part of an instrument: unknown keys are refused, nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Text(RootModel[dict[Locale, Sentence]]):
    """A text in one or more languages."""

    model_config = ConfigDict(frozen=True, strict=True)

    def get(self, locale: str = DEFAULT_LOCALE) -> str:
        """Return the text for `locale`, else in the default language, English, or any other."""
        for wanted in (locale, DEFAULT_LOCALE, "en"):
            if wanted in self.root:
                return self.root[wanted]
        return next(iter(self.root.values()), "")

    @property
    def locales(self) -> frozenset[str]:
        """The languages this text is written in."""
        return frozenset(self.root)


class AgeRange(Part):
    """Ages in completed years, both ends included; an open end has no limit."""

    least: Annotated[int, Field(ge=0, le=120)] | None = Field(None, alias="from")
    most: Annotated[int, Field(ge=0, le=120)] | None = Field(None, alias="to")

    def contains(self, age: float) -> bool:
        """Tell whether somebody of `age` years is inside."""
        return (self.least is None or age >= self.least) and (
            self.most is None or age < self.most + 1
        )

    def __str__(self) -> str:
        least = "" if self.least is None else str(self.least)
        return f"{least}+" if self.most is None else f"{least}-{self.most}"


class Group(Part):
    """The people a band set, cut-off, norm or wording is meant for."""

    sex: Sex | None = None
    ages: AgeRange | None = None
    grades: Annotated[tuple[int, ...], Field(min_length=1)] | None = None
    stage: Stage | None = None

    @property
    def years(self) -> tuple[int, ...] | None:
        """The school years of the group, from its grades or its stage."""
        return STAGES[self.stage] if self.stage else self.grades

    def includes(self, *, sex: str | None, age: float | None, grade: float | None) -> bool:
        """Tell whether somebody belongs here; where it matters and is unknown, they do not."""
        return (
            (self.sex is None or sex == self.sex)
            and (self.ages is None or (age is not None and self.ages.contains(age)))
            and (self.years is None or grade in self.years)
        )


class Licence(Part):
    """Who may do what with the instrument's wording."""

    terms: Literal[
        "public_domain",
        "free_no_permission",
        "free_with_conditions",
        "non_commercial",
        "ask_permission",
        "commercial",
        "unknown",
    ]
    name: Sentence | None = None
    holder: Sentence | None = None
    statement: Sentence
    source: Sentence


def _loinc(value: str) -> str:
    """Refuse a mistyped code: the digit after the hyphen checks the others (Luhn's sum)."""
    digits, _, check = value.partition("-")
    doubled = [int(d) * (2 - place % 2) for place, d in enumerate(reversed(digits))]
    if (sum(n // 10 + n % 10 for n in doubled) + int(check)) % 10:
        raise PydanticCustomError("loinc", "the last digit does not belong to this LOINC code")
    return value


LoincCode = Annotated[str, Field(pattern=r"^[0-9]{3,7}-[0-9]$"), AfterValidator(_loinc)]


class Loinc(Part):
    """What other health systems call the questionnaire, its total and its items."""

    panel: LoincCode
    total: LoincCode | None = None
    items: dict[Code, LoincCode] = Field(default_factory=dict)


class Translation(Part):
    """Where the wording in one language comes from and how far it may be trusted.

    `signed_by` names the clinician who read an unvalidated wording and answers for it, and when.
    """

    status: Literal["original", "official", "established", "unvalidated", "not_included"]
    source: Sentence
    signed_by: Sentence | None = None
