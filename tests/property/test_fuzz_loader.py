"""A fuzz target for the loader: whatever the bytes, it returns or refuses, and never breaks.

`fuzz_one` takes bytes, as fuzzers want it; the test drives it with spoiled library files. For a
long run: `XINQIAO_FUZZ_SECONDS=1800 pytest tests/property/test_fuzz_loader.py`.
"""

import os
import random
import time
from pathlib import Path

from app.instruments import strict_yaml
from app.instruments.loader import InstrumentError, parse_instrument
from app.scoring import compile_instrument

SECONDS = float(os.environ.get("XINQIAO_FUZZ_SECONDS", "4"))
LIBRARY = Path(__file__).parents[2] / "instruments"
SEEDS = [path.read_bytes() for path in sorted(LIBRARY.glob("*/instrument.yaml"))]
WORDS = (
    b"&a|*a|!!str |<<: |{|}|[|]|: |- |\n|  |'|\"|>|?|%|@|`|#|\t|\x00|\xff|\xef\xbb\xbf|.nan|.inf"
    b"|1e999|-0|99999999999|0.1|null|true|q1..q9|q1|items: q1|show_when: q1 > 0|scales: [total]"
    b"|method: max|refusal: true|((((((((|sum(|---\n|...\n|codes: q1..q500|options: "
).split(b"|")


def fuzz_one(data: bytes) -> None:
    """Read, check and compile `data`; only `InstrumentError` may come out."""
    try:
        text = strict_yaml.decode(data, "instrument.yaml")
        compile_instrument(parse_instrument(text))
    except InstrumentError as error:
        if not error.problems:
            raise AssertionError("refused without a reason") from error


def spoil(seed: bytes, chance: random.Random) -> bytes:
    data = bytearray(seed)
    for _ in range(chance.randint(1, 8)):
        start = chance.randrange(len(data) + 1)
        end = min(len(data), start + chance.choice([0, 0, 1, 3, 20, 200]))
        other = chance.choice(SEEDS)
        cut = chance.randrange(len(other))
        piece = chance.choice([chance.choice(WORDS), other[cut : cut + chance.randint(1, 80)], b""])
        data[start:end] = piece
    return bytes(data)


def test_the_loader_survives_spoiled_files():
    chance = random.Random(int(os.environ.get("XINQIAO_FUZZ_SEED", "1")))
    end = time.monotonic() + SECONDS
    slowest = 0.0

    while time.monotonic() < end:
        data = spoil(chance.choice(SEEDS), chance)
        begun = time.process_time()
        fuzz_one(data)
        slowest = max(slowest, time.process_time() - begun)

    assert slowest < 5
