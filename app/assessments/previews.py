"""A draft as its students will see it: one question a screen, by the pages they get."""

from collections.abc import Iterator

from app.assessments.content import closing
from app.assessments.plan import Page, Plan, plan_of
from app.instruments.model import Instrument


def screens_of(instrument: Instrument) -> Plan:
    """Every screen of the instrument in order; what depends on answers is shown too."""
    plan = plan_of([instrument], closing())
    own = [page for page in plan.pages if not page.is_closing]
    return Plan(tuple(_screens(own)), plan.total)


def _screens(pages: list[Page]) -> Iterator[Page]:
    number = asked = 0
    for page in pages:
        for item in page.items:
            number += 1
            screen = Page(number, page.code, page.title, page.instructions, (item,), asked)
            asked += len(screen.questions)
            yield screen
