"""Events carry news downstream inside the same transaction: nothing flagged is ever lost."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

_handlers: dict[type, list[Callable[[Any], None]]] = defaultdict(list)


def subscribe(event_type: type, handler: Callable[[Any], None]) -> None:
    """Call `handler` with every event of this type; subscribing twice is subscribing once."""
    if handler not in _handlers[event_type]:
        _handlers[event_type].append(handler)


def publish(event: object) -> None:
    """Tell every subscriber now, before the commit; an error in one undoes the whole."""
    for handler in _handlers[type(event)]:
        handler(event)
