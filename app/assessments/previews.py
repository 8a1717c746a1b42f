"""A draft as its students will see it: one question a screen, by the pages they get."""

from collections.abc import Iterator, Mapping

from app.assessments.content import closing
from app.assessments.plan import Page, Plan, plan_of
from app.instruments.media import as_texts, media_type
from app.instruments.model import Instrument


def screens_of(instrument: Instrument) -> Plan:
    """Every screen of the instrument in order; what depends on answers is shown too."""
    plan = plan_of([instrument], closing())
    own = [page for page in plan.pages if not page.is_closing]
    inside = {
        path: f"data:{media_type(path)};base64,{text}"
        for path, text in as_texts(instrument.source.media).items()
    }
    return Plan(tuple(_screens(own, inside)), plan.total)


def _screens(pages: list[Page], media: Mapping[str, str]) -> Iterator[Page]:
    """No address serves what is not published: pictures and recordings lie in the page."""
    number = asked = 0
    for page in pages:
        for item in page.items:
            number += 1
            screen = Page(
                number, page.code, page.title, page.instructions, (item,), asked, media=media
            )
            asked += len(screen.questions)
            yield screen
