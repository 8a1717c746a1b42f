"""The fields of the form as a sheet: every fault is noted, with its field and line."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import TypeVar

from app.authoring.starter import lines
from app.authoring.starter.arithmetic import bands_of, bounds
from app.authoring.starter.lines import lines_of, tidy
from app.authoring.starter.numbers import simple
from app.authoring.starter.problems import N_, FieldProblem, LineError
from app.authoring.starter.sheet import (
    Calling,
    Lane,
    Licence,
    Missing,
    Option,
    Question,
    ScaleSheet,
    Words,
)
from app.instruments.lexicon import find_critical

Fields = Mapping[str, str]
T = TypeVar("T")

#: Wordings that may be used without asking anybody; all others need the proof of a licence.
FREE = frozenset({"public_domain", "free_no_permission"})
#: What stands between the answers of one question: “我没有睡好 // 0 从不 // 1 总是”.
OWN_OPTIONS = "//"
MOST_QUESTIONS = 300
FEWEST_OPTIONS, MOST_OPTIONS = 2, 15
WHOLE = 100

_SHORT = {"zh_Hans": "zh", "en": "en"}
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


class _Reader:
    """Reads field after field and notes what cannot be read, so that all faults show at once."""

    def __init__(self, fields: Fields) -> None:
        self.fields = fields
        self.problems: list[FieldProblem] = []
        self.languages: tuple[str, ...] = (
            ("zh_Hans", "en") if self._is_on("english") else ("zh_Hans",)
        )

    def sheet(self) -> ScaleSheet | None:
        options = tuple(self._each("options", partial(lines.read_option, languages=self.languages)))
        self._check_options("options", options)
        questions = self._questions()
        if not all(question.options for question in questions) and not options:
            self._note("options", N_("Write the answers, one a line: “0 Not at all”."))
        if self.problems:
            return None
        most = len(questions)
        sheet = ScaleSheet(
            code=self._text("code"),
            version="0.1.0",
            languages=self.languages,
            title=self._words("title"),
            student_title=self._words("student_title"),
            recall=self._words("recall"),
            instructions=self._words("instructions"),
            informant=self._text("informant") or "self",
            ages=self._ages(),
            licence=self._licence(),
            citation=self._text("citation"),
            population=self._text("population"),
            wording={
                locale: self._text(f"wording_{_SHORT[locale]}") or "unvalidated"
                for locale in self.languages
            },
            options=options,
            questions=questions,
            method="mean" if self._text("method") == "mean" else "sum",
            missing=self._missing(),
            higher_is=self._text("higher_is") or "worse",
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
        self._check_bands(sheet)
        self._check_figures(sheet)
        self._check_lexicon(sheet)
        return sheet

    # -- single fields

    def _text(self, name: str) -> str:
        return tidy(self.fields.get(name) or "")

    def _is_on(self, name: str) -> bool:
        return self._text(name) == "y"

    def _note(self, field: str, sentence: str, **words: str | int) -> None:
        self.problems.append(FieldProblem(field, sentence, words))

    def _words(self, name: str) -> Words:
        words = {locale: self._text(f"{name}_{_SHORT[locale]}") for locale in self.languages}
        for locale, word in words.items():
            if not word:
                self._note(f"{name}_{_SHORT[locale]}", N_("Please fill this in."))
        return words

    def _ages(self) -> tuple[int, int | None]:
        least, most = (simple(self._text(name)) for name in ("age_from", "age_to"))
        if not least.isdecimal() or (most and not most.isdecimal()):
            self._note("age_from", N_("Write the ages in whole years, such as 12 and 18."))
            return 0, None
        if most and int(most) < int(least):
            self._note("age_to", N_("The upper age is below the lower one; swap them."))
        return int(least), int(most) if most else None

    def _licence(self) -> Licence:
        names = ("holder", "granted_by", "granted_on", "reference", "file_name")
        given = {name: self._text(name) for name in names}
        terms = self._text("terms") or "unknown"
        if terms not in FREE:
            for name in ("granted_by", "granted_on", "reference"):
                if not given[name]:
                    self._note(
                        name,
                        N_("This wording is not free: say who allowed it, when, and where."),
                    )
        return Licence(terms=terms, **given)

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

    def _numbers(self, field: str, most: int) -> tuple[int, ...]:
        try:
            return lines.read_listed(self._text(field), most)
        except LineError as error:
            self._note(field, error.sentence, **error.words)
            return ()

    # -- fields of lines

    def _each(self, field: str, read: Callable[[str], T]) -> Iterator[T]:
        """Yield what `read` makes of every line; note the lines that it cannot read."""
        for place, line in enumerate(lines_of(self.fields.get(field) or ""), start=1):
            try:
                yield read(line)
            except LineError as error:
                self.problems.append(FieldProblem(field, error.sentence, error.words, place))

    def _questions(self) -> tuple[Question, ...]:
        """The questions of both languages, side by side by their lines."""
        texts = {
            locale: lines_of(self.fields.get(f"questions_{_SHORT[locale]}") or "")
            for locale in self.languages
        }
        first, *others = texts.values()
        if not first:
            self._note("questions_zh", N_("Write the questions, one a line."))
        if len(first) > MOST_QUESTIONS:
            self._note("questions_zh", N_("At most %(most)s questions."), most=MOST_QUESTIONS)
        if others and len(others[0]) != len(first):
            self._note(
                "questions_en",
                N_("%(english)s questions in English, %(chinese)s in Chinese; line for line."),
                english=len(others[0]),
                chinese=len(first),
            )
        if self.problems:
            return ()
        return tuple(
            self._question(place, dict(zip(self.languages, row, strict=True)))
            for place, row in enumerate(zip(*texts.values(), strict=True), start=1)
        )

    def _question(self, place: int, row: Words) -> Question:
        """A line with answers of its own has them after “//”, in the same order as in English."""
        parts = {locale: [tidy(p) for p in line.split(OWN_OPTIONS)] for locale, line in row.items()}
        text = {locale: part[0] for locale, part in parts.items()}
        field = "questions_zh"
        try:
            own = [
                {locale: lines.read_option(line, (locale,)) for locale, line in one.items()}
                for one in _side_by_side({locale: part[1:] for locale, part in parts.items()})
            ]
        except LineError as error:
            self.problems.append(FieldProblem(field, error.sentence, error.words, place))
            return Question(text)
        options = tuple(
            Option(
                next(iter(one.values())).value,
                {locale: option.label[locale] for locale, option in one.items()},
            )
            for one in own
        )
        if options:
            self._check_options(field, options, place)
        return Question(text, options)

    def _check_options(
        self, field: str, options: tuple[Option, ...], line: int | None = None
    ) -> None:
        values = [option.value for option in options]
        if len(set(values)) < len(values):
            sentence = N_("Two answers count the same; change one of them.")
            self.problems.append(FieldProblem(field, sentence, {}, line))
        if options and not FEWEST_OPTIONS <= len(options) <= MOST_OPTIONS:
            sentence = N_("Two answers at least, %(most)s at most.")
            self.problems.append(FieldProblem(field, sentence, {"most": MOST_OPTIONS}, line))

    def _calling(self, sheet: ScaleSheet) -> Iterator[Calling]:
        for field, lane in _LANES:
            yield from self._each(field, partial(lines.read_calling, sheet=sheet, lane=lane))

    # -- what concerns several fields

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


def _side_by_side(lists: dict[str, list[str]]) -> Iterator[dict[str, str]]:
    """The entries of several languages that belong together; each has as many."""
    if len({len(entries) for entries in lists.values()}) > 1:
        raise LineError(N_("Each language needs the same answers."))
    for entries in zip(*lists.values(), strict=True):
        yield dict(zip(lists, entries, strict=True))
