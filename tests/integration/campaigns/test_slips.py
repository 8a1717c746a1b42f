"""Slips on paper: sheets for every class, keys that fit, names of every length."""

import io

import pikepdf
import pytest
import segno
from flask import Flask

from app.access.actor import OPERATOR
from app.campaigns import queries
from app.campaigns.models import Campaign
from app.campaigns.slips import entry_address, print_slips, qr_code
from app.platform.pdf.engine import available
from tests.factories import campaigns, people

pytestmark = pytest.mark.usefixtures("in_app", "fixed_clock")

NAMES = ["阿卜杜热合曼·买买提艾力·吐尔逊江", "𠮷田花子", "Alexandrina Montgomery-Fitzgerald", "王"]


@pytest.fixture
def campaign() -> Campaign:
    """A class of nine with long and rare names, and a class of one."""
    site = people.site()
    nine, one = people.cohort(site, name="初二（1）班"), people.cohort(site, name="初二（2）班")
    for seat in range(9):
        people.student(nine, name=NAMES[seat % len(NAMES)], position=seat)
    people.student(one)
    return campaigns.running(nine, one)


def test_each_class_has_sheets_of_its_own(app: Flask, campaign: Campaign) -> None:
    if not (state := available()):
        pytest.skip(state.reason)

    with app.test_request_context():
        pdf = print_slips(campaign, queries.slips(OPERATOR, campaign, None))

    with pikepdf.open(io.BytesIO(pdf)) as printed, printed.open_outline() as outline:
        assert len(printed.pages) == 3
        assert [entry.title.split()[-1] for entry in outline.root] == ["初二（1）班", "初二（2）班"]


def test_the_qr_code_leads_to_the_students_own_door(app: Flask, campaign: Campaign) -> None:
    slip = queries.slips(OPERATOR, campaign, None)[0]

    with app.test_request_context():
        address = f"{entry_address()}/{slip.token}"

    expected = segno.make(address, error="m", micro=False)
    assert address.endswith(f"/i/{slip.token}")
    assert qr_code(address) == expected.svg_inline(omitsize=True, border=0)
