"""What is printed of a profile: results only for whom they are, and never a sentence cut."""

import re
from datetime import timedelta
from itertools import product

import pytest

from app.access.actor import OPERATOR
from app.cases.domain.printing import Rendering
from app.cases.printing import Print, print_documents, summary_documents
from app.cases.queries import profiles as queries
from app.platform import clock, events
from app.platform.pdf import available
from app.profiles.lint import find_result
from tests.conftest import NOW
from tests.factories import results
from tests.integration.cases import profile_world

LONG_NAME = "阿卜杜拉·买买提江·吐尔逊·阿不都热合曼·艾合买提𠮷龘"
LONG_CLASS = "初二（1）班·民族团结进步实验寄宿班（双语教学点，二〇二四级）"
MESSAGE_TIMES = 60
LONG_MESSAGE = "最近睡不着，也不知道该跟谁说，" * MESSAGE_TIMES


@pytest.fixture
def world(app, fixed_clock):
    with profile_world.inside(app, profile_world.build(app)) as world:
        yield world


@pytest.fixture
def printed(world):
    """`printed(rendering, locale)`: the documents of alice and bob."""

    def make(rendering: Rendering, locale: str):
        found = queries.profiles_of(OPERATOR, [world.alice, world.bob], locale=locale)
        return summary_documents(found, Print(rendering, locale, "老师", clock.now()))

    return make


def body(document) -> str:
    """The words of a letter without its contacts, which are numbers to call, and its head."""
    letter = r'<div class="letter(?: [^"]*)?">(.*?)</div>\s*(?:<div class="tear">|</div>)'
    html = re.search(letter, document.body, re.DOTALL).group(1)
    html = re.sub(r'<div class="contacts">.*?</div>', "", html, flags=re.DOTALL)
    return re.sub(r"<[^>]+>", " ", html)


def test_letters_say_the_same_whatever_the_result_and_tell_none(printed, world):
    for rendering, locale in product((Rendering.STUDENT, Rendering.GUARDIAN), ("zh_Hans", "en")):
        reached, calm = printed(rendering, locale)

        assert reached.body.replace("龘犇翀", "*") == calm.body.replace("李明", "*")
        words = body(reached).replace(world.campaign.title, "")
        assert len(words) > 200
        assert find_result(words) is None


def test_referral_holds_what_the_partner_needs_on_one_page(printed):
    for locale in ("zh_Hans", "en"):
        reached, _calm = printed(Rendering.REFERRAL, locale)

        assert reached.pages == 1
        assert "17 / 27" in reached.body


@pytest.fixture
def long_story(world):
    """Alice with a long name in such a class, five more campaigns and the longest message."""
    world.alice.name = LONG_NAME
    world.alice.cohort.name = LONG_CLASS
    for n in range(5):
        sitting = results.sitting(
            results.campaign("phq9", "dass21", title=f"第{n}次全校学生心理健康测评与成长支持计划"),
            world.alice,
            started_at=NOW + timedelta(days=60 * n + 1),
        )
        given = {"phq9": results.values([n % 4] * 9), "dass21": results.values([n % 4] * 21)}
        given["closing"] = {"message": LONG_MESSAGE, "company": 0}
        for code, values in given.items():
            events.publish(results.stored(sitting, results.answers(sitting, code, values)))
        events.publish(results.submitted(sitting))
    return world.alice


def test_longest_texts_and_six_campaigns_come_out_whole(long_story):
    if not (state := available()):
        pytest.skip(state.reason)
    for rendering, locale in (*product(Rendering, ["en"]), (Rendering.COUNSELLOR, "zh_Hans")):
        found = queries.profiles_of(OPERATOR, [long_story], locale=locale)
        (document,) = summary_documents(found, Print(rendering, locale, LONG_NAME, clock.now()))
        # A page that outgrows its sheet makes another: then this raises.
        assert print_documents([document], locale=locale).startswith(b"%PDF")
        assert LONG_NAME in document.body
        if rendering is Rendering.COUNSELLOR:
            assert document.body.count("最近睡不着，也不知道该跟谁说，") == MESSAGE_TIMES
