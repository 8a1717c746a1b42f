"""The fields of the form as a sheet: every fault is noted, with its field and line."""

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import partial
from itertools import pairwise

from app.authoring.starter import lines
from app.authoring.starter.arithmetic import bands_of, bounds, positive_values
from app.authoring.starter.numbers import simple
from app.authoring.starter.problems import N_, FieldProblem, LineError
from app.authoring.starter.sheet import Calling, Lane, Missing, ScaleSheet, Words
from app.authoring.starter.wording import SHORT, Fields, WordingReader
from app.instruments.lexicon import find_critical
from app.instruments.validate import telling_words

WHOLE = 100
OLDEST = 120

_TIMES = re.compile(r"\d{1,3}(?:\.\d{1,3})?")
_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")

_LANES: tuple[tuple[str, Lane | None], ...] = (
    ("fast", "fast"),
    ("same_day", "same_day"),
    ("attention", None),
)


def read_fields(fields: Fields) -> tuple[ScaleSheet | None, list[FieldProblem]]:
    """Return the sheet, or what has to be mended before there is one."""
    reader = _Reader(fields)
    sheet = reader.sheet()
    return (None if reader.problems else sheet), reader.problems


class _Reader(WordingReader):
    """Reads the whole form."""

    def sheet(self) -> ScaleSheet | None:
        options = self._options()
        questions = self._questions()
        if not all(question.options for question in questions) and not options:
            self._note("options", N_("Write the answers, one a line: “0 Not at all”."))
        if self.problems:
            return None
        most = len(questions)
        sheet = ScaleSheet(
            code=self._code(),
            version="0.1.0",
            languages=self.languages,
            title=self._words("title"),
            student_title=self._student_title(),
            recall=self._words("recall"),
            instructions=self._words("instructions"),
            informant=self._text("informant") or "self",
            ages=self._ages(),
            licence=self._licence(),
            citation=self._needed("citation"),
            population=self._text("population"),
            wording={
                locale: self._text(f"wording_{SHORT[locale]}") or "unvalidated"
                for locale in self.languages
            },
            options=options,
            questions=questions,
            method="mean" if self._text("method") == "mean" else "sum",
            missing=self._missing(),
            higher_is=self._text("higher_is") or "worse",
            multiply=self._multiply(),
            positive_from=self._positive_from(),
            reverse=frozenset(self._numbers("reverse", most)),
            factors=tuple(
                self._each(
                    "factors", partial(lines.read_factor, most=most, languages=self.languages)
                )
            ),
            has_total=self._is_on("has_total"),
            outside_total=frozenset(self._numbers("outside_total", most)),
            figures_source=self._text("figures_source"),
        )
        return self._with_rules(sheet)

    def _with_rules(self, sheet: ScaleSheet) -> ScaleSheet:
        """Bands, cut-offs and calling answers can only be read once the rest is known."""
        if not sheet.targets or not all(sheet.members(target) for target in sheet.targets):
            self._note("has_total", N_("Nothing is counted: keep the total, or name factors."))
            return sheet
        sheet = replace(
            sheet,
            bands=tuple(self._each("bands", partial(lines.read_band, sheet=sheet))),
            cutoffs=tuple(self._each("cutoffs", partial(lines.read_cutoff, sheet=sheet))),
            calling=tuple(self._calling(sheet)),
            cleared=tuple(self._each("cleared", partial(lines.read_cleared, sheet=sheet))),
        )
        self._check_positive(sheet)
        self._check_bands(sheet)
        self._check_figures(sheet)
        self._check_lexicon(sheet)
        return sheet

    def _code(self) -> str:
        code = self._text("code")
        if not _CODE.fullmatch(code):
            self._note("code", N_("Begin with a small letter; then small letters, digits and “_”."))
        return code

    def _student_title(self) -> Words:
        words = self._words("student_title")
        for locale, title in words.items():
            if telling := telling_words(title):
                self._note(
                    f"student_title_{SHORT[locale]}",
                    N_("A student would read “%(words)s”; choose a neutral title."),
                    words=telling,
                )
        return words

    def _ages(self) -> tuple[int, int | None]:
        least, most = (simple(self._text(name)) for name in ("age_from", "age_to"))
        if not all(_is_age(age) for age in (least, most or least)):
            self._note("age_from", N_("Write the ages in whole years, such as 12 and 18."))
            return 0, None
        if most and int(most) < int(least):
            self._note("age_to", N_("The upper age is below the lower one; swap them."))
        return int(least), int(most) if most else None

    def _missing(self) -> Missing:
        rule = self._text("missing")
        if rule == "refuse":
            return Missing("refuse")
        if rule != "others":
            self._note("missing", N_("Say what happens when an answer is missing."))
            return Missing("refuse")
        share = simple(self._text("missing_share")).removesuffix("%").strip()
        if not share.isdecimal() or not 1 <= int(share) <= WHOLE:
            self._note("missing_share", N_("Write how many per cent have to be answered, 1-100."))
            return Missing("refuse")
        return Missing("others", int(share))

    def _multiply(self) -> Fraction:
        """A positive number with at most three decimals; nothing is once."""
        text = simple(self._text("multiply")).lstrip("×xX* ") or "1"
        if not _TIMES.fullmatch(text) or not 0 < Fraction(text) <= WHOLE:
            self._note("multiply", N_("Write a number such as 1.25 or 2."))
            return Fraction(1)
        if Fraction(text) != 1 and self._text("method") == "mean":
            self._note("multiply", N_("Only a sum is multiplied; choose the sum, or leave it out."))
        return Fraction(text)

    def _positive_from(self) -> int | None:
        text = simple(self._text("positive_from")).lstrip("≥>= ")
        if not text:
            return None
        if not text.isdecimal():
            self._note("positive_from", N_("Write the value of an answer, such as 2."))
            return None
        return int(text)

    def _numbers(self, field: str, most: int) -> tuple[int, ...]:
        try:
            return lines.read_listed(self._text(field), most)
        except LineError as error:
            self._note(field, error.sentence, **error.words)
            return ()

    def _calling(self, sheet: ScaleSheet) -> Iterator[Calling]:
        for field, lane in _LANES:
            yield from self._each(field, partial(lines.read_calling, sheet=sheet, lane=lane))

    # -- what concerns several fields

    def _check_positive(self, sheet: ScaleSheet) -> None:
        """The value tells answers apart, and a high answer means the same for every question."""
        if sheet.positive_from is None:
            return
        chosen = positive_values(sheet)
        offered = [set(sheet.values_of(number)) for number in sheet.members(None)]
        if not chosen or any(values <= set(chosen) for values in offered):
            self._note(
                "positive_from", N_("Name a value that some answers reach and others do not.")
            )
        if sheet.reverse & set(sheet.members(None)):
            self._note(
                "positive_from",
                N_("Not with reversed questions: their low answers would not count."),
            )

    def _check_bands(self, sheet: ScaleSheet) -> None:
        """Bands hold every score once, from the lowest to the highest."""
        for target in sheet.targets:
            bands = bands_of(sheet, target)
            lowest, highest = map(float, bounds(sheet, target))
            if bands and (bands[0].start > lowest or bands[-1].end < highest):
                self._note(
                    "bands",
                    N_("The bands leave scores out; they run from %(low)s to %(high)s."),
                    low=f"{lowest:g}",
                    high=f"{highest:g}",
                )
            for before, after in pairwise(bands):
                if after.start <= before.end:
                    self._note(
                        "bands",
                        N_("The score %(score)s lies in two bands."),
                        score=f"{after.start:g}",
                    )

    def _check_figures(self, sheet: ScaleSheet) -> None:
        if not sheet.bands and not sheet.cutoffs:
            return
        for field in ("figures_source", "population"):
            if not self._text(field):
                self._note(
                    field,
                    N_("Bands and cut-offs need their source, and among whom they were found."),
                )

    def _check_lexicon(self, sheet: ScaleSheet) -> None:
        """A question about self-harm calls somebody, or says why it need not."""
        settled = {rule.question for rule in sheet.calling} | {n for n, _ in sheet.cleared}
        for number, question in zip(sheet.numbers, sheet.questions, strict=True):
            said = [*question.text.values()]
            said += [word for option in sheet.options_of(number) for word in option.label.values()]
            found = next(filter(None, map(find_critical, said)), None)
            if found and number not in settled:
                self._note(
                    "same_day",
                    N_(
                        "Question %(number)s may speak of self-harm (“%(words)s”): say which of "
                        "its answers call somebody, or below why none does."
                    ),
                    number=number,
                    words=found,
                )


def _is_age(text: str) -> bool:
    return text.isdecimal() and int(text) <= OLDEST
