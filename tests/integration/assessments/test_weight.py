"""What a phone downloads on its first visit, as served: page, style, script, icon."""

import re

import pytest

from app.assessments import content, queries
from app.assessments.plan import Page, Plan
from app.config import ROOT
from app.instruments.loader import load_instrument
from app.instruments.words import Text
from tests.factories import assessments as sittings

BROTLI = {"Accept-Encoding": "gzip, deflate, br"}
SHIPPED = ("dass21", "cesd", "gad7", "who5", "phq9", "asq", "crisis_interview")


def _weigh(client, address):
    """Bytes of the page and of every file it names, each as it travels."""
    page = client.get(address, headers=BROTLI)
    files = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', client.get(address).text))
    assert page.headers["Content-Encoding"] == "gzip"
    assert len(files) == 3
    return len(page.data) + sum(len(client.get(file, headers=BROTLI).data) for file in files)


def _hundred_items():
    """Words of a hundred different questions, on one page."""
    items = [
        item
        for code in SHIPPED
        for item in load_instrument(ROOT / "instruments" / code).items
        if item.text and item.options
    ]
    items += [*content.neutral().items, *content.closing().items]
    # Read backwards, words are as hard to pack as new ones.
    items += [_backwards(item) for item in items[: 100 - len(items)]]
    phq9 = load_instrument(ROOT / "instruments" / "phq9")
    part = Page(1, "phq9", phq9.student_title, phq9.instructions, tuple(items), 0)
    assert len(part.items) == 100
    return Plan((part,), 100)


def _backwards(item):
    text = {locale: words[::-1] for locale, words in item.text.root.items()}
    return item.model_copy(update={"text": Text(root=text)})


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_first_page_of_phq9_weighs_at_most_20_kb_with_what_it_fetches_ahead(client, made, language):
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
    link = made(sittings.open_link, "token")
    ahead = re.search(r'data-rest="([^"]+)"', client.get(f"/o/{link}").text).group(1)

    assert _weigh(client, f"/o/{link}") + len(client.get(ahead, headers=BROTLI).data) <= 20_000


def test_page_of_a_hundred_items_weighs_at_most_25_kb(client, made, monkeypatch):
    link = made(sittings.open_link, "token")
    plan = _hundred_items()
    monkeypatch.setattr(queries, "plan_of_battery", lambda _battery: plan)

    assert _weigh(client, f"/o/{link}") <= 25_000
