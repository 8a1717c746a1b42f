"""Take one protection out of the program, to see that a test notices."""

import inspect
import sys
import textwrap
from collections.abc import Callable
from typing import Any

import pytest


def mutate(patch: pytest.MonkeyPatch, function: Callable[..., Any], old: str, new: str) -> None:
    """Replace a piece of a function's source, wherever the function has been imported."""
    source = textwrap.dedent(inspect.getsource(function))
    assert source.count(old) == 1, f"{function.__qualname__} does not say {old!r} once"
    made: dict[str, Any] = {}
    exec(source.replace(old, new), function.__globals__, made)
    for name, module in list(sys.modules.items()):
        if name.startswith(("app.", "tests.")):
            for word, thing in list(vars(module).items()):
                if thing is function:
                    patch.setattr(module, word, made[function.__name__])
