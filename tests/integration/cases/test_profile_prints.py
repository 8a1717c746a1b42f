"""What is printed of a profile: results only for whom they are, and never a sentence cut."""

import re
import subprocess
from dataclasses import replace
from datetime import timedelta
from itertools import product
from types import SimpleNamespace

import pytest

from app.access.actor import OPERATOR
from app.cases.domain.printing import Rendering
from app.cases.printing import Print, print_documents, summary_documents
from app.cases.queries import profiles as queries
from app.cases.queries.support import Support
from app.cases.sheets import counsellor_pages
from app.platform import clock, events
from app.platform.pdf import available
from app.profiles.lint import find_result
from app.profiles.model import Rescored
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


class Promised(Support):
    """A plan in which a whole story was written down as the goal."""

    goals = (SimpleNamespace(text="每天和一个同学说一句话，" * 250 + "就到这里"),)


def test_ninety_scales_and_texts_longer_than_a_page_come_out_whole(long_story, tmp_path):
    if not (state := available()):
        pytest.skip(state.reason)
    (one,) = queries.profiles_of(OPERATOR, [long_story], locale="zh_Hans")
    (first, *others) = one.profile.scales
    told = replace(
        first, label="很长的量表名称" * 12 + "完", words="说给老师听的话。" * 375 + "说完了"
    )
    many = [replace(others[n % len(others)], label=f"第{n}个分量表") for n in range(89)]
    profile = replace(one.profile, scales=(told, *many))
    one = replace(one, profile=profile, support=Promised())

    (document,) = summary_documents(
        [one], Print(Rendering.COUNSELLOR, "zh_Hans", "老师", clock.now())
    )

    # A page that outgrows its sheet makes another: then this raises, and nobody's is printed.
    file = tmp_path / "sheet.pdf"
    file.write_bytes(print_documents([document], locale="zh_Hans"))
    told = subprocess.run(["pdftotext", "-raw", file, "-"], capture_output=True, check=True)
    text = re.sub(r"\s+", "", told.stdout.decode())
    assert [text.count(f"第{n}个分量表") for n in range(89)] == [2] * 89
    # Single signs are counted: where a page ends, its footer stands in the middle of a sentence.
    assert (text.count("句") >= 250, "就到这里" in text) == (True, True)
    assert (text.count("听") >= 375, "说完了" in text) == (True, True)
    assert text.count("很长的量表名称" * 12 + "完") >= 2
    assert f"共{document.pages}页" in text


def test_score_worked_out_anew_takes_its_room(long_story):
    (one,) = queries.profiles_of(OPERATOR, [long_story], locale="zh_Hans")
    rescored = Rescored(NOW.date(), "计分键有误，经两人核对后更正。" * 40)
    points = [replace(one.profile.scales[0].points[-1], rescored=rescored)] * 4
    scale = replace(one.profile.scales[0], points=tuple(points))

    def pages(scale) -> int:
        profile = replace(one.profile, scales=(scale, scale))
        return len(counsellor_pages(replace(one, profile=profile)))

    plain = replace(scale, points=one.profile.scales[0].points)
    assert pages(scale) > pages(plain)
