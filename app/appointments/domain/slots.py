"""From duty to slots: shifts cut to the school's hours, without lunch, without other duties."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.people.duty import Stretch, Timed

SHORTEST, LONGEST, USUAL = 15, 40, 25
LONGEST_PAUSE = 30

#: What a place on a slip must not say: classmates read it too.
TELLING = re.compile(
    r"心理|心灵|心语|心育|咨询|辅导|谈心|医务|卫生室|危机|psych|counsel|mental", re.I
)


@dataclass(frozen=True)
class DayPlan:
    """How a day is cut: lengths in minutes, the lunch break, and the rooms that can be used."""

    slot_minutes: int = USUAL
    pause_minutes: int = 5
    lunch_from: time = time(12, 0)
    lunch_to: time = time(13, 30)
    rooms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Watch:
    """One counsellor on duty from one moment to another."""

    counsellor_id: int
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class CutSlot:
    """A stretch in which one counsellor can see one student in one room."""

    counsellor_id: int
    room: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Cut:
    """The slots of a day, and how many more there would be with another room."""

    slots: tuple[CutSlot, ...]
    without_room: int


def overlaps(one: Timed, other: Timed) -> bool:
    """Whether two stretches have a moment in common."""
    return one.starts_at < other.ends_at and one.ends_at > other.starts_at


def hours_of(day: date, opens_at: time, closes_at: time, zone: ZoneInfo) -> Stretch:
    """A school's hours on one day."""
    return Stretch(datetime.combine(day, opens_at, zone), datetime.combine(day, closes_at, zone))


def cut_day(
    watches: Iterable[Watch],
    hours: Stretch,
    plan: DayPlan,
    busy: Mapping[int, Sequence[Stretch]] | None = None,
) -> Cut:
    """Cut duty into slots; `busy` says when a counsellor has another duty."""
    day, zone = hours.starts_at.date(), hours.starts_at.tzinfo
    lunch = Stretch(
        datetime.combine(day, plan.lunch_from, zone), datetime.combine(day, plan.lunch_to, zone)
    )
    open_slots = []
    for counsellor_id, stretches in _by_counsellor(watches, hours).items():
        away = [lunch, *(busy or {}).get(counsellor_id, ())]
        for piece in _without(_merged(stretches), away):
            open_slots += [(slot, counsellor_id) for slot in _sliced(piece, plan)]
    return _with_rooms(sorted(open_slots, key=lambda each: (each[0].starts_at, each[1])), plan)


def neutral_place(name: str | None) -> str:
    """The parts of a place's name that do not tell what happens there; often the floor remains."""
    parts = (name or "").split()
    return " ".join(part for part in parts if not TELLING.search(part))


def _by_counsellor(watches: Iterable[Watch], hours: Stretch) -> dict[int, list[Stretch]]:
    found: dict[int, list[Stretch]] = {}
    for watch in watches:
        if overlaps(watch, hours):
            starts, ends = max(watch.starts_at, hours.starts_at), min(watch.ends_at, hours.ends_at)
            zone = hours.starts_at.tzinfo
            stretch = Stretch(starts.astimezone(zone), ends.astimezone(zone))
            found.setdefault(watch.counsellor_id, []).append(stretch)
    return found


def _merged(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Shifts that touch or overlap are one: nobody can be seen twice at once."""
    merged: list[Stretch] = []
    for each in sorted(stretches, key=lambda stretch: stretch.starts_at):
        if merged and each.starts_at <= merged[-1].ends_at:
            last = merged[-1]
            merged[-1] = Stretch(last.starts_at, max(last.ends_at, each.ends_at))
        else:
            merged.append(each)
    return merged


def _without(stretches: Iterable[Stretch], away: Iterable[Stretch]) -> list[Stretch]:
    left = list(stretches)
    for gap in away:
        left = [piece for each in left for piece in _halves(each, gap)]
    return left


def _halves(stretch: Stretch, gap: Stretch) -> Iterable[Stretch]:
    if gap.ends_at <= gap.starts_at or not overlaps(stretch, gap):
        yield stretch
        return
    if stretch.starts_at < gap.starts_at:
        yield Stretch(stretch.starts_at, gap.starts_at)
    if gap.ends_at < stretch.ends_at:
        yield Stretch(gap.ends_at, stretch.ends_at)


def _sliced(piece: Stretch, plan: DayPlan) -> Iterable[Stretch]:
    length, pause = timedelta(minutes=plan.slot_minutes), timedelta(minutes=plan.pause_minutes)
    at = piece.starts_at
    while at + length <= piece.ends_at:
        yield Stretch(at, at + length)
        at += length + pause


def _with_rooms(open_slots: Iterable[tuple[Stretch, int]], plan: DayPlan) -> Cut:
    """Give each slot a free room, a counsellor's own of before where possible."""
    free_from: dict[str, datetime] = {}
    own: dict[int, str] = {}
    slots, without_room = [], 0
    for stretch, counsellor_id in open_slots:
        preferred = [own[counsellor_id]] if counsellor_id in own else []
        others = sorted(plan.rooms, key=lambda room: (room in own.values(), plan.rooms.index(room)))
        room = next(
            (
                each
                for each in (*preferred, *others)
                if each not in free_from or free_from[each] <= stretch.starts_at
            ),
            None,
        )
        if room is None:
            without_room += 1
            continue
        own[counsellor_id], free_from[room] = room, stretch.ends_at
        slots.append(CutSlot(counsellor_id, room, stretch.starts_at, stretch.ends_at))
    return Cut(tuple(slots), without_room)
