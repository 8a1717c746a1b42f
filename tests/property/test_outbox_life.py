"""Taps, lost replies, replays in any order, two devices, a closed campaign: one row each (P7)."""

from collections import Counter
from typing import Any, ClassVar

import pytest
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, NoResultFound

from app.access.actor import OPERATOR
from app.assessments import queries
from app.assessments.domain import (
    Answer,
    AssessmentState,
    AssessmentSubmitted,
    Deed,
    Mode,
    Parcel,
    ResponsesStored,
)
from app.assessments.models import Assessment, Response
from app.assessments.routes.receipts import Receipt
from app.assessments.service import assent, parcels, responses, sitting_of, start, ticket_for
from app.campaigns.service import close_campaign
from app.platform import events
from app.platform.db import db
from tests.factories import assessments as sittings
from tests.machines import Life, live, may_happen
from tests.mutants import mutate

#: 100 lives are the 10,000 steps of the promise; a quarter of them runs every time.
LIVES, STEPS = 25, 100
FLOORS = {
    "tapped": 200,
    "delivered": 80,
    "delivered: again": 150,
    "delivered: conflict": 60,
    "delivered: after the end": 30,
    "finished": 20,
    "closed": 5,
}
devices = st.integers(0, 2)
which = st.integers(0, 9)

#: (sitting, id, item, value): what was said where.
Said = tuple[str, str, str, int]


class Outboxes(Life):
    """Two phones with one slip, a third with another; every request may come at any time again."""

    refusals = ()
    tickets: ClassVar[dict[str, str]]
    campaign: ClassVar[Any]
    told: ClassVar[list[object]]

    def __init__(self) -> None:
        super().__init__()
        self.told.clear()
        self.count = 0
        self.waiting: list[list[Any]] = [[], [], []]
        self.said: list[list[Answer]] = [[], [], []]
        self.requests: list[list[Parcel]] = [[], [], []]
        self.came: list[Said] = []
        self.handed_in: dict[str, dict[str, int]] = {}

    def place(self, device: int) -> str:
        return list(self.tickets)[device // 2]

    def new_id(self) -> str:
        self.count += 1
        return f"00000000-0000-4000-8000-{self.count:012}"

    @may_happen(device=devices, item=st.integers(1, 9), value=st.integers(0, 3))
    def tap(self, device: int, item: int, value: int) -> None:
        answer = Answer("phq9", f"q{item}", value=value, id=self.new_id(), answered_at=self.now)
        self.said[device].append(answer)
        self.happens("tapped")
        self.waiting[device].append(answer)
        self.pack(device)

    @may_happen(device=devices, at=which, value=st.integers(0, 3))
    def say_something_else_under_the_same_id(self, device: int, at: int, value: int) -> None:
        """A broken phone, or somebody who has seen the id of another's answer."""
        known = [answer for said in self.said for answer in said]
        if known and self.rests("delivered: conflict", 3):
            one = known[at % len(known)]
            other = Answer(one.instrument_code, one.item_code, value=value, id=one.id)
            self.requests[device].append(Parcel((other,)))

    @may_happen(lambda self: self.step > 20 and self.rests("finished", 15), device=devices)
    def finish(self, device: int) -> None:
        self.waiting[device].append(self.new_id())
        self.pack(device)
        self.happens("finished")

    def pack(self, device: int) -> None:
        """Everything that is not acknowledged goes together and in order."""
        waiting = self.waiting[device]
        answers = tuple(one for one in waiting if isinstance(one, Answer))
        deeds = {one: Deed.FINISH for one in waiting if isinstance(one, str)}
        self.requests[device].append(Parcel(answers, deeds))

    @may_happen(device=devices, lost=st.booleans())
    def deliver_what_is_new(self, device: int, lost: bool) -> None:
        self.deliver(device, 0, lost)

    @may_happen(device=devices, at=which, lost=st.booleans())
    def deliver_again(self, device: int, at: int, lost: bool) -> None:
        self.deliver(device, at, lost)

    def deliver(self, device: int, at: int, lost: bool) -> None:
        if not self.requests[device]:
            return
        parcel = self.requests[device][-1 - at % len(self.requests[device])]
        place = self.place(device)
        before = len(self.came)
        receipt = self._take(place, parcel)
        if not lost:
            safe = {*receipt.stored, *receipt.conflicts}
            kept = [one for one in self.waiting[device] if getattr(one, "id", one) not in safe]
            self.waiting[device] = kept
        self.happens(f"delivered{self._kind(receipt, place, new=len(self.came) - before)}")
        self.every_answer_that_came_is_one_row()
        self.every_row_was_told_downstream_once()
        self.what_was_handed_in_stands()

    def _take(self, place: str, parcel: Parcel) -> Receipt:
        assessment = sitting_of(
            self.tickets[place], campaign=self.campaign.public_id, agreed=False, locale="en"
        )
        was_open = assessment.state is not AssessmentState.SUBMITTED
        self.let_pass_a_moment()
        rows = parcels.take_parcel(assessment=assessment, parcel=parcel)
        for answer in parcel.answers:
            said = (place, str(answer.id), answer.item_code, int(answer.value or 0))
            if said not in self.came:
                self.came.append(said)
                if not was_open:
                    self.handed_in[place].setdefault(said[2], said[3])
        if was_open and parcel.deeds:
            self.handed_in[place] = {item: v for at, _, item, v in self.came if at == place}
        receipt = Receipt()
        receipt.add(parcel, rows)
        return receipt

    def _kind(self, receipt: Receipt, place: str, *, new: int) -> str:
        if receipt.conflicts:
            return ": conflict"
        if not new:
            return ": again"
        return ": after the end" if place in self.handed_in else ""

    def let_pass_a_moment(self) -> None:
        self.set_clock(self.now.replace(microsecond=(self.now.microsecond + 1) % 1_000_000))

    @may_happen(lambda self: self.rests("time passes", 10), hours=st.integers(1, 72))
    def wait(self, hours: int) -> None:
        self.let_pass(hours)

    @may_happen(lambda self: self.step > 60 and not self.campaign.closed_at)
    def close(self) -> None:
        close_campaign(actor=OPERATOR, campaign=self.campaign)
        self.happens("closed")

    def every_answer_that_came_is_one_row(self) -> None:
        rows = db.session.scalars(select(Response)).all()
        places = {self._sitting(place).id: place for place in self.tickets}
        stored = Counter((places[r.assessment_id], r.item_code, r.value) for r in rows)
        assert stored == Counter((place, item, value) for place, _, item, value in self.came)

    def every_row_was_told_downstream_once(self) -> None:
        told = [e.answers for e in self.told if isinstance(e, ResponsesStored)]
        ids = [each.public_id for one in told for each in one]
        assert sorted(ids) == sorted(db.session.scalars(select(Response.public_id)))

    def what_was_handed_in_stands(self) -> None:
        ended = {e.assessment_id for e in self.told if isinstance(e, AssessmentSubmitted)}
        for place, values in self.handed_in.items():
            sitting = self._sitting(place)
            counted = queries.current_responses(sitting.id).get("phq9", {})
            assert {item: row.value for item, row in counted.items()} == values
            assert sitting.id in ended

    def _sitting(self, place: str) -> Assessment:
        query = select(Assessment).where(Assessment.public_id == place)
        return db.session.scalars(query).one()


@pytest.fixture
def world(in_app, fixed_clock, monkeypatch) -> dict[str, Any]:
    """Two sittings of one class that were begun and agreed to."""
    first = sittings.invited()
    begun = [
        start(invitation=slip, mode=Mode.PHONE, locale="zh_Hans")[0]
        for slip in (first, sittings.classmate_of(first))
    ]
    for one in begun:
        assent(assessment=one)
    told: list[object] = []
    publish = events.publish

    def listen(event: object) -> None:
        told.append(event)
        if not isinstance(event, ResponsesStored | AssessmentSubmitted):
            publish(event)

    monkeypatch.setattr(events, "publish", listen)
    tickets = {one.public_id: ticket_for(one) for one in begun}
    return {"tickets": tickets, "campaign": first.campaign, "told": told}


def test_every_answer_is_stored_once_whatever_the_line_does(world):
    seen = live(Outboxes, lives=LIVES, steps=STEPS, **world)

    assert seen["steps"] >= 1_200
    assert {what: seen[what] for what, floor in FLOORS.items() if seen[what] < floor} == {}


SABOTAGES = {
    "the id is not looked at": (responses._read_earlier, "answer.id for answer", "'' for answer"),
    "a conflict is taken for a copy": (
        responses._says_the_same,
        "(row.value, row.text, row.refused) == (answer.value, answer.text, answer.refused)",
        "True",
    ),
    "a conflict gets a new id each time": (
        responses._conflict_id,
        "repr((content, said))",
        "repr((content, said, clock.now()))",
    ),
    "a late answer takes the place of what was handed in": (
        queries._latest,
        "response.received_at > handed_in",
        "False",
    ),
}


@pytest.mark.parametrize("sabotage", SABOTAGES)
def test_machine_notices(sabotage, world, monkeypatch):
    mutate(monkeypatch, *SABOTAGES[sabotage])

    with pytest.raises((AssertionError, IntegrityError, NoResultFound)):
        live(Outboxes, lives=10, steps=60, **world)
