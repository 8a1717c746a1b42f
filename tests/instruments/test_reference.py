"""Every example of the language reference is checked and worked."""

import re
from pathlib import Path

import pytest

from app.instruments.loader import parse_instrument
from app.scoring import compile_instrument

PAGE = (Path(__file__).parents[2] / "docs" / "instruments.md").read_text(encoding="utf-8")
#: What the examples name, as short as such files can be.
MEDIA = {
    "images/moon.png": b"\x89PNG\r\n\x1a\n",
    "audio/q1_zh.mp3": b"ID3",
    "audio/q1_en.mp3": b"ID3",
}
HEAD = re.search(r"```yaml head\n(.*?)```", PAGE, re.DOTALL)[1]
BLOCKS = re.findall(r"```yaml\n(items:.*?)```", PAGE, re.DOTALL)


def parts(block: str) -> dict[str, str]:
    """Split a block at its companions: norms and examples live in files of their own."""
    pieces = re.split(r"^(norms|examples):\n", block, flags=re.MULTILINE)
    companions = dict(zip(pieces[1::2], pieces[2::2], strict=True))
    return {"instrument": pieces[0]} | {
        name: f"instrument: sample\n{name}:\n{body}" for name, body in companions.items()
    }


@pytest.mark.parametrize("block", BLOCKS, ids=range(len(BLOCKS)))
def test_every_example_of_the_reference_works(block: str):
    files = parts(block)

    instrument = parse_instrument(
        HEAD + files["instrument"],
        examples=files["examples"],
        norms=files.get("norms"),
        media=MEDIA,
    )

    assert compile_instrument(instrument).instrument.examples


def test_the_reference_has_its_examples():
    assert len(BLOCKS) >= 11
