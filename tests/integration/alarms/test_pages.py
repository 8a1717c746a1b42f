"""The desk: the banner, the button, the pages of alerts, channels and the timeline."""

import re
from datetime import timedelta

import pytest

from app.access.permissions import Role
from app.alarms.domain import ChannelKind
from app.alarms.models import Alert, Notice, ResponderChannel, SiteClocks
from app.cases.models import QueueEntry
from app.people.models import LoginSession
from app.platform import events, pdf
from app.platform.db import begin_write, db
from tests.conftest import NOW
from tests.factories import people, results
from tests.integration.alarms.conftest import CANARY, channel

MINUTE = timedelta(minutes=1)


@pytest.fixture
def crying(sitting, answer, staff, cohort, pass_time):
    """Alice needs somebody; half an hour has passed and everybody was called."""
    answer(sitting, q9=3)
    pass_time(31 * MINUTE)
    db.session.commit()
    return db.session.query(Alert).one().public_id


class Browser:
    """A client whose every request has a context of its own, as it has in real life."""

    def __init__(self, app, client):
        self.app, self.client = app, client

    def get(self, *args, **kwargs):
        with self.app.app_context():
            return self.client.get(*args, **kwargs)

    def post(self, *args, **kwargs):
        with self.app.app_context():
            return self.client.post(*args, **kwargs)


@pytest.fixture
def browser_of(app, as_, staff, cohort):
    roles = {"bob": Role.COUNSELLOR, "lea": Role.CRISIS_LEAD, "hana": Role.SCHOOL_HEAD}

    def log_in(name):
        user = getattr(staff, name)
        db.session.rollback()
        return Browser(app, as_(roles[name], user=user))

    return log_in


def test_banner_stands_on_every_page_of_a_responder_and_names_nobody(crying, browser_of):
    page = browser_of("bob").get("/duty").text
    banner = page[page.index("data-alarms") : page.index("page-head")]

    assert "现在需要有人过去" in banner
    assert f"/alarms/{crying}/acknowledge" in banner
    assert CANARY in banner  # the class, for who may see the queue
    assert "PHQ" not in banner


def test_banner_of_a_head_says_the_school_only(crying, browser_of):
    pages = [browser_of("hana").get(at).text for at in ("/alarms", "/alarms/banner")]

    for page in pages:
        assert f"{CANARY}中学" in page
        assert f"{CANARY}班" not in page
        assert "/queue/" not in page


def test_who_is_never_called_has_no_banner(crying, as_, cohort):
    page = as_(Role.ADMINISTRATOR, site=cohort.site).get("/duty").text

    assert "data-alarms" not in page


def test_banner_answers_304_until_something_changes(crying, browser_of):
    bob = browser_of("bob")
    first = bob.get("/alarms/banner")
    tag = {"If-None-Match": first.headers["ETag"]}
    same = bob.get("/alarms/banner", headers=tag)
    bob.post(f"/alarms/{crying}/acknowledge")
    after = bob.get("/alarms/banner", headers=tag)

    assert (same.status_code, after.status_code) == (304, 200)
    assert "acknowledge" not in after.text


def test_asking_by_itself_does_not_keep_a_desk_logged_in(crying, browser_of, fixed_clock, app):
    bob = browser_of("bob")
    with fixed_clock(NOW + 20 * MINUTE):
        polled = bob.get("/alarms/banner", headers={"X-Poll": "1"})
    with app.app_context():
        seen_at = db.session.query(LoginSession.seen_at).scalar()

    assert (polled.status_code, seen_at) == (200, NOW)


def test_i_am_going_leads_to_the_student_and_tells_the_second_who_was_first(
    crying, browser_of, staff
):
    bob, lea = browser_of("bob"), browser_of("lea")
    first = bob.post(f"/alarms/{crying}/acknowledge")
    second = lea.post(f"/alarms/{crying}/acknowledge", follow_redirects=True)

    assert first.location.startswith("/queue/")
    assert f"{staff.bob.name}先一步应答" in second.text


def test_a_head_who_cannot_see_where_to_go_stops_no_call_and_leaves_a_line(
    crying, browser_of, staff, app, alice
):
    hana, lea = browser_of("hana"), browser_of("lea")
    page = hana.get("/alarms").text
    going = hana.post(f"/alarms/{crying}/acknowledge")
    known = hana.post(f"/alarms/{crying}/known")
    with app.app_context():
        is_calling = db.session.query(Alert).one().is_calling
        entry = db.session.query(QueueEntry).one().public_id
    timeline = lea.get(f"/alarms/timeline/{entry}").text

    assert "我已知道，正在联系负责老师" in page
    assert f"{crying}/acknowledge" not in page
    assert (going.status_code, known.status_code, is_calling) == (404, 302, True)
    assert re.search(rf"已知道这次呼叫.*?{staff.hana.name}", timeline, re.S)


def test_timeline_tells_what_was_decided_given_and_put_back(crying, browser_of, staff, app, alice):
    from app.cases.service.hand_overs import assign
    from app.cases.service.levels import set_level
    from app.cases.service.returning import release
    from app.people.service.logins import actor_of

    begin_write()
    entry = db.session.query(QueueEntry).one()
    lea, dora = actor_of(staff.lea, Role.CRISIS_LEAD), actor_of(staff.dora, Role.COUNSELLOR)
    assign(actor=lea, entry=entry, colleague=staff.dora)
    level = {"risk_level": entry.risk_level, "channel": entry.channel}
    set_level(actor=dora, entry=entry, **level)
    release(actor=dora, entry=entry)
    address = entry.public_id
    db.session.commit()
    told = re.findall(
        r"<td>(?:<strong>)?([^<]+)", browser_of("lea").get(f"/alarms/timeline/{address}").text
    )

    assert {"交给同事", "确定等级", "放回待跟进"} <= set(told)


def test_page_says_who_was_called_when_and_whether_it_arrived(crying, browser_of, staff):
    page = browser_of("lea").get("/alarms").text

    for name, step in ((staff.bob.name, "第一响应人"), (staff.hana.name, "校长和区县负责人")):
        assert re.search(rf"{name}</strong> · {step}", page)
    assert "只有工作台：没有其他联系方式" in page


def test_list_costs_the_same_for_one_alert_and_for_three(
    crying, campaign, alice, answer, pass_time, browser_of, counted
):
    lea = browser_of("lea")
    one = counted(lambda: lea.get("/alarms"))
    begin_write()
    for _ in range(2):
        answer(results.sitting(campaign, people.student(alice.cohort)), q9=3)
    pass_time(32 * MINUTE)
    db.session.commit()
    three = counted(lambda: lea.get("/alarms"))

    assert three == one


@pytest.fixture
def counted(app):
    from sqlalchemy import event

    def count(do):
        seen = []
        with app.app_context():
            engine = db.engine

        def listen(*args):
            seen.append(args[2])

        event.listen(engine, "before_cursor_execute", listen)
        do()
        event.remove(engine, "before_cursor_execute", listen)
        return len(seen)

    return count


# channels


def test_a_responder_keeps_their_own_channels(browser_of, staff, app):
    begin_write()
    db.session.commit()
    bob = browser_of("bob")
    webhook = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7000-4bc4"
    wrong = bob.post("/alarms/channels", data={"kind": "wecom", "address": "要密钥"})
    added = bob.post("/alarms/channels", data={"kind": "wecom", "address": webhook})
    twice = bob.post("/alarms/channels", data={"kind": "wecom", "address": webhook})
    closed = bob.post("/alarms/channels", data={"kind": "sms", "address": "13800138000"})
    with app.app_context():
        row = db.session.query(ResponderChannel).one()
        kept = (row.address, b"693a91f6" in row.address_sealed)

    statuses = [each.status_code for each in (wrong, added, twice, closed)]
    assert statuses == [422, 302, 422, 422]
    assert kept == ("693a91f6-7000-4bc4", False)
    assert "693a91f6-7000-4bc4" not in bob.get("/alarms/channels").text


def test_nobody_touches_anothers_channel(browser_of, staff):
    theirs = channel(staff.bob, address="bobs-own-key").public_id
    db.session.commit()
    lea = browser_of("lea")
    verbs = ("test", "arrived", "first", "remove")
    statuses = {lea.post(f"/alarms/channels/{theirs}/{verb}").status_code for verb in verbs}

    assert statuses == {404}


def test_lead_sees_who_cannot_be_reached(browser_of, staff):
    channel(staff.bob, ChannelKind.SMS, address="13800138000", drilled_at=NOW)
    db.session.commit()
    page = browser_of("lea").get("/alarms/reach").text

    assert page.count("七天之内没有") == 4
    assert "13800138000" not in page


def test_clocks_can_be_shortened_on_the_page_and_never_lengthened(browser_of, staff, cohort, app):
    site_id, at = cohort.site_id, f"/alarms/reach?site={cohort.site.code}"
    db.session.commit()
    lea = browser_of("lea")
    longer = lea.post(at, data={"second": 6, "lead": 15, "head": 30})
    shorter = lea.post(at, data={"second": 2, "lead": 5, "head": 10})
    with app.app_context():
        minutes = db.session.get(SiteClocks, site_id).lead_minutes

    assert (longer.status_code, shorter.status_code, minutes) == (422, 302, 5)


# the timeline


def test_timeline_tells_the_way_from_the_late_tap_to_the_person(
    sitting, staff, pass_time, browser_of
):
    stored = results.answers(sitting, "phq9", {"q9": 3}, begun=NOW - timedelta(hours=2))
    for response in stored:
        response.received_at = NOW
    events.publish(results.stored(sitting, stored))
    pass_time(6 * MINUTE)
    entry = db.session.query(QueueEntry).one().public_id
    db.session.commit()
    bob = browser_of("bob")
    bob.post(f"/queue/{entry}/claim")
    page = bob.get(f"/alarms/timeline/{entry}").text
    told = re.findall(r"<td>(?:<strong>)?([^<]+)", page)

    lines = [
        "作答（按设备上的时间）",
        "服务器已存下作答，晚到1小时59分",
        "关注提示：",
        "进入待跟进",
        "发出紧急提醒：几分钟之内",
        "呼叫（第一响应人）",
        "呼叫（第二响应人）",
    ]
    places = [next(i for i, text in enumerate(told) if text.startswith(line)) for line in lines]
    assert places == sorted(places)
    assert {"“我去处理”", "接手"} <= set(told)


@pytest.mark.skipif(not pdf.available(), reason="no engine to print with")
def test_timeline_prints_whole_however_long_it_is(crying, browser_of, pass_time, fixed_clock):
    begin_write()
    pass_time(timedelta(hours=6))
    entry = db.session.query(QueueEntry).one().public_id
    calls = db.session.query(Notice).count()
    db.session.commit()
    response = browser_of("lea").get(f"/alarms/timeline/{entry}.pdf")

    import io

    import pikepdf

    with pikepdf.open(io.BytesIO(response.data)) as printed:
        pages = len(printed.pages)
    assert (response.mimetype, calls > 100, pages > 3) == ("application/pdf", True, True)


def test_timeline_leaves_an_audit_row(crying, browser_of, app):
    from app.platform.audit import AuditEvent

    begin_write()
    entry = db.session.query(QueueEntry).one().public_id
    db.session.commit()
    browser_of("lea").get(f"/alarms/timeline/{entry}")
    with app.app_context():
        row = db.session.query(AuditEvent).filter_by(action="see_timeline").one()

    assert row.object_ref == entry
