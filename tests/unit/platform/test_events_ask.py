"""A question is answered by every room that has something to say."""

from dataclasses import dataclass

from app.platform import events


@dataclass(frozen=True)
class _Question:
    number: int


def test_ask_collects_what_everybody_says_and_nothing_where_nobody_listens() -> None:
    assert events.ask(_Question(1)) == []

    events.subscribe(_Question, lambda question: [question.number])
    events.subscribe(_Question, lambda question: [question.number + 1, "end"])

    assert events.ask(_Question(1)) == [1, 2, "end"]
