"""What is wrong with an uploaded form, said so that the reader knows what to do."""

from collections.abc import Mapping


def N_(sentence: str) -> str:  # noqa: N802 -- the name under which sentences are extracted
    """Mark a sentence for translation; it is translated where it is shown."""
    return sentence


class FormFileError(ValueError):
    """The file cannot be used; `sentence` is translated and filled with `words` when shown."""

    def __init__(self, sentence: str, **words: str | int) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.words: Mapping[str, str | int] = words


def damaged() -> FormFileError:
    """The refusal of a sheet that contradicts itself."""
    return FormFileError(
        N_("A sheet of the file is damaged; open it in Excel or WPS and save it anew.")
    )
