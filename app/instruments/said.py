"""Sentences that remember how they were made, so that a page may say them in its own language."""

from collections.abc import Callable, Mapping, Sequence


class Said(str):
    """An English sentence; `template` and `values` are what it was made of."""

    __slots__ = ("template", "values")

    template: str
    values: Mapping[str, object]

    def within(self, translate: Callable[[str], str]) -> str:
        """Say it in the words that `translate` has for the template, and for those inside it."""
        template = translate(self.template)
        values = {
            name: value.within(translate) if isinstance(value, Said) else value
            for name, value in self.values.items()
        }
        return template.format(**values) if values else template


def said(template: str, **values: object) -> Said:
    """Say `template` with `values` in its braces; the catalogue holds the template.

    The core says things once, in English, and knows no catalogue: who shows the sentence looks the
    template up and puts the values in, which may be such sentences themselves.
    """
    sentence = Said(template.format(**values) if values else template)
    sentence.template, sentence.values = template, values
    return sentence


def joined(parts: Sequence[str], between: str = ", ") -> Said:
    """Put sentences, or parts of one, side by side; each is looked up by itself."""
    named = {f"part{number}": part for number, part in enumerate(parts)}
    return said(between.join(f"{{{name}}}" for name in named), **named)


def mark(template: str) -> str:
    """Name a template for the catalogue where it stands in a table, to be said later."""
    return template
