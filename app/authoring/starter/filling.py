"""A licensed instrument that came without its words, filled with the words of the owner's copy."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.authoring.starter.problems import N_, FieldProblem, Say, in_english
from app.authoring.starter.sheet import Licence, Option, Question, Words
from app.authoring.starter.wording import Fields, WordingReader
from app.instruments import strict_yaml, yaml_text
from app.instruments.expand import Expander
from app.instruments.items import ResponseOption
from app.instruments.model import Instrument

LOCALES = frozenset({"zh_Hans", "en"})
_SHELL_NOTE = "A shell: it scores and checks without the wording. "


@dataclass(frozen=True)
class Filled:
    """The text of the instrument with its words, and what its author should look at."""

    text: str
    licence: Licence
    #: Answers matched by their order: the file counts them otherwise than the instrument.
    recounted: tuple[int, ...] = ()


def fill(
    shell: Instrument, fields: Fields, say: Say = in_english
) -> tuple[Filled | None, list[FieldProblem]]:
    """Return `shell` with the questions and answers of the form, or what has to be mended."""
    filler = _Filler(shell, fields, say)
    filled = filler.fill()
    return (None if filler.problems else filled), filler.problems


def reversed_numbers(shell: Instrument) -> set[int]:
    """The questions that some scale of `shell` reverses, by their numbers."""
    reverse = {code for scale in shell.scales for code in scale.reverse}
    return {n for n, code in enumerate(shell.item_codes, start=1) if code in reverse}


class _Filler(WordingReader):
    """Puts each wording beside its code; scoring, bands and examples stay as they are."""

    def __init__(self, shell: Instrument, fields: Fields, say: Say) -> None:
        super().__init__({**fields, "terms": shell.licence.terms})
        self.shell = shell
        self.say = say
        self.recounted: set[int] = set()

    def fill(self) -> Filled | None:
        options, questions = self._options(), self._questions()
        licence = self._licence()
        wanted = len(self.shell.items)
        if questions and len(questions) != wanted:
            self._note(
                "questions_zh",
                N_("%(found)s questions here, but %(title)s has %(wanted)s."),
                found=len(questions),
                wanted=wanted,
                title=self.shell.title.get(),
            )
        if self.problems:
            return None
        worded = [
            self._item(number, question, options)
            for number, question in enumerate(questions, start=1)
        ]
        if self.problems:
            return None
        text = _written(self.shell, worded, self.languages, licence, self.say)
        return Filled(text, licence, tuple(sorted(self.recounted)))

    def _item(
        self, number: int, question: Question, shared: tuple[Option, ...]
    ) -> tuple[Words, list[object]]:
        """The words of one item and of its answers."""
        wanted = self.shell.items[number - 1].options
        options = question.options or shared
        if len(options) != len(wanted):
            self._note(
                "options" if not question.options else "questions_zh",
                N_("Question %(number)s has %(found)s answers here, but %(wanted)s are scored."),
                number=number,
                found=len(options),
                wanted=len(wanted),
            )
            return question.text, []
        labels = {option.value: option.label for option in options}
        if set(labels) != {option.value for option in wanted}:
            self.recounted.add(number)
            ordered = sorted(options, key=lambda option: option.value)
            values = sorted(option.value for option in wanted)
            labels = {v: one.label for v, one in zip(values, ordered, strict=True)}  # type: ignore[misc]  # values of options are whole numbers
        return question.text, [_worded(option, labels) for option in wanted]


def _worded(option: ResponseOption, labels: Mapping[int, Words]) -> dict[str, object]:
    return {"value": option.value, "label": labels[int(option.value)]}


def _written(
    shell: Instrument,
    worded: list[tuple[Words, list[object]]],
    languages: tuple[str, ...],
    licence: Licence,
    say: Say,
) -> str:
    """The file of the shell with the words put in; its first comments stay above it."""
    source = shell.source.instrument
    root = strict_yaml.read(source, shell.code, [])
    assert root is not None  # noqa: S101 -- it was read before it was published
    data = _in_languages(root.plain(), frozenset(languages))
    Expander(shell.code, []).expand(root)
    expanded = root.plain()
    assert isinstance(data, dict) and isinstance(expanded, dict)  # noqa: S101, PT018 -- as above
    copy = say(N_("Licensed copy (%(reference)s)")) % {"reference": licence.reference}
    data |= {
        "version": _next_version(shell.version),
        "languages": languages,
        "licence": data["licence"] | {"statement": licence.statement(say)},
        "translations": {locale: {"status": "official", "source": copy} for locale in languages},
        "items": [
            {"code": item["code"], "text": text, "options": options}
            | {key: value for key, value in item.items() if key not in ("code", "text", "options")}
            for item, (text, options) in zip(expanded["items"], worded, strict=True)
        ],
    }
    if "notes" in data:
        data["notes"] = data["notes"].removeprefix(_SHELL_NOTE)
    names = list(data.get("option_sets", {}))
    return _head(source) + yaml_text.write(_with_shared_options(data, names))


def _with_shared_options(data: dict[str, object], names: list[str]) -> dict[str, object]:
    """Answers that all items share stand once, under the name they had."""
    items = data["items"]
    assert isinstance(items, list)  # noqa: S101 -- written above
    shared = items[0]["options"]
    if names and all(item["options"] == shared for item in items):
        return data | {
            "option_sets": {names[0]: shared},
            "items": [item | {"options": names[0]} for item in items],
        }
    return {key: value for key, value in data.items() if key != "option_sets"}


def _in_languages(value: object, languages: frozenset[str]) -> object:
    """The same without the texts of languages that the owner's copy does not have."""
    if isinstance(value, dict):
        return {
            key: _in_languages(child, languages)
            for key, child in value.items()
            if not set(value) <= LOCALES or key in languages
        }
    if isinstance(value, tuple):
        return [_in_languages(child, languages) for child in value]
    return value


def _head(source: str) -> str:
    """The comments that open a file."""
    lines = []
    for line in source.splitlines(keepends=True):
        if not line.startswith("#"):
            break
        lines.append(line)
    return "".join(lines)


def _next_version(version: str) -> str:
    major, minor, _ = version.split(".")
    return f"{major}.{int(minor) + 1}.0"
