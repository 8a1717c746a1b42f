"""A school looks at its own work: figures, decisions, and cases that are drawn by chance."""

from datetime import date, timedelta

import pytest

from app.access.guards import DeniedError
from app.access.permissions import Role
from app.cases.models import Case
from app.meetings.domain import (
    Decided,
    DrawRefusedError,
    MeetingRefusedError,
    Point,
    SchoolYear,
    Verdict,
)
from app.meetings.queries.figures import figures_of
from app.meetings.queries.meetings import find_meeting, open_decisions
from app.meetings.service import meetings, supervision
from app.people.service.logins import actor_of
from app.platform import clock, events
from app.platform.db import begin_write, db
from app.platform.pdf import available
from app.triage.domain import RiskLevel
from tests.factories import people, results

TODAY = date(2026, 10, 12)
LONG = "讨论了晚自习后的睡眠、手机约定与家校沟通。" * 120


@pytest.fixture
def site(in_app, fixed_clock):
    return people.site(name="清溪九年一贯制寄宿学校（东校区）")


def acting(role, site):
    return actor_of(people.user(role, site.id), role)


def flagged(site, count, *, q9=1):
    """Students of the school who answered item 9."""
    cohort, campaign = people.cohort(site), results.campaign("phq9")
    for _ in range(count):
        sitting = results.sitting(campaign, people.student(cohort))
        events.publish(results.stored(sitting, results.answers(sitting, "phq9", {"q9": q9})))


def held(site, actor, **chosen):
    defaults = {
        "held_on": TODAY,
        "present": "校长、四位年级组长、两位心理老师",
        "minutes": LONG,
        "decided": [Decided("初三晚自习提前十五分钟下课", "年级组长", TODAY + timedelta(days=30))],
    }
    return meetings.record_meeting(actor=actor, site=site, **defaults | chosen)


def opened(site, owner):
    student = people.student(people.cohort(site))
    case = Case(
        site_id=site.id,
        student_id=student.id,
        owner_id=owner.user_id,
        risk_level=RiskLevel.MODERATE,
        next_on=TODAY,
        opened_at=clock.now(),
    )
    db.session.add(case)
    db.session.flush()
    return case


def test_figures_leave_small_counts_out(site) -> None:
    year = SchoolYear.of(TODAY)
    flagged(site, 4)
    assert figures_of(site, year).flagged is None

    flagged(site, 2)
    figures = figures_of(site, year)

    assert figures.flagged == 6
    assert figures.by_level["high"] is None  # it is all of them, which would tell of each
    assert figures_of(site, SchoolYear(year.first - 1)).flagged is None


def test_meeting_keeps_the_figures_of_its_day(site) -> None:
    lead = acting(Role.CRISIS_LEAD, site)
    flagged(site, 6)
    meeting = held(site, lead)

    flagged(site, 5)

    assert meeting.figures["flagged"] == 6
    assert list(open_decisions(lead, site, TODAY)) == meeting.decisions
    meetings.finish_decision(actor=lead, decision=meeting.decisions[0])
    assert list(open_decisions(lead, site, TODAY)) == []


def test_meeting_of_tomorrow_or_without_a_decision_is_refused(site) -> None:
    head = acting(Role.SCHOOL_HEAD, site)

    with pytest.raises(MeetingRefusedError):
        held(site, head, held_on=TODAY + timedelta(days=1))
    with pytest.raises(MeetingRefusedError):
        held(site, head, decided=[])


def test_meeting_is_held_by_the_head_and_not_seen_elsewhere(site) -> None:
    meeting = held(site, acting(Role.SCHOOL_HEAD, site))

    assert find_meeting(acting(Role.SCHOOL_HEAD, people.site()), meeting.public_id) is None
    with pytest.raises(DeniedError):
        held(site, acting(Role.COUNSELLOR, site))


@pytest.mark.skipif(not available(), reason="wkhtmltopdf is not installed")
def test_longest_minutes_are_printed_whole(app, as_, fixed_clock, tmp_path) -> None:
    with app.app_context():
        begin_write()
        site = people.site()
        meeting = held(site, acting(Role.SCHOOL_HEAD, site))
        address = f"/reviews/{meeting.public_id}/minutes.pdf"
        db.session.commit()
        db.session.refresh(site)
        client = as_(Role.SCHOOL_HEAD, site=site)

    answer = client.get(address)

    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF")


def test_sample_is_drawn_once_from_what_colleagues_did(site) -> None:
    lead, bob = acting(Role.CRISIS_LEAD, site), acting(Role.COUNSELLOR, site)
    own = opened(site, lead)
    theirs = {opened(site, bob).id for _ in range(3)}

    first = supervision.draw_sample(actor=lead, site=site, size=2)
    second = supervision.draw_sample(actor=lead, site=site, size=5)

    drawn = [each.case_id for sample in (first, second) for each in sample.cases]
    assert sorted(drawn) == sorted(theirs)
    assert own.id not in drawn
    with pytest.raises(DrawRefusedError):
        supervision.draw_sample(actor=lead, site=site, size=1)


def test_checklist_is_kept_and_may_be_looked_at_again(site) -> None:
    lead = acting(Role.CRISIS_LEAD, site)
    opened(site, acting(Role.COUNSELLOR, site))
    [supervised] = supervision.draw_sample(actor=lead, site=site, size=1).cases

    for verdict in (Verdict.NO, Verdict.YES):
        findings = dict.fromkeys(Point, verdict)
        supervision.check_case(actor=lead, supervised=supervised, findings=findings, remark="")

    assert {finding.verdict for finding in supervised.findings} == {Verdict.YES}
    assert len(supervised.findings) == len(Point)


def test_supervision_is_for_the_crisis_lead_of_the_school(site) -> None:
    opened(site, acting(Role.COUNSELLOR, site))

    for stranger in (acting(Role.COUNSELLOR, site), acting(Role.CRISIS_LEAD, people.site())):
        with pytest.raises(DeniedError):
            supervision.draw_sample(actor=stranger, site=site, size=1)


def test_pages_of_meetings_and_supervision_open(app, as_, fixed_clock) -> None:
    with app.app_context():
        begin_write()
        site = people.site()
        flagged(site, 6)
        opened(site, acting(Role.COUNSELLOR, site))
        db.session.commit()
        db.session.refresh(site)
        lead = as_(Role.CRISIS_LEAD, site=site)

    shown = lead.get("/reviews/new").text
    written = lead.post(
        "/reviews",
        data={
            "held_on": "2026-10-12",
            "present": "校长",
            "minutes": "讨论",
            "decisions-0-what": "增加一个值班半天",
            "decisions-0-who": "德育处",
            "decisions-0-due_on": "2026-11-01",
        },
    )
    drawn = lead.post("/supervision", data={"size": "5"}, follow_redirects=True)

    assert "6" in shown
    assert "增加一个值班半天" in lead.get(written.location).text
    assert "学生" in drawn.text
