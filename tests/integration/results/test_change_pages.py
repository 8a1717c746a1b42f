"""The pages of what would change, of the ledger and of the alarm budget: who sees what."""

import pytest

from app.access.permissions import Role
from app.authoring import service
from app.authoring.domain import DraftOrigin
from app.people.service.logins import actor_of
from app.platform.db import begin_write, db
from tests.factories import work
from tests.integration.results.test_rescoring import (  # noqa: F401 -- fixtures of the same world
    files,
    publish,
    world,
)


@pytest.fixture
def served(app, world):  # noqa: F811
    """A version with a lower cut-off serves; what it changes has been worked out."""
    with app.app_context():
        begin_write()
        publish(2, "1.1.0")
        db.session.commit()
    return world


def worked_out(app, client) -> str:
    client.post("/instruments/energy/changes")
    with app.app_context():
        work.run_due()
    return client.get("/instruments/energy/changes?lang=en").text


def test_a_counsellor_sees_every_number_and_who_moves(app, served, as_):
    client = as_(Role.COUNSELLOR, user=served.counsellor, site=served.site)

    page = worked_out(app, client)

    assert "5 past results were scored both ways" in page
    moves = page.split('">Who moves</a>')[0].rsplit('href="', 1)[1].replace("&amp;", "&")
    named = client.get(f"{moves}&lang=en").text
    assert "学生2" in named
    assert "学生1" not in named


def test_a_counsellor_of_another_school_sees_nobody(app, served, as_):
    worked_out(app, as_(Role.COUNSELLOR, user=served.counsellor, site=served.site))
    stranger = as_(Role.COUNSELLOR, site=served.there)

    page = stranger.get("/instruments/energy/changes?lang=en").text

    assert "0 past results were scored both ways" in page


def test_an_author_sees_no_small_number_and_no_name(app, served, as_):
    client = as_(Role.AUTHOR)

    page = worked_out(app, client)

    assert "Past results of fewer than ten students were scored both ways" in page
    assert "Numbers under ten" in page
    assert "Who moves" not in page
    assert '<td class="number">1</td>' not in page


def test_a_changed_text_makes_what_was_worked_out_old(app, served, as_):
    client = as_(Role.COUNSELLOR, user=served.counsellor, site=served.site)
    worked_out(app, client)
    with app.app_context():
        begin_write()
        publish(1, "1.2.0")
        db.session.commit()

    page = client.get("/instruments/energy/changes?lang=en").text

    assert "The text has changed since this was worked out." in page
    assert "were scored both ways" not in page


def test_two_persons_and_a_ledger(app, served, as_):
    lead = as_(Role.CRISIS_LEAD, user=served.lead, site=served.site)
    page = worked_out(app, lead)
    action = page.split('/rescorings"')[0].rsplit('action="', 1)[1] + "/rescorings"

    sent = lead.post(action, data={"site": served.site.code, "reason": "新研究"})

    ledger = sent.location
    lead.post(f"{ledger}/approve", data={"reason": "同意"})
    assert "Waits for a crisis lead of the school" in lead.get(f"{ledger}?lang=en").text
    second = as_(Role.CRISIS_LEAD, site=served.site)
    second.post(f"{ledger}/approve", data={"reason": "同意"})
    with app.app_context():
        work.run_due()
    done = second.get(f"{ledger}?lang=en").text
    assert "Scored again so far: 5 results. The old ones stay as they were." in done
    assert "Is now" in done
    assert as_(Role.CRISIS_LEAD, site=served.there).get(ledger).status_code == 404


def test_the_alarm_budget_counts_only_examples_where_too_few_answered(app, served, as_):
    page = as_(Role.AUTHOR).get("/instruments/energy/alarm-budget?lang=en").text

    assert "Worked examples only." in page
    assert "≥ 2" in page


def test_the_alarm_budget_moves_with_the_field(app, served, as_):
    client = as_(Role.COUNSELLOR, user=served.counsellor, site=served.site)

    page = client.get("/instruments/energy/alarm-budget?total-0=3&students=100&lang=en").text

    assert 'value="3"' in page
    refused = client.get("/instruments/energy/alarm-budget?students=0&lang=en").text
    assert "Please mend this first" in refused


def test_a_draft_is_weighed_under_its_own_text(app, world, as_):  # noqa: F811
    client = as_(Role.AUTHOR, user=world.author)
    with app.app_context():
        begin_write()
        draft = service.start_draft(
            actor=actor_of(db.session.merge(world.author), Role.AUTHOR),
            files=files(2),
            origin=DraftOrigin.BLANK,
            title="精力",
        )
        db.session.commit()
        address = f"/instruments/drafts/{draft.public_id}"

    client.post(f"{address}/changes")
    assert "Looked at 0 of 5 past results." in client.get(f"{address}/changes?lang=en").text
    with app.app_context():
        work.run_due()

    assert "were scored both ways" in client.get(f"{address}/changes?lang=en").text
    assert "Alarm budget" in client.get(f"{address}/alarm-budget?lang=en").text
