"""Characters that no font of this machine draws: the engine would leave them out without a word.

They are printed as 〓, which is how Chinese printing has always marked a missing type, and named by
their code where the page has room for notes.
"""

import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache

MISSING_TYPE = "〓"

#: What needs no look: every Chinese font has the basic block and everything below it that is used.
_DOUBTFUL = re.compile("[^\u0000-\u33ff\u4e00-\u9fa5\uff00-\uffef]")
#: Every machine fills these as it likes: a character from there is another one on the next.
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
#: Marks that have no picture of their own.
_INVISIBLE = re.compile("[\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]")


@dataclass(frozen=True, slots=True)
class Printable:
    """A text with marks for what cannot be drawn, and the codes of what they stand for."""

    text: str
    codes: tuple[str, ...]


def printable(text: str) -> Printable:
    """Put a visible mark for every character that no font here draws."""
    doubtful = set(_DOUBTFUL.findall(text)) - set(_INVISIBLE.findall(text))
    missing = sorted(one for one in doubtful if not _is_drawn(one))
    if not missing:
        return Printable(text, ())
    marked = text.translate(dict.fromkeys(map(ord, missing), MISSING_TYPE))
    return Printable(marked, tuple(f"U+{ord(one):04X}" for one in missing))


@cache
def _is_drawn(character: str) -> bool:
    """Whether a font has it; where nobody can be asked, the engine is believed."""
    if _PRIVATE.match(character):
        return False
    if not shutil.which("fc-list"):
        return True
    asked = ["fc-list", f":charset={ord(character):x}", "family"]
    return bool(subprocess.run(asked, capture_output=True, check=False).stdout.strip())
