"""What can only be settled once every row was read: shared answers, factors, reversed questions."""

from collections import Counter
from collections.abc import Mapping

from app.authoring.paste.answers import FEWEST, valued
from app.authoring.paste.columns import Heading
from app.authoring.paste.findings import Findings
from app.authoring.paste.marks import Answer

#: What stands among the factors of many papers and is none.
_TOTALS = ("总分", "总量表", "全量表", "合计", "Total", "total")

#: The values beside each question, by its number.
RowValues = Mapping[int, tuple[int, ...]]


def settle(found: Findings, heading: Heading | None, row_values: RowValues) -> None:
    """Bring `found` to its end; `heading` is the last one of a table of questions."""
    _settle_factors(found)
    _share_answers(found)
    if heading is not None and not found.answers:
        _take_answers(found, heading, row_values)
    _give_values(found)
    _settle_reversed(found, row_values)


def _settle_factors(found: Findings) -> None:
    """Questions named after a factor in their row join it; factors of other questions go."""
    for question in found.in_order:
        if question.factor:
            known = found.factors.get(question.factor, ())
            found.factors[question.factor] = (*known, question.number)
    found.factors = {
        name: numbers
        for name, numbers in found.factors.items()
        if name not in _TOTALS and numbers and set(numbers) <= set(found.questions)
    }


def _share_answers(found: Findings) -> None:
    """Answers that all questions share, or that stand once in the file, belong to the scale."""
    own = [question for question in found.in_order if question.answers]
    if own and not found.answers and all(q.answers == own[0].answers for q in own):
        found.answers = own[0].answers
    for question in own:
        if question.answers == found.answers:
            question.answers = ()


def _take_answers(found: Findings, heading: Heading, row_values: RowValues) -> None:
    """The answers of the heading, with the values that stand below them in most rows."""
    answers = tuple(heading.answers.values())
    counted = Counter(v for v in row_values.values() if len(v) == len(answers))
    if any(answer.value is None for answer in answers) and counted:
        usual = counted.most_common(1)[0][0]
        answers = tuple(Answer(v, a.label) for v, a in zip(usual, answers, strict=True))
    if len(answers) >= FEWEST and all(answer.label for answer in answers):
        found.answers = answers


def _give_values(found: Findings) -> None:
    """Every answer counts something, if need be by its place."""
    if found.answers:
        found.answers, found.has_assumed_values = valued(found.answers)
    for question in found.in_order:
        if question.answers:
            question.answers, is_assumed = valued(question.answers)
            found.has_assumed_values |= is_assumed


def _settle_reversed(found: Findings, row_values: RowValues) -> None:
    """A question whose values run the other way is reversed."""
    usual = tuple(answer.value for answer in found.answers)
    for question in found.in_order:
        values = row_values.get(question.number, ())
        runs_back = len(values) > 1 and values == usual[::-1] != usual
        if question.is_reversed or runs_back:
            found.reverse.add(question.number)
    found.reverse &= set(found.questions)
