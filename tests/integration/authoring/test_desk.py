"""The authors' desk: faults at their lines, nothing lost, tried and seen before it serves."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.access.actor import Actor
from app.access.permissions import Role
from app.authoring import queries, service
from app.authoring.blank import blank_files
from app.authoring.domain import DraftOrigin, DraftState, VersionTakenError
from app.authoring.models import InstrumentDraft
from app.authoring.service import reviews
from app.cases.models import QueueEntry
from app.instruments.loader import EXAMPLES_FILE, INSTRUMENT_FILE
from app.instruments.model import Instrument
from app.people.models import User
from app.people.service.logins import actor_of
from app.platform.db import begin_write, db
from app.platform.web import CONTENT_SECURITY_POLICY
from tests.factories import authoring, people

As = Callable[..., FlaskClient]
TEXT = blank_files("睡眠小问卷")


@pytest.fixture
def alice(app: Flask) -> User:
    with app.app_context():
        begin_write()
        alice = people.user(Role.AUTHOR)
        db.session.commit()
        db.session.refresh(alice)
    return alice


@pytest.fixture
def at(app: Flask, alice: User) -> str:
    """The address of a draft of Alice's."""
    with app.app_context():
        begin_write()
        draft = service.start_draft(
            actor=actor_of(db.session.get_one(User, alice.id), Role.AUTHOR),
            files=TEXT,
            origin=DraftOrigin.BLANK,
            title="睡眠小问卷",
            licence_proof="自编",
        )
        db.session.commit()
        return f"/instruments/drafts/{draft.public_id}"


def _form(revision: int = 1, **texts: str) -> dict[str, object]:
    kept = {"instrument": TEXT[INSTRUMENT_FILE], "examples": TEXT[EXAMPLES_FILE]}
    return {"revision": revision, "licence_proof": "自编", **kept, **texts}


def _stored(app: Flask) -> InstrumentDraft:
    with app.app_context():
        draft = db.session.query(InstrumentDraft).one()
        assert draft.files
        return draft


def test_an_author_begins_with_a_blank_questionnaire_that_is_in_order(app: Flask, as_: As) -> None:
    author = as_(Role.AUTHOR)

    page = author.post("/instruments/drafts", data={"title": "睡眠"}, follow_redirects=True)

    assert "没有发现问题" in page.text
    assert _stored(app).title == "睡眠"


def test_a_text_full_of_errors_is_kept_and_told_without_script(
    app: Flask, as_: As, alice: User, at: str
) -> None:
    author = as_(Role.AUTHOR, user=alice)

    saved = author.post(at, data=_form(instrument="code: x\n\titems"), follow_redirects=True)

    assert "code: x\n\titems" in unescape(saved.text)
    assert "第 2 行" in saved.text
    assert "Tab" in saved.text


def test_the_check_while_typing_tells_faults_and_keeps_nothing(
    app: Flask, as_: As, alice: User, at: str
) -> None:
    author = as_(Role.AUTHOR, user=alice)
    mistaken = TEXT[INSTRUMENT_FILE].replace("method: sum", "methid: sum")

    list_zh = author.post(f"{at}/check", data=_form(instrument=mistaken)).text
    list_en = author.post(f"{at}/check?lang=en", data=_form(instrument=mistaken)).text

    assert 'data-line="43"' in list_zh
    assert "如果想写的是“method”" in list_zh
    assert "write “method” if you mean that" in list_en
    assert _stored(app).revision == 1


def test_two_windows_never_replace_each_other(app: Flask, as_: As, alice: User, at: str) -> None:
    author = as_(Role.AUTHOR, user=alice)
    author.post(at, data=_form(1, instrument="code: first"))

    second = author.post(at, data=_form(1, instrument="code: second"))

    assert second.status_code == 409
    assert "code: first" in second.text
    assert "code: second" in second.text
    assert _stored(app).files[INSTRUMENT_FILE] == "code: first"
    assert author.post(at, data=_form(2, instrument="code: second")).status_code == 303


def test_what_is_saved_after_handing_in_is_shown_again(as_: As, alice: User, at: str) -> None:
    author = as_(Role.AUTHOR, user=alice)
    author.post(f"{at}/submit", data={"revision": 1})

    late = author.post(at, data=_form(1, instrument="code: late"))

    assert late.status_code == 409
    assert "code: late" in late.text


PAGES = ("", "/preview", "/preview/zh_Hans/1", "/paper", "/try", "/review")


def test_a_draft_is_open_to_its_author_and_reviewers_alone(as_: As, alice: User, at: str) -> None:
    readers = {"alice": as_(Role.AUTHOR, user=alice), "reviewer": as_(Role.REVIEWER)}
    readers |= {"bob": as_(Role.AUTHOR), "counsellor": as_(Role.COUNSELLOR)}

    seen = {who: {at_.get(at + page).status_code for page in PAGES} for who, at_ in readers.items()}

    assert seen == {"alice": {200}, "reviewer": {200}, "bob": {404}, "counsellor": {404}}


POSTS = (
    "",
    "/check",
    "/paper",
    "/try",
    "/preview/zh_Hans/1",
    "/languages",
    "/submit",
    "/take-back",
    "/withdraw",
    "/examples",
    "/return",
    "/publish",
)


def test_nobody_else_writes_in_a_draft(app: Flask, as_: As, at: str) -> None:
    bob = as_(Role.AUTHOR)

    assert {bob.post(at + verb, data=_form()).status_code for verb in POSTS} == {404}
    assert _stored(app).revision == 1


def test_the_preview_is_the_students_page_in_its_own_language(
    as_: As, alice: User, at: str
) -> None:
    author = as_(Role.AUTHOR, user=alice)

    chinese = author.get(f"{at}/preview/zh_Hans/1")
    english = author.get(f"{at}/preview/en/2")
    turned = author.post(f"{at}/preview/en/1", data={"next": "1"})

    assert "我睡得好" in chinese.text
    assert "<script" not in chinese.text
    assert "I have felt tired" in english.text
    assert "Continue" in english.text
    assert 'name="csrf_token"' in english.text
    assert "I have felt tired" in turned.text
    assert 'name="my_scale.q1"' not in turned.text


def test_the_preview_plays_the_text_that_nobody_has_saved(
    app: Flask, as_: As, alice: User, at: str
) -> None:
    author = as_(Role.AUTHOR, user=alice)
    typed = TEXT[INSTRUMENT_FILE].replace("我觉得累", "我觉得很疲倦")
    line = typed[: typed.index("疲倦")].count("\n") + 1

    there = author.post(
        f"{at}/preview/zh_Hans/1", data=_form(instrument=typed) | {"look": 1, "line": line}
    )
    on = author.post(
        f"{at}/preview/zh_Hans/1",
        data={"instrument": typed, "my_scale.q1": "1", "next": "1"},
    )
    faulty = author.post(f"{at}/preview/zh_Hans/1", data=_form(instrument="code: x") | {"look": 1})

    assert "</span> 我觉得很疲倦</legend>" in there.text
    assert "</span> 我觉得很疲倦</legend>" in on.text
    assert '<input type="hidden" name="my_scale.q1" value="1">' in on.text
    assert faulty.status_code == 422
    assert "暂时没有可显示的内容" in faulty.text
    assert _stored(app).revision == 1


def test_the_preview_leaves_out_what_the_answers_leave_out(as_: As, alice: User, at: str) -> None:
    author = as_(Role.AUTHOR, user=alice)
    branched = TEXT[INSTRUMENT_FILE].replace(
        "    options: often\n\nscales", "    options: often\n    show_when: q1 > 0\n\nscales"
    )

    def after(answer: int) -> str:
        data = {"instrument": branched, "my_scale.q1": answer, "next": "1"}
        return author.post(f"{at}/preview/zh_Hans/1", data=data).text

    assert "</span> 我觉得累</legend>" in after(1)
    assert "</span> 我睡得好</legend>" in after(0)
    assert (
        "按这些答案，此题不出现"
        in author.post(f"{at}/try", data=_form(instrument=branched) | {"q1": 0}).text
    )


def test_the_preview_words_it_for_whoever_is_chosen(as_: As, alice: User, at: str) -> None:
    author = as_(Role.AUTHOR, user=alice)
    young = "    variants: [{for: {ages: {to: 12}}, text: {zh_Hans: 我好困, en: Sleepy}}]\n"
    worded = TEXT[INSTRUMENT_FILE].replace("I have slept well}\n", "I have slept well}\n" + young)

    def seen(age: str) -> str:
        data = {"instrument": worded, "look": 1, "person.age": age}
        return author.post(f"{at}/preview/zh_Hans/1", data=data).text

    assert "</span> 我好困</legend>" in seen("11")
    assert "</span> 我睡得好</legend>" in seen("15")


def test_trying_and_printing_take_the_text_of_the_editor(as_: As, alice: User, at: str) -> None:
    author = as_(Role.AUTHOR, user=alice)
    typed = _form(instrument=TEXT[INSTRUMENT_FILE].replace("我觉得累", "我觉得很疲倦"))

    tried = author.post(f"{at}/try", data=typed | {"q1": "0", "q2": "1"}).text
    paper = author.post(f"{at}/paper", data=typed).text

    assert "q2 我觉得很疲倦</label>" in tried
    assert "反向后 2" in tried
    assert "尚未保存" in tried
    assert f'action="{at}/examples' not in tried
    assert "<p>我觉得很疲倦</p>" in paper


def test_three_long_texts_are_taken_and_one_that_is_too_long_is_named(
    app: Flask, as_: As, alice: User, at: str
) -> None:
    author = as_(Role.AUTHOR, user=alice)
    full = dict.fromkeys(("instrument", "examples", "norms"), "# " + "长" * 87000)

    told = author.post(f"{at}/check", data=_form(**full))
    saved = author.post(at, data=_form(**{**full, "norms": "# " + "长" * 90_000}))

    assert told.status_code == 200
    assert saved.status_code == 303
    assert "256 KB" in author.get(at).text
    assert _stored(app).revision == 2


def test_only_the_preview_stands_in_a_frame_of_ours(as_: As, alice: User, at: str) -> None:
    author = as_(Role.AUTHOR, user=alice)

    framed = author.get(f"{at}/preview/en/1").headers["Content-Security-Policy"]

    assert "frame-ancestors 'self'" in framed
    assert author.get(at).headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert "frame-ancestors 'none'" in CONTENT_SECURITY_POLICY


def test_a_try_shows_how_the_score_comes_about_and_can_be_kept(
    app: Flask, as_: As, alice: User, at: str
) -> None:
    author = as_(Role.AUTHOR, user=alice)

    tried = author.get(f"{at}/try?q1=0&q2=1").text
    kept = author.post(
        f"{at}/examples?q1=0&q2=1",
        data={"revision": 1, "name": "睡得: 一般", "source": "2 + 1"},
        follow_redirects=True,
    )

    assert "反向后 2" in tried
    assert "原始分 3，用了 2 题中的 2 个答案" in tried
    assert "已保存为计分示例" in kept.text
    with app.app_context():
        draft = db.session.query(InstrumentDraft).one()
        assert "answers: {q1: 0, q2: 1}" in draft.files[EXAMPLES_FILE]
    assert "没有发现问题" in author.get(at).text


def test_a_reviewer_gives_back_with_a_reason_or_publishes(
    app: Flask, as_: As, alice: User, at: str
) -> None:
    author, reviewer = as_(Role.AUTHOR, user=alice), as_(Role.REVIEWER)
    author.post(f"{at}/submit", data={"revision": 1})
    reviewer.post(f"{at}/return", data={"revision": 1, "reason": "第二题太长"})

    given_back = author.get(at).text
    author.post(f"{at}/submit", data={"revision": 1})
    published = reviewer.post(f"{at}/publish", data={"revision": 1})

    assert "第二题太长" in given_back
    assert published.location == "/instruments/my_scale"


def test_a_version_number_that_was_just_taken_leaves_the_draft_in_review(
    app: Flask, as_: As, alice: User, at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def somebody_was_quicker(_actor: Actor, instrument: Instrument) -> None:
        raise VersionTakenError([f"{instrument.code} {instrument.version}"])

    monkeypatch.setattr(reviews, "put_into_service", somebody_was_quicker)
    as_(Role.AUTHOR, user=alice).post(f"{at}/submit", data={"revision": 1})
    reviewer = as_(Role.REVIEWER)
    reply = reviewer.post(f"{at}/publish", data={"revision": 1}, follow_redirects=True)

    assert "请换一个版本号" in reply.text
    assert _stored(app).state is DraftState.IN_REVIEW


def test_a_published_version_begins_the_next_one(app: Flask, as_: As, alice: User, at: str) -> None:
    author, reviewer = as_(Role.AUTHOR, user=alice), as_(Role.REVIEWER)
    author.post(f"{at}/submit", data={"revision": 1})
    reviewer.post(f"{at}/publish", data={"revision": 1})

    copied = author.post("/instruments/my_scale/versions/1.0.0/draft").location
    text = unescape(author.get(copied).text)
    review = author.get(f"{copied}/review").text
    retired = reviewer.post("/instruments/my_scale/versions/1.0.0/retire", follow_redirects=True)

    assert "version: '1.1.0'" in text
    assert "与 1.0.0 版相比的改动" in review
    assert "停用" in retired.text
    with app.app_context():
        assert queries.library() == []


def _author_of_pictures(app: Flask, as_: As, alice: User) -> FlaskClient:
    """Somebody who may begin a draft of a published questionnaire with pictures."""
    with app.app_context():
        begin_write()
        authoring.published("pictured")
        db.session.commit()
    return as_(Role.AUTHOR, user=alice)


def test_a_draft_keeps_the_pictures_of_the_version_it_began_from(
    app: Flask, as_: As, alice: User
) -> None:
    author = _author_of_pictures(app, as_, alice)

    copied = author.post("/instruments/pictured/versions/1.0.0/draft").location
    files = _stored(app).files
    texts = {"instrument": files[INSTRUMENT_FILE] + "# Again\n", "examples": files[EXAMPLES_FILE]}
    saved = author.post(copied, data=_form(**texts))
    preview = author.get(f"{copied}/preview/zh_Hans/1").text

    assert saved.status_code == 303
    assert _stored(app).files["images/moon.png"] == files["images/moon.png"]
    assert 'src="data:image/png;base64,' in preview
    assert 'src="data:audio/mpeg;base64,' in preview


def test_what_nobody_has_saved_is_checked_shown_tried_and_printed_with_its_pictures(
    app: Flask, as_: As, alice: User
) -> None:
    author = _author_of_pictures(app, as_, alice)
    copied = author.post("/instruments/pictured/versions/1.0.0/draft").location
    files = _stored(app).files
    typed = _form(
        instrument=files[INSTRUMENT_FILE].replace("我睡得好", "我睡得很香"),
        examples=files[EXAMPLES_FILE],
    )

    shown = author.post(f"{copied}/preview/zh_Hans/1", data=typed | {"look": 1}).text
    tried, paper = (author.post(f"{copied}/{page}", data=typed).text for page in ("try", "paper"))
    moon = f'src="data:image/png;base64,{files["images/moon.png"]}"'

    assert "没有发现问题" in author.post(f"{copied}/check", data=typed).text
    assert all("我睡得很香" in page for page in (shown, tried, paper))
    assert moon in shown
    assert paper.count(moon) == 2


@pytest.mark.parametrize("pressed", ["help", "talk", "leave"])
def test_a_button_that_leads_away_leads_nowhere_in_the_preview_and_says_so(
    app: Flask, as_: As, alice: User, at: str, pressed: str
) -> None:
    author = as_(Role.AUTHOR, user=alice)

    answer = author.post(f"{at}/preview/zh_Hans/1", data={"my_scale.q1": "1", "do": pressed})

    assert answer.status_code == 200
    assert "这是预览" in answer.text
    assert "我睡得好" in answer.text
    assert re.search(r'name="my_scale.q1" value="1" checked', answer.text)
    assert "这是预览" not in author.get(f"{at}/preview/zh_Hans/1").text
    with app.app_context():
        assert db.session.query(QueueEntry).count() == 0
