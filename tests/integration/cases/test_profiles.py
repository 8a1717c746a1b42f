"""A counsellor of the school reads a profile, and the reading is recorded; others get 404."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select

from app.access.actor import OPERATOR
from app.access.permissions import Role
from app.assessments.domain import AssessmentState
from app.cases.domain.printing import Rendering
from app.cases.printing import Print, summary_documents
from app.cases.queries import profiles as queries
from app.platform import clock, events
from app.platform.audit import AuditEvent
from app.platform.db import begin_write, db
from tests.conftest import NOW
from tests.factories import people, results
from tests.integration.cases import profile_world
from tests.integration.cases.profile_world import MESSAGE


@pytest.fixture
def world(app, fixed_clock):
    return profile_world.build(app)


@pytest.fixture
def inside(app, world):
    with profile_world.inside(app, world) as opened:
        yield opened


@pytest.fixture
def documents(inside):
    """`documents(rendering)`: the printed HTML of alice and bob."""

    def build(rendering: Rendering, locale: str = "zh_Hans") -> list[str]:
        found = queries.profiles_of(OPERATOR, [inside.alice, inside.bob], locale=locale)
        made = summary_documents(found, Print(rendering, locale, "老师", clock.now()))
        return [str(document.body) for document in made]

    return build


def last_entry(app) -> AuditEvent:
    with app.app_context():
        return db.session.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc())).first()


def test_counsellor_reads_scores_reasons_and_message(world, as_):
    client = as_(Role.COUNSELLOR, user=world.counsellor)

    page = client.get(f"/profiles/{world.alice.public_id}?lang=zh_Hans").text

    assert "龘犇翀" in page
    assert "PHQ-9 17 分，参考值 ≥ 10" in page
    assert "“有不如死掉或用某种方式伤害自己的念头”回答为“好几天”" in page
    assert MESSAGE in page
    assert page.count('<svg class="chart"') == 4
    assert page.count("chart--strip") == 2


def test_reading_is_recorded(app, world, as_):
    client = as_(Role.COUNSELLOR, user=world.counsellor)

    client.get(f"/profiles/{world.alice.public_id}")

    last = last_entry(app)
    assert (last.action, last.object_ref) == ("read_profile", world.alice.public_id)


def test_summary_of_who_was_never_measured_leads_back_to_the_profile(app, world, as_):
    with app.app_context():
        begin_write()
        newcomer = people.student(db.session.merge(world.cohort)).public_id
        db.session.commit()

    answer = as_(Role.COUNSELLOR, user=world.counsellor).get(
        f"/profiles/{newcomer}/summary.pdf?lang=en", follow_redirects=True
    )

    assert answer.request.path == f"/profiles/{newcomer}"
    assert "There is nothing to print for this student" in answer.text


@pytest.mark.parametrize(
    ("code", "given", "told", "charts"),
    [
        ("asq", [1, 0, 0, 0, 0], "筛查结果：需要当天访谈评估", 0),
        ("dass21", [2] * 21, "DASS-21 · 压力", 6),
        ("sdq", [1] * 25, ">20/20<", 12),
    ],
)
def test_profile_of_an_instrument_alone(app, world, as_, code, given, told, charts):
    with app.app_context():
        begin_write()
        campaign = results.campaign(code)
        carol = people.student(db.session.merge(world.cohort))
        sitting = results.sitting(campaign, carol)
        events.publish(
            results.stored(sitting, results.answers(sitting, code, results.values(given)))
        )
        sitting.state = AssessmentState.SUBMITTED
        events.publish(results.submitted(sitting))
        address = f"/profiles/{carol.public_id}"
        db.session.commit()

    client = as_(Role.COUNSELLOR, user=world.counsellor)

    page = client.get(f"{address}?lang=zh_Hans").text
    assert told in page
    assert page.count('<svg class="chart"') == charts


@pytest.mark.parametrize("page", ["", "/summary.pdf"])
def test_outsider_finds_nothing(app, world, as_, page):
    with app.app_context():
        begin_write()
        elsewhere = people.user(Role.COUNSELLOR, people.site().id)
        db.session.commit()
        charlie = as_(Role.COUNSELLOR, user=db.session.merge(elsewhere))

    answer = charlie.get(f"/profiles/{world.alice.public_id}{page}")

    assert answer.status_code == 404
    assert last_entry(app).action not in ("read_profile", "print_summary")


@pytest.mark.parametrize(
    "role",
    [Role.CLASS_TEACHER, Role.SITE_STAFF, Role.SCHOOL_HEAD, Role.ADMINISTRATOR, Role.AUDITOR],
)
def test_only_counselling_roles_see_a_profile(world, as_, role):
    client = as_(role, site=world.site)

    assert client.get(f"/profiles/{world.alice.public_id}").status_code == 404


def test_student_without_a_screening_has_an_empty_profile(app, world, as_):
    with app.app_context():
        begin_write()
        new = people.student(world.cohort).public_id
        db.session.commit()

    page = as_(Role.COUNSELLOR, user=world.counsellor).get(f"/profiles/{new}?lang=en")

    assert "Nothing has been measured yet" in page.text


def test_profile_as_of_a_campaign_leaves_later_ones_out(inside):
    later = results.campaign("phq9", title="later")
    sitting = results.sitting(later, inside.alice, started_at=NOW + timedelta(days=60))
    rows = results.answers(sitting, "phq9", results.values([0] * 9))
    events.publish(results.stored(sitting, rows))
    events.publish(results.submitted(sitting))

    (then,) = queries.profiles_of(OPERATOR, [inside.alice], locale="en", campaign=inside.campaign)
    (now,) = queries.profiles_of(OPERATOR, [inside.alice], locale="en")

    assert [point.score for point in then.profile.scales[0].points] == [17.0]
    assert [point.score for point in now.profile.scales[0].points] == [17.0, 0.0]


def test_two_students_cost_no_more_statements_than_one(inside):
    db.session.expire_all()
    students = [inside.alice, inside.bob]
    counts = []
    for chosen in (students[:1], students):
        for student in chosen:
            _ = student.cohort.grade, student.site.name, student.sex
        sent: list[str] = []
        event.listen(db.engine, "before_cursor_execute", lambda *args, s=sent: s.append(args[2]))
        queries.profiles_of(OPERATOR, chosen, locale="en")
        counts.append(len(sent))

    assert counts[0] == counts[1]


def test_counsellor_summary_holds_everything_on_two_pages(documents):
    summary = documents(Rendering.COUNSELLOR)[0]

    assert summary.count('<div class="page">') == 2
    assert "PHQ-9 17 分" in summary
    assert MESSAGE in summary


def test_referral_holds_the_reasons_and_not_the_students_message(documents):
    summary = documents(Rendering.REFERRAL)[0]

    assert "PHQ-9 17 分" in summary
    assert MESSAGE not in summary
    assert "20260001" not in summary


def test_hostile_name_is_printed_as_text(inside):
    inside.alice.name = "<script>alert(1)</script>"
    (found,) = queries.profiles_of(OPERATOR, [inside.alice], locale="en")

    (document,) = summary_documents([found], Print(Rendering.COUNSELLOR, "en", "x", clock.now()))

    assert "<script>" not in document.body
