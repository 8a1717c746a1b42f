"""The wording in the fields of a form: questions, answers, titles and the right to use them."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TypeVar

from app.authoring.starter import lines
from app.authoring.starter.lines import lines_of, tidy
from app.authoring.starter.problems import N_, FieldProblem, LineError
from app.authoring.starter.sheet import Licence, Option, Question, Words

Fields = Mapping[str, str]
T = TypeVar("T")

#: Wordings that may be used without asking anybody; all others need the proof of a licence.
FREE = frozenset({"public_domain", "free_no_permission"})
#: What stands between the answers of one question: “我没有睡好 // 0 从不 // 1 总是”.
OWN_OPTIONS = "//"
MOST_QUESTIONS = 300
FEWEST_OPTIONS, MOST_OPTIONS = 2, 15

#: How the fields of a language end.
SHORT = {"zh_Hans": "zh", "en": "en"}


class WordingReader:
    """Reads field after field and notes what cannot be read, so that all faults show at once."""

    def __init__(self, fields: Fields) -> None:
        self.fields = fields
        self.problems: list[FieldProblem] = []
        self.languages: tuple[str, ...] = (
            ("zh_Hans", "en") if self._is_on("english") else ("zh_Hans",)
        )

    def _options(self) -> tuple[Option, ...]:
        """The answers of the whole scale."""
        read = partial(lines.read_option, languages=self.languages)
        options = tuple(self._each("options", read))
        self._check_options("options", options)
        return options

    def _text(self, name: str) -> str:
        return tidy(self.fields.get(name) or "")

    def _needed(self, name: str) -> str:
        """The text of a field that may not be empty."""
        if not (text := self._text(name)):
            self._note(name, N_("Please fill this in."))
        return text

    def _is_on(self, name: str) -> bool:
        return self._text(name) == "y"

    def _note(self, field: str, sentence: str, **words: str | int) -> None:
        self.problems.append(FieldProblem(field, sentence, words))

    def _words(self, name: str) -> Words:
        words = {locale: self._text(f"{name}_{SHORT[locale]}") for locale in self.languages}
        for locale, word in words.items():
            if not word:
                self._note(f"{name}_{SHORT[locale]}", N_("Please fill this in."))
        return words

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
            locale: lines_of(self.fields.get(f"questions_{SHORT[locale]}") or "")
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


def _side_by_side(lists: dict[str, list[str]]) -> Iterator[dict[str, str]]:
    """The entries of several languages that belong together; each has as many."""
    if len({len(entries) for entries in lists.values()}) > 1:
        raise LineError(N_("Each language needs the same answers."))
    for entries in zip(*lists.values(), strict=True):
        yield dict(zip(lists, entries, strict=True))
