"""Summaries on paper: what has no room begins the next page, and every page is filled once."""

from types import SimpleNamespace

from app.cases.sheets.flow import Flow
from app.cases.sheets.pages import _add_glance
from app.cases.sheets.scales import GlanceRow


def test_line_that_no_page_holds_has_a_page_and_stops_nothing():
    row = GlanceRow(SimpleNamespace(label="长" * 600, informant=""), None, "27", "")
    flow = Flow()
    flow.add("steps", None, 50)

    _add_glance(flow, [row, row])

    kinds = [[block.kind for block in page] for page in flow.pages]
    assert kinds == [["steps"], ["glance"], ["glance"]]
