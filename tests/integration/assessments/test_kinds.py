"""Every kind of item and branches through plain forms, as a browser without script meets them."""

import re
import uuid
from datetime import timedelta

import pytest

from app.assessments.domain import Answer
from app.assessments.models import Assessment, Response
from app.assessments.queries import current_responses
from app.assessments.service import store_responses
from app.platform import clock
from app.platform.db import begin_write, db
from app.results.models import Administration, Flag
from tests.factories import assessments as sittings

PAGES = "/s/1", "/s/2", "/s/3"
REST = {
    "kinds.sleep": "7.5",
    "kinds.mood": "7",
    "kinds.energy": "60",
    "kinds.since": "2026-09-01",
    "kinds.more": "还好",
}


@pytest.fixture
def student(client, made):
    """A student at the first page."""
    sittings.walk_in(client, made(sittings.invited, "token", "kinds"))
    sittings.agree(client)
    return client


def _names(page):
    return list(dict.fromkeys(re.findall(r'data-name="kinds\.(\w+)"', page.text)))


def _kept(app):
    """Instrument's items with the value or text that counts, None for refused."""
    with app.app_context():
        sitting = db.session.query(Assessment).one()
        own = current_responses(sitting.id).get("kinds", {})
        return {item: row.text if row.text_sealed else row.value for item, row in own.items()}


def test_every_kind_is_stored_as_what_it_is(app, student):
    student.post(PAGES[0], data={"kinds.friend": "1"})
    student.post(PAGES[1], data={"kinds.often": "2", "kinds.together": ["1", "4"]})
    over = student.post(PAGES[2], data=REST | {"kinds.other": "下棋"})

    assert over.location == "/s/4"
    assert _kept(app) == {
        "friend": 1,
        "often": 2,
        "together": 5,
        "other": "下棋",
        "sleep": 7.5,
        "mood": 7,
        "energy": 60,
        "since": "2026-09-01",
        "more": "还好",
    }
    with app.app_context():
        raw = [row.text_sealed for row in db.session.query(Response) if row.text_sealed]
        assert len(raw) == 3
        assert not any("下棋".encode() in one or b"2026" in one for one in raw)


@pytest.mark.parametrize("said", [{"text": "下棋"}, {"refused": True}])
def test_words_written_and_left_out_look_the_same_on_the_board(app, student, fixed_clock, said):
    with fixed_clock(clock.now() + timedelta(minutes=2)):
        answer = {"id": str(uuid.uuid4()), "name": "kinds.more", **said}
        assert student.post("/s/responses", json={"answers": [answer]}).status_code == 200

    with app.app_context():
        sitting = db.session.query(Assessment).one()
        assert sitting.moved_at == sitting.assented_at


def test_branch_that_was_not_taken_is_neither_shown_nor_stored(app, student):
    after = student.post(PAGES[0], data={"kinds.friend": "0"})
    page = student.get(after.location)
    over = student.post(after.location, data=REST)
    student.post(over.location, data=sittings.closing())

    assert after.location == "/s/3"
    assert _names(page) == ["sleep", "mood", "energy", "since", "more"]
    with app.app_context():
        rows = db.session.query(Response).filter_by(instrument_code="kinds").all()
        scored = db.session.query(Administration).one()
        assert {row.item_code for row in rows} == {name[6:] for name in REST} | {"friend"}
        assert not any(row.refused for row in rows)
        assert [row.score for row in scored.scores] == [7]
        assert "many_missing" not in scored.quality


def test_page_of_a_branch_that_is_not_taken_leads_on(student):
    student.post(PAGES[0], data={"kinds.friend": "0"})

    assert student.get(PAGES[1]).location == "/s/3"
    assert student.post(PAGES[2], data={"do": "back"}).location == "/s/1#last"


def test_answers_on_a_branch_that_was_left_count_no_more_and_are_asked_anew(app, student):
    student.post(PAGES[0], data={"kinds.friend": "1"})
    student.post(PAGES[1], data={"kinds.often": "2", "kinds.together": "4"})
    student.post(PAGES[2], data=REST | {"kinds.other": "下棋"})
    student.post(PAGES[0], data={"kinds.friend": "0"})
    without = _kept(app)
    student.post(PAGES[0], data={"kinds.friend": "1"})
    again = student.get(PAGES[1])
    where = student.get("/s").location
    student.post(PAGES[1], data={"kinds.often": "1", "kinds.together": "1"})

    assert set(without) == {"friend", "sleep", "mood", "energy", "since", "more"}
    assert "checked" not in again.text
    assert where == PAGES[1]
    assert _kept(app)["often"] == 1
    with app.app_context():
        rows = db.session.query(Response).filter_by(item_code="often").order_by(Response.id)
        assert [(row.seq, row.value, row.refused) for row in rows] == [
            (1, 2, False),
            (2, None, False),
            (3, 1, False),
        ]


def test_left_branch_never_scores(app, student):
    student.post(PAGES[0], data={"kinds.friend": "1"})
    student.post(PAGES[1], data={"kinds.often": "2", "kinds.together": "1"})
    student.post(PAGES[2], data=REST)
    student.post(PAGES[0], data={"kinds.friend": "0"})
    student.post("/s/4", data=sittings.closing())

    with app.app_context():
        scored = db.session.query(Administration).one()
        assert [(row.score, row.answered) for row in scored.scores] == [(7, 2)]


@pytest.mark.parametrize(
    ("field", "typed", "why"),
    [
        ("sleep", "many", "每 0.5 一档"),
        ("sleep", "25", "0 到 24"),
        ("sleep", "7.3", "每 0.5 一档"),
        ("energy", "50.5", "整数"),
        ("since", "2026-02-30", "日期"),
        ("since", "someday", "日期"),
    ],
)
def test_what_was_typed_wrong_is_asked_for_again_in_words_and_not_lost(
    app, student, field, typed, why
):
    student.post(PAGES[0], data={"kinds.friend": "0"})
    name = f"kinds.{field}"

    page = student.post(PAGES[2], data=REST | {name: typed})
    marked = re.search(
        rf'<fieldset class="item item--blank"[^>]*data-name="{name}".*?</fieldset>', page.text, re.S
    )

    assert page.status_code == 200
    assert why in marked[0]
    assert f'value="{typed}"' in marked[0]
    assert page.text.count("item--blank") == 1
    assert set(_kept(app)) == {"friend"} | {name[6:] for name in REST} - {field}


@pytest.mark.parametrize(
    ("field", "typed", "stored"),
    [
        ("sleep", "\uff17\uff0e\uff15", 7.5),
        ("sleep", " 8 ", 8),
        ("since", "2026年9月1日", "2026-09-01"),
        ("since", "2026/9/1", "2026-09-01"),
    ],
)
def test_what_was_typed_in_another_way_is_understood(app, student, field, typed, stored):
    student.post(PAGES[0], data={"kinds.friend": "0"})

    student.post(PAGES[2], data=REST | {f"kinds.{field}": typed})

    assert _kept(app)[field] == stored


def test_blank_fields_are_asked_once_more_but_free_words_are_free(app, student):
    student.post(PAGES[0], data={"kinds.friend": "0"})

    once = student.post(PAGES[2], data={})
    asked = sittings.hidden(once.text, "asked")
    twice = student.post(PAGES[2], data={"asked": asked})

    assert asked.split() == ["kinds.sleep", "kinds.mood", "kinds.energy", "kinds.since"]
    assert twice.location == "/s/4"
    with app.app_context():
        refused = db.session.query(Response).filter_by(refused=True)
        assert sorted(row.item_code for row in refused) == sorted(name[6:] for name in REST)


def test_blank_field_is_not_asked_anew_because_another_was_wrong(student):
    student.post(PAGES[0], data={"kinds.friend": "0"})
    blank = {name: said for name, said in REST.items() if name != "kinds.mood"}

    once = student.post(PAGES[2], data=blank)
    asked = sittings.hidden(once.text, "asked")
    wrong = student.post(PAGES[2], data=blank | {"kinds.sleep": "x", "asked": asked})
    asked = sittings.hidden(wrong.text, "asked")
    mended = student.post(PAGES[2], data=blank | {"asked": asked})

    assert (once.status_code, wrong.status_code, mended.status_code) == (200, 200, 303)


def test_what_is_cleared_away_again_is_not_kept(app, student):
    student.post(PAGES[0], data={"kinds.friend": "0"})
    student.post(PAGES[2], data=REST)

    once = student.post(PAGES[2], data=REST | {"kinds.more": "", "kinds.sleep": ""})
    asked = sittings.hidden(once.text, "asked")
    student.post(PAGES[2], data=REST | {"kinds.more": "", "kinds.sleep": "", "asked": asked})

    assert asked == "kinds.sleep"
    assert {_kept(app)[item] for item in ("more", "sleep")} == {None}


def test_choice_that_was_never_offered_is_refused(student):
    student.post(PAGES[0], data={"kinds.friend": "1"})

    assert student.post(PAGES[1], data={"kinds.together": "8"}).status_code == 422
    assert student.post(PAGES[1], data={"kinds.together": "x"}).status_code == 422


@pytest.mark.parametrize("text", ["我不想活了", "我想消 失"])
def test_words_in_free_text_are_read_today(app, student, text):
    student.post(PAGES[0], data={"kinds.friend": "0"})
    student.post(PAGES[2], data=REST | {"kinds.more": text})

    with app.app_context():
        flag = db.session.query(Flag).one()
        assert (flag.instrument_code, flag.code, flag.lane) == ("kinds", "words_more", "same_day")
        assert flag.reason == {"item": "more"}


@pytest.mark.parametrize(
    "answer",
    [
        Answer("kinds", "welcome", value=1),
        Answer("kinds", "welcome", refused=True),
        Answer("kinds", "together", value=8),
        Answer("kinds", "together", value=float("inf")),
        Answer("kinds", "sleep", value=7.3),
        Answer("kinds", "sleep", text="7"),
        Answer("kinds", "since", text="1 September"),
        Answer("kinds", "more", text="长" * 4_001),
        Answer("kinds", "often"),
    ],
)
def test_device_cannot_say_what_no_item_means(app, answer):
    with app.app_context():
        begin_write()
        sitting = sittings.sitting("kinds")

        with pytest.raises(ValueError, match=answer.item_code):
            store_responses(assessment=sitting, answers=[answer])


def test_open_link_branches_as_well(app, client, made):
    link = made(sittings.open_link, "token", "kinds")
    visit = sittings.hidden(client.get(f"/o/{link}").text, "visit")
    first = {"visit": visit, "page": "1", "assent": "yes", "kinds.friend": "0"}

    third = client.post(f"/o/{link}", data=first)
    back = client.post(f"/o/{link}", data={"visit": visit, "page": "3", "do": "back"})
    second = client.post(f"/o/{link}", data=first | {"kinds.friend": "1"})

    assert _names(third) == ["sleep", "mood", "energy", "since", "more"]
    assert _names(back) == ["welcome", "friend"]
    assert _names(second) == ["often", "together"]


def test_late_answer_to_what_was_handed_in_takes_nothing_back(app, student, fixed_clock):
    student.post(PAGES[0], data={"kinds.friend": "1"})
    student.post(PAGES[1], data={"kinds.often": "2", "kinds.together": "1"})
    student.post(PAGES[2], data=REST)
    student.post("/s/4", data=sittings.closing())

    with app.app_context(), fixed_clock(clock.now() + timedelta(minutes=1)):
        begin_write()
        sitting = db.session.query(Assessment).one()
        store_responses(assessment=sitting, answers=sittings.answers("kinds", {"friend": 0}))
        db.session.commit()

    assert (_kept(app)["friend"], _kept(app)["often"]) == (1, 2)
    with app.app_context():
        assert db.session.query(Response).filter_by(value=None, refused=False).count() == 2  # texts


def test_device_branches_by_the_same_answers_as_the_form(app, student):
    def say(**said):
        taps = [
            {"id": str(uuid.uuid4()), "name": f"kinds.{i}", "value": v} for i, v in said.items()
        ]
        student.post("/s/responses", json={"answers": taps})

    say(friend=1, often=2, together=4)
    say(friend=0)
    left = _kept(app)
    say(often=1)  # from a page that another device has overtaken: kept as a row, and does not count

    assert left == {"friend": 0}
    assert _kept(app) == {"friend": 0}
    assert "kinds.often" not in student.get(PAGES[2]).text
