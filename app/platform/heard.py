"""JSON that somebody sends: no text in it and no depth of it makes its reader fail.

`"\\ud83d"` alone is correct JSON and no text: whoever encodes it fails. It says nothing, but the
words beside it may, so it becomes U+FFFD here, once for everybody who reads a body. What is nested
without end is no JSON.
"""

import re
from typing import Any

from flask.json.provider import DefaultJSONProvider

_MAY_BE_HALF = re.compile(r"\\ud[89a-f]", re.IGNORECASE)


class Heard(DefaultJSONProvider):
    """Flask's own, but every text in what it reads can be written down."""

    def loads(self, s: str | bytes, **more: Any) -> Any:
        """What was said, as Python has it."""
        text = s.decode("utf-8") if isinstance(s, bytes) else s
        try:
            said = super().loads(text, **more)
            return whole(said) if _MAY_BE_HALF.search(text) else said
        except RecursionError as error:
            raise ValueError("nested too deeply") from error


def whole(said: object) -> object:
    """The same without half characters, also deep inside."""
    match said:
        case str():
            return said.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        case list():
            return [whole(one) for one in said]
        case dict():
            return {whole(name): whole(one) for name, one in said.items()}
    return said
