"""Whatever somebody wrote at the end of a flagged sitting is in front of who goes to them."""

from app.cases.models import QueueEntry
from app.cases.queries.closing import closings_of
from app.platform.db import db
from tests.factories import results


def test_words_of_every_sitting_of_an_entry_are_read_the_newest_first(sitting, answer, alice):
    again = results.sitting(results.campaign("phq9"), alice)
    for one, message in ((sitting, "第一次写的"), (again, "第二次写的")):
        answer(one, q9=1)
        results.answers(one, "closing", {"message": message})

    entry = db.session.query(QueueEntry).one()

    assert [said.message for said in closings_of(entry.flags)] == ["第二次写的", "第一次写的"]


def test_words_stay_out_of_the_representation(sitting, answer):
    answer(sitting, q9=1)
    results.answers(sitting, "closing", {"not_by": "班主任"})

    (said,) = closings_of(db.session.query(QueueEntry).one().flags)

    assert said.not_by == "班主任"
    assert "班主任" not in repr(said)
