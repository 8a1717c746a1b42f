"""The clocks of an alert, the kinds of channels, and the words of a room that calls people."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from app.triage.domain import Lane

#: The figures of this page are ours (no source sets minutes for schools); a clinician signs them.
SECOND, LEAD, HEAD = timedelta(minutes=5), timedelta(minutes=15), timedelta(minutes=30)
#: After the last step everybody is called again this often, until somebody is going.
AGAIN = timedelta(minutes=15)
#: "I am going" stands for this long; an entry that nobody has taken on by then calls again.
STANDS = timedelta(minutes=60)
#: A digest calls again this long before it is due, and this often once it is overdue.
REMIND_BEFORE = timedelta(minutes=60)
OVERDUE_AGAIN = timedelta(minutes=60)
#: Digests of one person are merged: no more often than this.
DIGEST_GAP = timedelta(minutes=30)
#: Group robots of WeCom and DingTalk take 20 messages a minute.
PERSON_GAP = timedelta(seconds=10)
ROBOT_GAP = timedelta(seconds=4)
#: A channel that fails is tried again after so long, twice as long every time, so often.
FIRST_PAUSE, LONGEST_PAUSE, MOST_ATTEMPTS = PERSON_GAP, timedelta(minutes=5), 10
#: A channel counts as drilled this long after a test over it was acknowledged.
DRILLED_FOR = timedelta(days=7)
#: A test that arrived can be acknowledged this long.
TEST_LASTS = timedelta(hours=24)


class Work:
    """The kinds of jobs of this room."""

    CALL = "alarms.call"
    DELIVER = "alarms.deliver"
    SEND = "alarms.send"
    FOLLOW = "alarms.follow"
    SILENCE = "alarms.silence"
    DRILL_OVER = "alarms.drill_over"
    CHECK = "alarms.check"


class Step(StrEnum):
    """Whose turn it is: the fast lane climbs, a digest reminds."""

    FIRST = "first"
    SECOND = "second"
    LEAD = "lead"
    HEAD = "head"
    AGAIN = "again"
    DIGEST = "digest"
    REMIND = "remind"
    OVERDUE = "overdue"


#: Who has been asked before, and is asked too if not yet called: a shift may have changed hands.
LADDER = (Step.FIRST, Step.SECOND, Step.LEAD, Step.HEAD)


@dataclass(frozen=True)
class Clocks:
    """When the next person is called, counted from the alert; a site may only shorten them."""

    second: timedelta = SECOND
    lead: timedelta = LEAD
    head: timedelta = HEAD

    def __post_init__(self) -> None:
        limits = ((self.second, SECOND), (self.lead, LEAD), (self.head, HEAD))
        if any(not timedelta() < chosen <= limit for chosen, limit in limits):
            raise ClockError
        if not self.second <= self.lead <= self.head:
            raise ClockError

    @classmethod
    def of_minutes(cls, second: int, lead: int, head: int) -> "Clocks":
        """As a school has chosen them."""
        return cls(*(timedelta(minutes=each) for each in (second, lead, head)))

    def steps(self, raised_at: datetime) -> Iterator[tuple[Step, datetime]]:
        """The ladder with its moments."""
        waits = (timedelta(), self.second, self.lead, self.head)
        return zip(LADDER, (raised_at + wait for wait in waits), strict=True)


def digest_steps(raised_at: datetime, due_at: datetime) -> Iterator[tuple[Step, datetime]]:
    """When a digest calls: at once, an hour before it is due, and when nobody has read it."""
    yield Step.DIGEST, raised_at
    remind_at = due_at - REMIND_BEFORE
    if remind_at - raised_at >= DIGEST_GAP:
        yield Step.REMIND, remind_at
    yield Step.OVERDUE, max(due_at, raised_at)


class AlertNow(NamedTuple):
    """An alert as it stands at this moment, as far as the next flag has to know it.

    A plain row: most alerts are raised while a student waits for the next page, and an object of
    the mapper costs several times as much.
    """

    id: int
    public_id: str
    site_id: int
    lane: Lane
    raised_at: datetime
    due_at: datetime
    acknowledged_at: datetime | None = None
    closed_at: datetime | None = None

    @property
    def __tablename__(self) -> str:
        """As the log names it."""
        return "alerts"

    @property
    def is_calling(self) -> bool:
        """Whether people are still to be called."""
        return self.acknowledged_at is None and self.closed_at is None


class ChannelKind(StrEnum):
    """How a person is reached away from the desk, the quickest first."""

    VOICE = "voice"
    SMS = "sms"
    WECOM = "wecom"
    DINGTALK = "dingtalk"
    MAIL = "mail"
    #: Demo accounts only: what is sent over it stays on this machine.
    DEMO = "demo"


#: An e-mail waits until somebody looks: it helps, and is no channel to rely on.
RELIABLE = frozenset(ChannelKind) - {ChannelKind.MAIL}


class DispatchState(StrEnum):
    """One message over one channel: waiting, on its way, arrived, not delivered, or pointless."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"


class ClockError(ValueError):
    """A site may call people earlier than the product does, never later."""


class AddressError(ValueError):
    """Not an address of this kind of channel."""


class TestError(ValueError):
    """There is no test that arrived over this channel of late."""

    __test__ = False


class DrillObstacle(StrEnum):
    """What a school needs before it can hold a drill, in the order in which it is mended."""

    NO_RESPONDER = "no_responder"
    NOBODY_ON_DUTY = "nobody_on_duty"
    NO_CHANNEL = "no_channel"
    NO_INSTRUMENT = "no_instrument"
    RUNNING = "running"


class DrillError(ValueError):
    """A drill cannot begin, or has ended already; `obstacles` say what is missing."""

    def __init__(self, obstacles: list[DrillObstacle] | None = None) -> None:
        self.obstacles = obstacles or []
        super().__init__(", ".join(self.obstacles) or "the drill is over")
