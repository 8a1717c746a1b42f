"""One student sits down and answers: careful or hasty, to the end or not."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from app.assessments.domain import CLOSING, Answer, Company, Talk
from app.assessments.service.held import HeldSitting
from app.assessments.service.sittings import needs_neutral
from app.campaigns.models import Invitation, OpenLink

#: Everything below is invented: how fast, how careless, how talkative students are.
SECONDS_AN_ITEM, READING = 6.0, timedelta(seconds=70)
CARELESS, HASTY, REFUSED = 0.02, 0.02, 0.003
MESSAGE = 0.04
MESSAGES = (
    "谢谢老师。",
    "最近晚上总睡不好，白天上课没精神。",
    "和室友有点矛盾，不知道怎么开口。",
    "快考试了，压力有点大。",
    "爸妈总是吵架，我不太想回家。",
    "没什么，挺好的。",
)
#: Strain above which somebody would like to talk later, this week, today.
TALK_FROM = {Talk.LATER: 0.7, Talk.THIS_WEEK: 1.5, Talk.TODAY: 2.1}
NOT_URGENT_FROM, NEED_FROM = 1.6, 2.6
ITEM_9 = 8


@dataclass(frozen=True)
class Sheet:
    """What one person answers, and the strain behind it."""

    values: Mapping[str, NDArray[np.int64]]
    strain: float


def sit(
    sheet: Sheet,
    door: Invitation | OpenLink,
    *,
    begins_at: datetime,
    random: np.random.Generator,
    finished: bool,
) -> HeldSitting:
    """Answer from the notice to the end, or stop half-way; without consent nothing is asked."""
    begun = begins_at + timedelta(seconds=float(random.uniform(0, 180)))
    neutral = isinstance(door, Invitation) and needs_neutral(door.student)
    answers = [] if neutral else list(_answers(sheet, begun + READING, random))
    if not finished:
        answers = answers[: int(random.integers(3, 15))]
    ended = max((each.answered_at for each in answers if each.answered_at), default=begun)
    return HeldSitting(
        door,
        answers,
        started_at=begun,
        assented_at=begun + READING,
        finished_at=max(ended, begun + READING) if finished else None,
        neutral=neutral,
    )


def _answers(sheet: Sheet, begun: datetime, random: np.random.Generator) -> Iterator[Answer]:
    careless, hasty = random.random() < CARELESS, random.random() < HASTY
    pace = 0.9 if hasty else SECONDS_AN_ITEM
    moment = begun
    for code, values in sheet.values.items():
        for n, value in enumerate(values):
            moment += timedelta(seconds=pace * float(random.lognormal(0, 0.4)))
            refused = bool(random.random() < REFUSED)
            yield Answer(
                code,
                f"q{n + 1}",
                value=None if refused else 0.0 if careless else float(value),
                refused=refused,
                answered_at=moment,
            )
    yield from _closing(sheet, moment + timedelta(seconds=12), random)


def _closing(sheet: Sheet, moment: datetime, random: np.random.Generator) -> Iterator[Answer]:
    wish = sheet.strain + float(random.normal(0, 0.5))
    talk = [Talk.NOT_NOW, *(each for each, least in TALK_FROM.items() if wish >= least)][-1]
    company = Company.NO
    if sheet.values["phq9"][ITEM_9] > 0 and wish >= NOT_URGENT_FROM:
        company = Company.NEED if wish >= NEED_FROM else Company.NOT_URGENT
    yield Answer(CLOSING, "talk", value=float(list(Talk).index(talk)), answered_at=moment)
    yield Answer(CLOSING, "company", value=float(list(Company).index(company)), answered_at=moment)
    if random.random() < MESSAGE:
        text = MESSAGES[int(random.integers(len(MESSAGES)))]
        yield Answer(CLOSING, "message", text=text, answered_at=moment)
