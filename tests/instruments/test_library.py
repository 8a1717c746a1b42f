from pathlib import Path

import pytest

from app.instruments.lexicon import find_critical
from app.instruments.loader import load_instrument, load_library
from app.scoring import compile_instrument

LIBRARY = Path(__file__).parents[2] / "instruments"
CODES = sorted(path.parent.name for path in LIBRARY.glob("[!_]*/instrument.yaml"))


def test_the_library_loads_as_a_whole():
    assert sorted(load_library(LIBRARY)) == CODES


@pytest.mark.parametrize("code", CODES)
def test_every_instrument_proves_itself_by_its_examples(code: str):
    compiled = compile_instrument(load_instrument(LIBRARY / code))

    assert compiled.instrument.code == code
    assert compiled.instrument.examples


@pytest.mark.parametrize("code", CODES)
def test_every_critical_item_speaks_the_lexicons_words_in_every_language(code: str):
    critical = [item for item in load_instrument(LIBRARY / code).items if item.critical]

    silent = [
        (item.code, locale)
        for item in critical
        if item.text
        for locale, wording in item.text.root.items()
        if find_critical(wording) is None
    ]

    assert silent == []
