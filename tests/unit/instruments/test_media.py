"""Pictures and recordings: what may stand beside a questionnaire, and what is told of the rest."""

import pytest

from app.instruments.loader import InstrumentError, parse_instrument
from app.instruments.media import MOST_PICTURE, MOST_RECORDING, as_texts, from_texts, read_media

PNG, WEBP = b"\x89PNG\r\n\x1a\n", b"RIFF\x10\x00\x00\x00WEBP"
#: What a file of each kind begins with, and what only bears its name.
TRUE = {
    "a.png": PNG,
    "a.jpg": b"\xff\xd8\xff\xe0",
    "a.webp": WEBP,
    "a.mp3": b"\xff\xfb\x90\xc4",
    "a.m4a": b"\x00\x00\x00\x18ftypM4A ",
}
FALSE = {
    "a.png": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "a.jpg": PNG,
    "a.webp": b"RIFF\x10\x00\x00\x00WAVE",
    "a.mp3": b"\xff\xf1\x50\x80",  # AAC
    "a.m4a": b"ID3",
}


@pytest.fixture
def told(change):
    """What is told of a questionnaire whose second item names files."""

    def faults(item, files):
        text = change("    text: {zh_Hans: 我感到难过", f"{item}    text: {{zh_Hans: 我感到难过")
        try:
            parse_instrument(text, media=files)
        except InstrumentError as error:
            return [problem.message for problem in error.problems]
        return []

    return faults


def _named(path):
    if path.endswith((".mp3", ".m4a")):
        return f"    audio: {{en: {path}}}\n"
    return f"    image: {{file: {path}, description: {{zh_Hans: 图, en: A picture}}}}\n"


@pytest.mark.parametrize("path", TRUE)
def test_a_file_has_to_be_what_its_name_says(told, path):
    kind = path[2:].upper()

    assert told(_named(path), {path: TRUE[path]}) == []
    assert told(_named(path), {path: FALSE[path]}) == [
        f"{path} is no {kind} file, whatever its name says; save it again as one."
    ]


@pytest.mark.parametrize(("path", "most"), [("a.png", MOST_PICTURE), ("a.mp3", MOST_RECORDING)])
def test_a_file_too_large_for_a_slow_line_is_refused(told, path, most):
    full = TRUE[path].ljust(most, b"\0")

    assert told(_named(path), {path: full}) == []
    assert told(_named(path), {path: full + b"\0"}) == [
        f"{path} has {most // 1000 + 1} kB, too much for a slow line; make it smaller, "
        f"to {most // 1000} kB."
    ]


def test_a_picture_needs_words_in_every_language(told):
    picture = "    image: {file: a.png, description: {en: A picture}}\n"

    assert told(picture, TRUE) == ["this text is missing in zh_Hans; add it."]


def test_a_recording_in_a_language_that_nobody_can_choose_is_refused(told):
    assert told("    audio: {fr: a.mp3}\n", TRUE) == [
        "fr is not among the languages; list it there."
    ]


def test_another_picture_makes_another_content(change):
    item = "    text: {zh_Hans: 我感到难过"
    text = change(item, _named("a.png") + item)

    def content(picture):
        return parse_instrument(text, media={"a.png": picture}).content_hash

    assert content(PNG) == content(PNG) != content(PNG + b"!")


def test_files_are_kept_as_text_and_come_back(tmp_path):
    for name in ("a.png", "notes.txt"):
        (tmp_path / name).write_bytes(PNG + bytes(range(256)))
    (tmp_path / "link.png").symlink_to("/etc/hostname")
    found = read_media(tmp_path)

    assert list(found) == ["a.png"]
    assert from_texts(as_texts(found) | {"instrument.yaml": "code: x"}) == found
    assert from_texts({"a.png": "no base64!"}) == {"a.png": b""}
