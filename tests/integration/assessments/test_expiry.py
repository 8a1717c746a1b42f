"""Sittings that nobody finished are closed with their campaign, or when their tickets run out."""

from datetime import timedelta

import pytest

from app.access.actor import OPERATOR
from app.assessments.domain import AssessmentState, AssessmentSubmitted, Mode
from app.assessments.queries import sitting_by_ticket
from app.assessments.service import expire_overdue, start, store_responses
from app.campaigns.service import close_campaign
from app.platform import clock, events
from tests.factories import assessments as sittings

pytestmark = pytest.mark.usefixtures("in_app")


@pytest.fixture
def submitted(monkeypatch):
    """The sittings that were handed on to be scored."""
    told = []
    publish = events.publish

    def listen(event):
        if isinstance(event, AssessmentSubmitted):
            told.append(event.assessment_id)
        else:
            publish(event)

    monkeypatch.setattr(events, "publish", listen)
    return told


def test_closing_a_campaign_hands_unfinished_sittings_on(submitted):
    assessment = sittings.sitting()
    store_responses(assessment=assessment, answers=sittings.answers("phq9", {"q1": 2}))

    close_campaign(actor=OPERATOR, campaign=assessment.campaign)

    assert assessment.state is AssessmentState.EXPIRED
    assert submitted == [assessment.id]


def test_sitting_without_answers_is_closed_but_not_scored(submitted):
    assessment = sittings.sitting()

    close_campaign(actor=OPERATOR, campaign=assessment.campaign)

    assert assessment.state is AssessmentState.EXPIRED
    assert submitted == []


def test_sitting_ends_after_fourteen_days(fixed_clock, submitted):
    assessment = sittings.sitting()
    store_responses(assessment=assessment, answers=sittings.answers("phq9", {"q1": 2}))

    on_the_day = expire_overdue(now=clock.now() + timedelta(days=14))
    after = expire_overdue(now=clock.now() + timedelta(days=14, seconds=1))

    assert (on_the_day, after) == (0, 1)
    assert submitted == [assessment.id]


def test_ticket_ends_after_fourteen_days(fixed_clock):
    _, ticket = start(invitation=sittings.invited(), mode=Mode.PHONE, locale="zh_Hans")
    begun = clock.now()

    with fixed_clock(begun + timedelta(days=13, hours=23)):
        in_time = sitting_by_ticket(ticket)
    with fixed_clock(begun + timedelta(days=14)):
        late = sitting_by_ticket(ticket)

    assert in_time is not None
    assert late is None
