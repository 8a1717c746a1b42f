"""Pictures and recordings of items: what may stand beside an instrument file, and how it is kept.

Nothing is believed because of its name: a file has to begin as files of its kind do. SVG is left
out, it can carry script; so is Ogg, which iPhones do not play.
"""

import base64
import binascii
from collections.abc import Iterator, Mapping
from pathlib import Path

from app.instruments.model import Instrument
from app.instruments.origin import Finding, Location
from app.instruments.said import said

#: Path below the instrument's folder → content.
Media = Mapping[str, bytes]

KB = 1_000
#: A picture that a slow line (400 kbit/s) brings in two seconds; a minute of speech, mono.
MOST_PICTURE, MOST_RECORDING = 100 * KB, 500 * KB
#: All files of one instrument.
MOST_TOGETHER = 4_000 * KB

_TYPES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
}


def media_type(path: str) -> str | None:
    """The type of a picture or recording by its name; None for any other file."""
    return _TYPES.get(Path(path).suffix)


def read_media(folder: Path) -> Media:
    """Every picture and recording below `folder`, each as far as it could be allowed."""
    found = {}
    for file in sorted(folder.rglob("*")):
        if media_type(file.name) and file.is_file() and not file.is_symlink():
            with file.open("rb") as stream:
                found[file.relative_to(folder).as_posix()] = stream.read(MOST_TOGETHER)
    return found


def media_of(instrument: Instrument, files: Media) -> Media:
    """Those of `files` that the instrument shows or plays."""
    return {path: files[path] for _, path in _named(instrument) if path in files}


def as_texts(media: Media) -> dict[str, str]:
    """The files as text, to be kept beside the texts of an instrument."""
    return {path: base64.b64encode(content).decode() for path, content in media.items()}


def inside_page(media: Media) -> dict[str, str]:
    """An address for each file that holds the file itself: no other serves an unpublished one."""
    return {
        path: f"data:{media_type(path)};base64,{text}" for path, text in as_texts(media).items()
    }


def from_texts(files: Mapping[str, str]) -> Media:
    """The pictures and recordings among files that are kept as text."""
    media = {}
    for path, text in files.items():
        if media_type(path):
            try:
                media[path] = base64.b64decode(text, validate=True)
            except (binascii.Error, ValueError):
                media[path] = b""  # told as a file that is not what its name says
    return media


def check_media(instrument: Instrument, files: Media) -> Iterator[Finding]:
    """Yield what is wrong with the pictures and recordings that the items name."""
    for location, path in _named(instrument):
        if path not in files:
            yield location, said("there is no file {file} here; add it.", file=path)
        else:
            yield from _check_file(location, path, files[path])
    together = sum(map(len, media_of(instrument, files).values()))
    if together > MOST_TOGETHER:
        yield (
            ("items",),
            said(
                "pictures and recordings have {size} kB together; make them smaller, to {most} kB.",
                size=_kb(together),
                most=_kb(MOST_TOGETHER),
            ),
        )
    yield from _check_words(instrument)


def _check_file(location: Location, path: str, content: bytes) -> Iterator[Finding]:
    most = MOST_PICTURE if _TYPES[Path(path).suffix].startswith("image/") else MOST_RECORDING
    if not _is_what_it_says(path, content):
        yield (
            location,
            said(
                "{file} is no {kind} file, whatever its name says; save it again as one.",
                file=path,
                kind=Path(path).suffix[1:].upper(),
            ),
        )
    elif len(content) > most:
        yield (
            location,
            said(
                "{file} has {size} kB, too much for a slow line; make it smaller, to {most} kB.",
                file=path,
                size=_kb(len(content)),
                most=_kb(most),
            ),
        )


def _check_words(instrument: Instrument) -> Iterator[Finding]:
    """Yield pictures without words, and recordings in a language that nobody can choose."""
    for index, item in enumerate(instrument.items):
        for place, option in enumerate(item.options):
            if option.image is not None and option.label is None:
                yield (
                    ("items", index, "options", place),
                    said(
                        "an answer with a picture needs a “label” as well, for those who cannot "
                        "see it."
                    ),
                )
        for locale in item.audio:
            if locale not in instrument.languages:
                yield (
                    ("items", index, "audio", locale),
                    said("{names} is not among the languages; list it there.", names=locale),
                )


def _named(instrument: Instrument) -> Iterator[tuple[Location, str]]:
    """Every file that an item names, with its place."""
    for index, item in enumerate(instrument.items):
        if item.image is not None:
            yield ("items", index, "image", "file"), item.image.file
        for locale, file in item.audio.items():
            yield ("items", index, "audio", locale), file
        for place, option in enumerate(item.options):
            if option.image is not None:
                yield ("items", index, "options", place, "image"), option.image


def _is_what_it_says(path: str, content: bytes) -> bool:
    """Whether a file begins as files of its kind do."""
    match Path(path).suffix:
        case ".png":
            return content.startswith(b"\x89PNG\r\n\x1a\n")
        case ".jpg":
            return content.startswith(b"\xff\xd8\xff")
        case ".webp":
            return content[:4] == b"RIFF" and content[8:12] == b"WEBP"
        case ".m4a":
            return content[4:8] == b"ftyp"
        case _:
            return content.startswith(b"ID3") or _is_mpeg_frame(content[:2])


def _is_mpeg_frame(head: bytes) -> bool:
    """Eleven bits that are set, then a layer that is not the reserved one."""
    bits = int.from_bytes(head)
    return len(head) == 2 and bits >> 5 == 0x7FF and bits >> 1 & 3 != 0  # noqa: PLR2004 -- as it stands in the format


def _kb(size: int) -> int:
    return -(-size // KB)
