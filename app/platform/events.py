"""Events carry news downstream inside the same transaction: nothing flagged is ever lost."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

_handlers: dict[type, list[Callable[[Any], Any]]] = defaultdict(list)


def subscribe(event_type: type, handler: Callable[[Any], Any]) -> None:
    """Call `handler` with every event of this type; subscribing twice is subscribing once."""
    if handler not in _handlers[event_type]:
        _handlers[event_type].append(handler)


def publish(event: object) -> None:
    """Tell every subscriber now, before the commit; an error in one undoes the whole."""
    for handler in _handlers[type(event)]:
        handler(event)


def ask(question: object) -> list[Any]:
    """Everything that rooms downstream have to say to a question, in the order of the rooms.

    A room may not look downstream; where it needs an answer from there, it asks.
    """
    answers: list[Any] = []
    for handler in _handlers[type(question)]:
        said: Iterable[Any] = handler(question)
        answers.extend(said)
    return answers
