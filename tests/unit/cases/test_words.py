"""Waiting times are said as people say them, in both languages."""

from datetime import timedelta

import pytest
from flask import Flask
from flask_babel import force_locale

from app.cases.words import waited


@pytest.mark.parametrize(
    ("span", "zh", "en"),
    [
        (timedelta(seconds=-5), "0分钟", "0m"),
        (timedelta(minutes=8), "8分钟", "8m"),
        (timedelta(hours=2, minutes=5), "2小时5分钟", "2h 5m"),
        (timedelta(hours=24), "1天0小时", "1d 0h"),
        (timedelta(hours=140, minutes=4), "5天20小时", "5d 20h"),
    ],
)
def test_waiting_time_is_said_in_its_two_largest_units(app: Flask, span, zh, en):
    with app.test_request_context():
        with force_locale("zh_Hans"):
            chinese = waited(span)
        with force_locale("en"):
            english = waited(span)

    assert (chinese, english) == (zh, en)
