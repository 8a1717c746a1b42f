"""A draft as its students will see it: one question a screen, by the pages they get."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence

from app.assessments.content import closing
from app.assessments.domain import Answer, UnknownAnswerError
from app.assessments.plan import Hidden, Page, Plan, plan_of
from app.assessments.service.typed import NotUnderstoodError, read_typed
from app.instruments.media import inside_page
from app.instruments.model import Instrument
from app.scoring import CompiledInstrument
from app.scoring.results import Person

#: What is answered so far, by the names of a form.
Given = Mapping[str, Sequence[str]]


def screens_of(instrument: Instrument, person: Person) -> Plan:
    """Every screen of the instrument in order, in the wording for such a person."""
    items = tuple(
        item.model_copy(
            update={"text": item.text_for(sex=person.sex, age=person.age, grade=person.grade)}
        )
        for item in instrument.items
    )
    worded = instrument.model_copy(update={"items": items})
    plan = plan_of([worded], closing())
    own = [page for page in plan.pages if not page.is_closing]
    screens = _screens(own, inside_page(instrument.source.media))
    return Plan(tuple(screens), plan.total, plan.branches)


def answers_in(plan: Plan, given: Given) -> dict[str, Answer]:
    """What a form says, by item; what cannot be meant counts as not answered."""
    answers = {}
    for page in plan.pages:
        for item in page.questions:
            try:
                answer = read_typed(page.code, item, given.get(page.name_of(item), ()))
            except (NotUnderstoodError, UnknownAnswerError):
                continue
            if answer is not None:
                answers[item.code] = answer
    return answers


def left_out(compiled: CompiledInstrument, answers: Mapping[str, Answer], person: Person) -> Hidden:
    """The items that such a person is not asked after these answers."""
    numbers = {code: one.value for code, one in answers.items() if one.value is not None}
    hidden = compiled.not_asked(numbers, person=person)
    return frozenset((compiled.instrument.code, code) for code in hidden)


def screen_at(plan: Plan, instrument: Instrument, line: int) -> Page:
    """The screen of the item in whose lines somebody writes; above all of them the first."""
    starts = [
        instrument.origin.problem(("items", place), "").line
        for place in range(len(instrument.items))
    ]
    return plan.pages[max(bisect_right(starts, line) - 1, 0)]


def _screens(pages: list[Page], media: Mapping[str, str]) -> Iterator[Page]:
    """One screen for each item, counted on over the pages."""
    number = asked = 0
    for page in pages:
        for item in page.items:
            number += 1
            conditions = {code: one for code, one in page.conditions.items() if code == item.code}
            screen = Page(
                number,
                page.code,
                page.title,
                page.instructions,
                (item,),
                asked,
                conditions=conditions,
                media=media,
            )
            asked += len(screen.questions)
            yield screen
