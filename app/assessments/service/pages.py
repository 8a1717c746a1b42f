"""A page comes back as a form: answers are stored, what is blank or wrong is asked once more."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from app.assessments import queries
from app.assessments.domain import CLOSING, Answer, AssessmentSubmitted
from app.assessments.given import Given, Stored
from app.assessments.kinds import Way, way_of
from app.assessments.models import Assessment
from app.assessments.plan import Page
from app.assessments.service.parcels import came_late
from app.assessments.service.responses import CLOSING_TEXTS, store_responses
from app.assessments.service.sittings import submit
from app.assessments.service.typed import NotUnderstoodError, legible, read_typed
from app.instruments.items import Item
from app.platform import events

#: Names of fields → what stands in them; several where boxes were ticked.
Form = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Unfinished:
    """Why a page is shown again, by names of its items: blank ones, and what was typed wrong."""

    blank: tuple[str, ...] = ()
    wrong: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.blank or self.wrong)


@dataclass
class _Read:
    """What a form says about the items of its page."""

    answers: list[Answer] = field(default_factory=list)
    blank: list[Item] = field(default_factory=list)
    wrong: dict[str, str] = field(default_factory=dict)


def take_page(
    *, assessment: Assessment, page: Page, form: Form, asked: Collection[str], stored: Stored
) -> Unfinished:
    """Store what the page says; the items that are blank and have not been asked again, or wrong.

    A blank item that was asked again already is stored as refused, one for free words at once; what
    is unchanged is not stored. The last page, when nothing is asked again, ends the sitting.
    """
    read = _read(assessment, page, form, stored)
    names = [page.name_of(item) for item in read.blank if way_of(item) is not Way.TEXT]
    # While something is wrong, what was asked already stays named: it is not asked anew.
    again = Unfinished(tuple(n for n in names if read.wrong or n not in asked), read.wrong)
    if not again and not (assessment.neutral and page.is_closing):
        read.answers += [Answer(page.code, item.code, refused=True) for item in read.blank]
    if page.is_closing and not again:
        submit(assessment=assessment, answers=read.answers, stored=stored)
    else:
        _store(assessment, read.answers, stored)
    return again


def keep_answered(*, assessment: Assessment, page: Page, form: Form, stored: Stored) -> None:
    """Store what is answered so far, when somebody goes back or asks for a person."""
    _store(assessment, _read(assessment, page, form, stored).answers, stored)


def _store(assessment: Assessment, answers: Sequence[Answer], stored: Stored) -> None:
    """Store the answers; a sitting that was scored already is scored with them."""
    rows = store_responses(assessment=assessment, answers=answers, stored=stored)
    if came_late(assessment, rows):
        events.publish(AssessmentSubmitted(assessment.id))


def _read(assessment: Assessment, page: Page, form: Form, stored: Stored) -> _Read:
    read = _Read()
    hidden = queries.plan_for(assessment).hidden(stored)
    for item in page.asked(hidden):
        if way_of(item) is not Way.INFO:
            _read_item(read, page, item, form, stored.get(page.code, {}).get(item.code))
    if page.is_closing:
        read.answers += _texts(form, stored)
    return read


def _read_item(read: _Read, page: Page, item: Item, form: Form, earlier: Given | None) -> None:
    name = page.name_of(item)
    said = form.get(name, ())
    try:
        answer = read_typed(page.code, item, said)
    except NotUnderstoodError:
        read.wrong[name] = said[0]
        return
    if answer is None and _is_open(item, earlier):
        read.blank.append(item)
    elif answer is not None and not _says(earlier, answer):
        read.answers.append(answer)


def _is_open(item: Item, earlier: Given | None) -> bool:
    """Whether a blank field wants an answer. A choice is never undone; boxes and fields can be."""
    way = way_of(item)
    is_emptied = way.is_typed or way is Way.MANY
    return earlier is None or (is_emptied and not earlier.refused)


def _says(earlier: Given | None, answer: Answer) -> bool:
    said = (answer.value, answer.text)
    return earlier is not None and (earlier.value, earlier.text) == said


def _texts(form: Form, stored: Stored) -> list[Answer]:
    said = {code: "".join(form.get(f"{CLOSING}.{code}", ())) for code in sorted(CLOSING_TEXTS)}
    earlier = stored.get(CLOSING, {})
    return [
        Answer(CLOSING, code, text=text)
        for code, words in said.items()
        if (text := legible(words.strip())) and (code not in earlier or earlier[code].text != text)
    ]
