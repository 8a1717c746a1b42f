"""A class in the computer room, twenty minutes without line and power: 45 sittings, whole, once."""

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
from tests.fault.servers import Server, free_port, let_pass

SEATS, EACH = 15, 3
#: Line and power go when so many answers and ends have been acknowledged, of 360.
CUT_AT = 130
OUTAGE = 20 * 60
#: An answer that was given before it and came after it; their clocks agree to the second.
MOST_OF_IT = timedelta(seconds=OUTAGE - 5)


def test_class_loses_nothing_to_a_bad_line_and_twenty_minutes_without_line_and_power(settings):
    room, codes = _lesson(settings)
    server = Server(settings, port := free_port(), "tests.fault.later:app")
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
            is_cut = _go_dark(server, machines, settings)
            for machine in machines:
                machine.join()
        finally:
            server.stop()
            Machine.silence.clear()
            Machine.later = 0
    expected = {
        student.code: (machine.seat, student.answers)
        for machine in machines
        for student in machine.students
    }
    found, late = _stored(settings)

    assert is_cut
    assert min(line.did["reply lost"], line.did["cut within"]) > 0
    assert [machine.seat for machine in machines if machine.outbox] == []
    assert len(expected) == SEATS * EACH
    assert found == expected
    assert late > 0


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


def _go_dark(server, machines, settings):
    """In the middle, while some have finished and others have not begun.

    First the line: some go on answering. Then the power of the server; when it comes back, twenty
    minutes have passed in the room and for the server.
    """
    while any(machine.is_alive() for machine in machines):
        time.sleep(0.05)
        if sum(len(machine.acknowledged) for machine in machines) >= CUT_AT:
            Machine.silence.set()
            _wait_until_something_rests(machines)
            server.lose_power()
            let_pass(settings, OUTAGE)
            Machine.later = OUTAGE
            server.come_back()
            Machine.silence.clear()
            return True
    return False


def _wait_until_something_rests(machines):
    while any(machine.is_alive() for machine in machines):
        if any(machine.outbox for machine in machines):
            return
        time.sleep(0.02)


def _stored(settings):
    """By the code of the slip: the seat, and each answer by its id; how many came so late."""
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
        late = [one for one in answers if one.received_at - one.answered_at >= MOST_OF_IT]
        db.session.remove()
        db.engine.dispose()
    return found, len(late)
