"""Words about campaigns: states, what stands in the way of opening, how far a class has come."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import ceil

from app.instruments.formulas import read_formulas
from app.instruments.logic.scope import PERSON_NAMES, names_in
from app.instruments.model import Instrument
from app.instruments.words import Text


class CampaignState(StrEnum):
    """A campaign is planned, then open, then closed; nothing reopens a closed one."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class CampaignKind(StrEnum):
    """A screening of classes, one student's repeated measure, or a drill with nobody in it."""

    SCREENING = "screening"
    FOLLOW_UP = "follow_up"
    DRILL = "drill"


MAX_CHECK_MISSES = 3
"""After three wrong checks the slip waits for the proctor."""


MOST_SEATS = 120
"""Machines of a computer room; two classes at once are more than any school has."""


@dataclass(frozen=True)
class CampaignClosed:
    """A campaign is over; sittings under way are closed and scored in this transaction."""

    campaign_id: int


@dataclass(frozen=True)
class LaunchAsked:
    """A question downstream: what keeps this campaign from opening? Answers are `Obstacle`s."""

    campaign_id: int


@dataclass(frozen=True)
class ClassBeginning:
    """A question downstream: must a class that has not begun wait? Any answer means it must.

    Without a class it asks for any class of the school.
    """

    site_id: int
    campaign_id: int
    cohort_id: int | None = None


class CampaignStateError(ValueError):
    """The campaign is not in the state that this step needs."""


class CodeTakenError(ValueError):
    """Another campaign or battery has this code already."""

    def __init__(self, code: str) -> None:
        super().__init__(f"the code “{code}” is taken; choose another.")


class PlanError(ValueError):
    """A campaign that cannot be: no class, an empty battery, a last day before the first."""


def is_showable(instrument: Instrument) -> bool:
    """Whether the students' pages can show it: every kind of item, in one wording for everybody.

    The language of instruments says more than the pages do: wordings and branches by sex, age or
    grade, and informants who are not the student.
    """
    return (
        instrument.has_item_texts
        and instrument.informant == "self"
        and not any(item.variants for item in instrument.items)
        and _branches_tell_nothing(instrument)
    )


def _branches_tell_nothing(instrument: Instrument) -> bool:
    """Whether no branch opens on an answer that calls somebody.

    Whoever sits beside would see by the questions that follow what was answered.
    """
    parts = [one.show_when for one in instrument.items]
    if not any([*parts, *(section.show_when for section in instrument.sections)]):
        return True
    read = {name for shown in read_formulas(instrument).shown.values() for name in names_in(shown)}
    calling = {item.code for item in instrument.items if item.critical or item.attention}
    return read.isdisjoint(calling | PERSON_NAMES)


class ObstacleKind(StrEnum):
    """What keeps a campaign from opening."""

    NO_RESPONDER = "no_responder"
    NO_SECOND_RESPONDER = "no_second_responder"
    RESPONDER_LEFT = "responder_left"
    NO_DUTY_PHONE = "no_duty_phone"
    NO_HOSPITAL = "no_hospital"
    NO_GUARDIAN_RULE = "no_guardian_rule"
    DUTY_GAP = "duty_gap"
    UNSIGNED_WORDING = "unsigned_wording"
    ENDED = "ended"
    #: What a room downstream found; it brings its own sentence.
    OTHER = "other"


@dataclass(frozen=True)
class DutyGap:
    """The first stretch in which nobody answers, and how long all of them are."""

    starts_at: datetime
    ends_at: datetime
    total: timedelta


@dataclass(frozen=True)
class Obstacle:
    """One thing to mend before opening, and at which school."""

    kind: ObstacleKind
    site: str | None = None
    #: Where it is mended: the site's code; the room downstream gives sentence and address.
    site_code: str | None = field(default=None, compare=False)
    gap: DutyGap | None = field(default=None, compare=False)
    #: The instrument that is meant.
    instrument: Text | None = field(default=None, compare=False)
    sentence: str = ""
    address: str = field(default="", compare=False)


class NotReadyError(ValueError):
    """A campaign must not open while nobody could answer a call for help."""

    def __init__(self, obstacles: list[Obstacle]) -> None:
        self.obstacles = obstacles
        listed = ", ".join(
            f"{obstacle.kind.value} ({obstacle.site})" if obstacle.site else obstacle.kind.value
            for obstacle in obstacles
        )
        super().__init__(f"the campaign cannot open yet: {listed}.")


@dataclass(frozen=True)
class Counts:
    """How many students stand where. It knows of invitations only, never of an answer."""

    invited: int = 0
    started: int = 0
    finished: int = 0
    help_wanted: int = 0

    @property
    def not_started(self) -> int:
        """Who has not begun, for whatever reason."""
        return self.invited - self.started

    @property
    def under_way(self) -> int:
        """Who has begun and not come to the last page."""
        return self.started - self.finished

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.invited + other.invited,
            self.started + other.started,
            self.finished + other.finished,
            self.help_wanted + other.help_wanted,
        )


def runs_on(state: CampaignState, opens_on: date, closes_on: date, day: date) -> bool:
    """Whether students may begin on `day`."""
    return state is CampaignState.OPEN and opens_on <= day <= closes_on


#: How long before the last day class teachers are asked to remind their classes.
REMIND_BEFORE = timedelta(days=3)


def reminder_day(opens_on: date, closes_on: date) -> date:
    """The day that a new campaign proposes for its reminder."""
    return max(opens_on, closes_on - REMIND_BEFORE)


def minutes_needed(items: int) -> int:
    """What to tell people: notice and closing questions, eight seconds an item, in whole fives."""
    minutes = 2 + items * 8 / 60
    return 5 * ceil(minutes / 5)
