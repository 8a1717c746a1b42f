"""The room's words as people read them; lazy, because forms are made once."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.meetings.domain import Point, Verdict

_POINTS: dict[Point, LazyString] = {
    Point.IN_TIME: _l("The first talk took place by the time the queue asked for"),
    Point.RISK_REASONED: _l("The level is reasoned, and was looked at again after new facts"),
    Point.SAFETY_ASKED: _l("Thoughts of suicide were asked about where flags pointed there"),
    Point.GUARDIAN_STEP: _l("The guardian step was taken, or why not is written down"),
    Point.PLAN_FITS: _l("The support plan fits what the student said"),
    Point.NEXT_DATES_KEPT: _l("Next dates were kept, and missed ones made up for"),
    Point.REFERRAL_CLOSED: _l("Every referral has a reply, or was asked for one"),
    Point.NOTES_FIT: _l("Notes say what was seen and done, without labels or gossip"),
}
_VERDICTS: dict[Verdict, LazyString] = {
    Verdict.YES: _l("met"),
    Verdict.PARTLY: _l("partly"),
    Verdict.NO: _l("not met"),
    Verdict.NOT_APPLICABLE: _l("does not apply"),
}


def point_word(point: Point) -> LazyString:
    """A line of the checklist."""
    return _POINTS[point]


def verdict_word(verdict: Verdict) -> LazyString:
    """What can be found on a line."""
    return _VERDICTS[verdict]
