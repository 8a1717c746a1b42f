"""`xinqiao campaigns` prints what scripts may rely on."""

import json

import pytest
from click.testing import CliRunner
from flask import Flask

from app.campaigns import service
from app.cli import main
from app.platform.db import db
from tests.factories import campaigns, people


@pytest.fixture
def campaign_code(in_app: Flask, fixed_clock: object, command_line: None) -> str:
    cohort = people.cohort(people.site())
    students = [people.student(cohort) for _ in range(3)]
    campaign = campaigns.running(cohort, code="autumn", title="秋季筛查")
    begun, done, _ = (campaigns.invitation(campaign, student) for student in students)
    service.note_started(begun)
    service.note_started(done)
    service.note_finished(done)
    db.session.commit()
    return campaign.code


def test_campaigns_list_json_is_one_array_with_counts(campaign_code: str) -> None:
    result = CliRunner().invoke(main, ["campaigns", "list", "--json"])

    assert result.exit_code == 0
    assert json.loads(result.output) == [
        {
            "code": campaign_code,
            "title": "秋季筛查",
            "state": "open",
            "counts": {
                "invited": 3,
                "started": 2,
                "finished": 1,
                "help_wanted": 0,
                "not_started": 1,
                "under_way": 1,
            },
        }
    ]


def test_campaigns_list_is_readable(campaign_code: str) -> None:
    result = CliRunner().invoke(main, ["campaigns", "list"])

    assert result.output == "autumn               open         1 of      3 finished  秋季筛查\n"
