"""A page comes back as a form: answers are stored, what is blank is asked once more."""

from collections.abc import Collection, Mapping

from app.assessments.domain import CLOSING, Answer, UnknownAnswerError
from app.assessments.models import Assessment
from app.assessments.plan import Page
from app.assessments.queries import Stored
from app.assessments.service.responses import CLOSING_TEXTS, store_responses
from app.assessments.service.sittings import submit
from app.instruments.items import Item


def take_page(
    *,
    assessment: Assessment,
    page: Page,
    form: Mapping[str, str],
    asked: Collection[str],
    stored: Stored,
) -> list[str]:
    """Store what the page says; the names of items that are blank and have not been asked again.

    A blank item that was asked again already is stored as refused; what is unchanged is not stored.
    The last page, when nothing is asked again, ends the sitting.
    """
    answers = _answers(page, form, stored)
    blank = [item for item in page.items if _is_blank(page, item, form, stored)]
    again = [page.name_of(item) for item in blank if page.name_of(item) not in asked]
    if not again and not (assessment.neutral and page.is_closing):
        answers += [Answer(page.code, item.code, refused=True) for item in blank]
    if page.is_closing and not again:
        submit(assessment=assessment, answers=answers, stored=stored)
    else:
        store_responses(assessment=assessment, answers=answers, stored=stored)
    return again


def keep_answered(
    *, assessment: Assessment, page: Page, form: Mapping[str, str], stored: Stored
) -> None:
    """Store what is answered so far, when somebody goes back or asks for a person."""
    answers = _answers(page, form, stored)
    store_responses(assessment=assessment, answers=answers, stored=stored)


def _answers(page: Page, form: Mapping[str, str], stored: Stored) -> list[Answer]:
    answers = [answer for item in page.items if (answer := _answer(page, item, form, stored))]
    return answers + _texts(form, stored) if page.is_closing else answers


def _answer(page: Page, item: Item, form: Mapping[str, str], stored: Stored) -> Answer | None:
    raw = form.get(page.name_of(item), "")
    if not raw:
        return None
    try:
        value = float(raw)
    except ValueError as error:
        raise UnknownAnswerError(page.name_of(item)) from error
    earlier = stored.get(page.code, {}).get(item.code)
    if earlier is not None and earlier.value == value:
        return None
    return Answer(page.code, item.code, value=value)


def _is_blank(page: Page, item: Item, form: Mapping[str, str], stored: Stored) -> bool:
    return not form.get(page.name_of(item)) and item.code not in stored.get(page.code, {})


def _texts(form: Mapping[str, str], stored: Stored) -> list[Answer]:
    said = {code: form.get(f"{CLOSING}.{code}", "").strip() for code in sorted(CLOSING_TEXTS)}
    earlier = stored.get(CLOSING, {})
    return [
        Answer(CLOSING, code, text=text)
        for code, text in said.items()
        if text and (code not in earlier or earlier[code].text != text)
    ]
