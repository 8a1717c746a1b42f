"""An address that somebody made up shows a page of ours, and leads nowhere else."""

import pytest

from app.access.permissions import Role


@pytest.mark.parametrize(
    "address", [f"/queue?page={'9' * 40}", f"/cases?page={'9' * 40}", "/duty?week=9999-12-31"]
)
def test_number_or_day_without_sense_shows_a_page_all_the_same(as_, address):
    assert as_(Role.COUNSELLOR).get(address).status_code == 200


def test_address_cannot_choose_where_the_other_language_leads(as_):
    page = as_(Role.COUNSELLOR).get("/queue?_scheme=javascript&_external=1&endpoint=x").text

    assert "javascript://" not in page
    assert "/queue?_scheme=javascript&amp;_external=1&amp;endpoint=x&amp;lang=" in page


@pytest.mark.parametrize("address", ["/o/a%00b", "/i/a%00b", "/queue/a%00b"])
def test_sign_that_no_text_holds_leads_nowhere(as_, address):
    """PostgreSQL takes it in no text and would stop at it."""
    assert as_(Role.COUNSELLOR).get(address).status_code == 404
