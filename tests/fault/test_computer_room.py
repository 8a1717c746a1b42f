"""A class in the computer room, the line breaks and the power goes: 45 sittings, whole, once."""

import time
from collections import Counter
from datetime import timedelta

from app import create_app
from app.assessments.domain import AssessmentState, Mode
from app.assessments.models import Assessment, Response
from app.campaigns.models import Invitation
from app.platform import audit, clock
from app.platform.db import begin_write, db
from tests.factories import assessments as sittings
from tests.factories import campaigns, people
from tests.fault.lines import bad_line
from tests.fault.machines import ITEMS, Machine
from tests.fault.servers import Server, free_port

SEATS, EACH = 15, 3
#: The power goes when so many answers and ends have been acknowledged, of 360.
CUT_AT = 130


def test_class_loses_nothing_to_a_bad_line_and_a_power_cut(settings):
    room, codes = _lesson(settings)
    server = Server(settings, port := free_port())
    with bad_line(port, seed=5) as (bad, line):
        machines = [
            Machine(
                server.address,
                f"http://127.0.0.1:{bad}",
                room=room,
                seat=seat + 1,
                codes=codes[seat::SEATS],
            )
            for seat in range(SEATS)
        ]
        try:
            for machine in machines:
                machine.start()
            is_cut = _cut_power(server, machines)
            for machine in machines:
                machine.join()
        finally:
            server.stop()
    expected = {
        student.code: (machine.seat, student.answers)
        for machine in machines
        for student in machine.students
    }
    found = _stored(settings)

    assert is_cut
    assert min(line.did["reply lost"], line.did["cut within"]) > 0
    assert [machine.seat for machine in machines if machine.outbox] == []
    assert len(expected) == SEATS * EACH
    assert found == expected


def _lesson(settings):
    """A class of 45 with slips, and the room it sits down in."""
    with create_app(settings).app_context():
        begin_write()
        cohort = people.cohort(people.site(), grade=10)
        for _ in range(SEATS * EACH):
            people.student(cohort, birth_date=sittings.BIRTHDAY)
        today = clock.today()
        campaign = campaigns.running(
            cohort,
            battery=campaigns.battery("who5"),
            opens_on=today,
            closes_on=today + timedelta(days=14),
        )
        slips = db.session.query(Invitation).filter_by(campaign=campaign).all()
        found = sittings.computer_room(slips[0]).token, [slip.code for slip in slips]
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return found


def _cut_power(server, machines):
    """In the middle, while some have finished and others have not begun."""
    while any(machine.is_alive() for machine in machines):
        time.sleep(0.05)
        if sum(len(machine.acknowledged) for machine in machines) >= CUT_AT:
            server.cut_power()
            return True
    return False


def _stored(settings):
    """By the code of the slip: the seat, and each answer by its id."""
    with create_app(settings).app_context():
        assert audit.verify() is None
        rows = db.session.query(Assessment).all()
        assert Counter((row.state, row.mode) for row in rows) == {
            (AssessmentState.SUBMITTED, Mode.COMPUTER_ROOM): SEATS * EACH
        }
        found = {row.invitation.code: (row.seat, {}) for row in rows}
        by_id = {row.id: found[row.invitation.code][1] for row in rows}
        answers = db.session.query(Response).all()
        assert len(answers) == SEATS * EACH * len(ITEMS)
        for answer in answers:
            name = f"{answer.instrument_code}.{answer.item_code}"
            by_id[answer.assessment_id][answer.public_id] = name, answer.value
        db.session.remove()
        db.engine.dispose()
    return found
