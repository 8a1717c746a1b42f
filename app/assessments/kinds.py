"""How an item is asked on a student's page."""

from enum import StrEnum

from app.instruments.items import Item

#: A slider of at most so many stops is a row of them, none chosen before somebody chooses. One of
#: more is typed: a handle that stands somewhere already is an answer nobody gave.
MOST_STOPS = 11


class Way(StrEnum):
    """One choice, several, stops of a scale, something typed, or nothing but words to read."""

    ONE = "one"
    MANY = "many"
    SCALE = "scale"
    NUMBER = "number"
    DATE = "date"
    TEXT = "text"
    INFO = "info"

    @property
    def is_typed(self) -> bool:
        """Whether an answer can be cleared away again, and can be wrong."""
        return self in (Way.NUMBER, Way.DATE, Way.TEXT)

    @property
    def is_words(self) -> bool:
        """Whether the answer is kept as text, and so encrypted."""
        return self in (Way.DATE, Way.TEXT)


_WAYS = {
    "single": Way.ONE,
    "multiple": Way.MANY,
    "number": Way.NUMBER,
    "date": Way.DATE,
    "text": Way.TEXT,
    "info": Way.INFO,
}


def way_of(item: Item) -> Way:
    """The way in which `item` is asked."""
    if item.kind == "slider":
        return Way.SCALE if 0 < len(item.values) <= MOST_STOPS else Way.NUMBER
    return _WAYS[item.kind]
