"""The list of signs: fixed words in both languages, few, sourced, and read by triage."""

import re
from datetime import UTC, datetime

import pytest

from app.observations.content import signals_of, signs
from app.people.calendar import SchoolCalendar
from app.platform.i18n import LOCALES
from app.triage.domain import Lane, RiskLevel
from app.triage.reasons import LIMIT
from app.triage.rulebook import standard
from app.triage.rules import propose
from tests.unit.people.test_calendar import SHANGHAI

MONDAY_MORNING = datetime(2026, 10, 12, 2, 0, tzinfo=UTC)
CALENDAR = SchoolCalendar(zone=SHANGHAI)
FORBIDDEN = re.compile("异常|患者|确诊|抑郁|心理问题|abnormal|depress|disorder", re.IGNORECASE)


def _proposed(*codes):
    return propose(signals_of(codes), now=MONDAY_MORNING, calendar=CALENDAR, book=standard())


def test_list_is_short_and_every_sign_has_a_source_and_plain_words():
    assert 8 <= len(signs()) <= 12
    for sign in signs():
        assert sign.source
        assert not any(FORBIDDEN.search(sign.text.get(locale)) for locale in LOCALES)


def test_everyday_sign_waits_three_school_days():
    proposal = _proposed("tired", "schoolwork")

    assert (proposal.risk_level, proposal.lane) == (RiskLevel.LOW, None)
    assert proposal.due_at.astimezone(SHANGHAI).strftime("%m-%d %H:%M") == "10-15 17:30"
    assert proposal.reasons["zh_Hans"].startswith("学校里有人留意到：上课打瞌睡")


@pytest.mark.parametrize("code", [sign.code for sign in signs() if sign.urgent])
def test_urgent_sign_is_seen_the_same_day_whatever_is_ticked_beside_it(code):
    proposal = _proposed("tired", code)

    assert (proposal.risk_level, proposal.lane) == (RiskLevel.HIGH, Lane.SAME_DAY)
    assert proposal.due_at.astimezone(SHANGHAI).strftime("%m-%d %H:%M") == "10-12 17:30"


def test_not_wanting_to_live_is_urgent():
    assert {"not_live"} <= {sign.code for sign in signs() if sign.urgent}


def test_every_reason_keeps_to_the_limit():
    for codes in [*([sign.code] for sign in signs()), []]:
        assert all(len(text) <= LIMIT for text in _proposed(*codes).reasons.values())
