"""The door behind the code on a slip: it opens once, tells nothing, and names nobody."""

import re
from datetime import timedelta

import pytest

from app.access.permissions import Role
from app.assessments.service import doors
from app.cases.domain.referrals import ReferralState
from app.cases.models import Case, Referral, ReferralReply
from app.cases.service import referrals, reply_links
from app.people.models import User
from app.people.service.logins import actor_of
from app.platform.db import begin_write, db
from tests.conftest import NOW
from tests.factories import people
from tests.integration.cases.referral_world import open_case, refer

pytestmark = pytest.mark.usefixtures("fixed_clock")

NAME, NUMBER = "爱丽丝", "20269999"
GIVEN = {
    "seen": "seen",
    "on": "2026-10-12",
    "assessed": "outpatient",
    "advice": ["listen", "less_load"],
    "advice_note": "先调整作息",
    "next_on": "2026-10-26",
    "answered_by": "顾医生",
    "department": "心理门诊",
}


@pytest.fixture
def bob(app) -> User:
    with app.app_context():
        begin_write()
        site = people.site(duty_phone="0000-555 0101")
        alice = people.student(people.cohort(site), name=NAME, student_no=NUMBER)
        bob = people.user(Role.COUNSELLOR, site.id)
        refer(open_case(alice, actor_of(bob, Role.COUNSELLOR)), actor_of(bob, Role.COUNSELLOR))
        db.session.commit()
        db.session.refresh(bob)
        return bob


@pytest.fixture
def slip(app, bob):
    """Print the slip once more; the new token."""

    def print_it() -> str:
        with app.app_context():
            begin_write()
            referral = db.session.query(Referral).one()
            owner = actor_of(db.session.get_one(User, bob.id), Role.COUNSELLOR)
            token = referrals.take_slip(actor=owner, referral=referral)
            db.session.commit()
            return token

    return print_it


@pytest.fixture
def withdraw(app, bob):
    def do() -> None:
        with app.app_context():
            begin_write()
            owner = actor_of(db.session.get_one(User, bob.id), Role.COUNSELLOR)
            reply_links.revoke_link(actor=owner, referral=db.session.query(Referral).one())
            db.session.commit()

    return do


def _told(answer, token=""):
    """Status, body and headers, without what differs between any two answers."""
    body = re.sub(r'name="csrf_token" value="[^"]+"', "", answer.text.replace(token, ""))
    return answer.status_code, body, sorted(key for key, _ in answer.headers)


def test_doctor_answers_in_two_steps_and_the_link_is_dead(app, client, slip):
    at = f"/r/{slip()}"

    shown = client.post(at, data=GIVEN | {"do": "check"})
    with app.app_context():
        before = db.session.query(ReferralReply).count()
    sent = client.post(at, data=GIVEN | {"do": "send"}, follow_redirects=True)

    assert before == 0
    assert "需要门诊治疗" in shown.text
    assert sent.status_code == 200
    assert client.post(at, data=GIVEN | {"do": "send"}).status_code == 410
    with app.app_context():
        referral = db.session.query(Referral).one()
        (kept,) = referral.replies
        assert referral.state is ReferralState.ANSWERED
        assert (kept.reply.answered_by, len(kept.reply.advice)) == ("顾医生", 2)


def test_incomplete_answer_is_shown_again_with_what_was_entered(app, client, slip):
    answer = client.post(f"/r/{slip()}", data={"seen": "seen", "advice_note": "写了一半"})

    assert answer.status_code == 422
    assert "写了一半" in answer.text
    with app.app_context():
        assert db.session.query(Referral).one().state is ReferralState.PENDING


def test_dead_links_are_one_like_the_other(client, slip, withdraw, fixed_clock):
    reprinted, withdrawn = slip(), slip()
    withdraw()
    used = slip()
    client.post(f"/r/{used}", data=GIVEN | {"do": "send"})

    for verb in (client.get, client.post):
        unknown = _told(verb("/r/AAAAAAAAAAAAAAAAAAAAAA"), "AAAAAAAAAAAAAAAAAAAAAA")
        assert unknown[0] == 410
        assert {repr(_told(verb(f"/r/{dead}"), dead)) for dead in (reprinted, withdrawn, used)} == {
            repr(unknown)
        }


def test_expired_link_is_like_an_unknown_one(client, slip, fixed_clock):
    token = slip()

    alive = client.get(f"/r/{token}").status_code
    with fixed_clock(NOW + reply_links.LINK_LIFE):
        expired, unknown = client.get(f"/r/{token}"), client.get("/r/AAAAAAAAAAAAAAAAAAAAAA")

    assert alive == 200
    assert _told(expired, token) == _told(unknown, "AAAAAAAAAAAAAAAAAAAAAA")


def test_guessing_is_slowed_down_for_good_links_too(client, slip, monkeypatch):
    monkeypatch.setattr(doors, "MAX_MISSES", 3)
    token = slip()

    tries = [client.get(f"/r/{n:022}").status_code for n in range(4)]

    assert tries == [410, 410, 410, 429]
    assert client.get(f"/r/{token}").status_code == 429


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_page_names_nobody(app, client, slip, lang):
    """P30: neither address, page nor headers hold a name, a number or a word of the case."""
    token = slip()
    with app.app_context():
        referral = db.session.query(Referral).one()
        case, site = referral.case, referral.case.site
        secrets = (NAME, NUMBER, site.name, referral.reason, referral.place, "王静")
        ids = (referral.public_id, case.public_id, case.student.public_id, site.public_id)
        number, phone = referral.slip_no, site.duty_phone

    at = f"/r/{token}?lang={lang}"
    pages = [client.get(at), client.post(at, data=GIVEN), client.get("/r/done")]

    assert number in pages[0].text
    assert phone in pages[0].text
    for page in pages:
        told = page.text + str(page.headers)
        assert [word for word in (*secrets, *ids) if word in told] == []
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert page.headers["Cache-Control"] == "no-store"
        assert "<title>" in page.text
        assert not re.search("适合上学|可以复学|fit to|fitness", page.text)


def test_reply_stands_in_the_case_until_it_is_read(app, as_, client, slip, bob):
    client.post(f"/r/{slip()}", data=GIVEN | {"do": "send"})
    desk = as_(Role.COUNSELLOR, user=bob)
    with app.app_context():
        at = f"/referrals/{db.session.query(Referral).one().public_id}"
        case = f"/cases/{db.session.query(Case).one().public_id}"

    page, listed, story = desk.get(at).text, desk.get("/cases").text, desk.get(case).text
    desk.post(f"{at}/read")

    assert "先调整作息" in page
    assert ("有回复" in listed, "收到回复" in story) == (True, True)
    assert "有回复" not in desk.get("/cases").text


def test_overdue_answer_stands_on_top_of_my_cases(as_, bob, fixed_clock):
    desk = as_(Role.COUNSELLOR, user=bob)

    in_time = desk.get("/cases").text
    with fixed_clock(NOW + timedelta(days=8)):
        late = as_(Role.COUNSELLOR, user=bob).get("/cases").text

    assert ("合作机构逾期未答复" in in_time, "合作机构逾期未答复" in late) == (False, True)
