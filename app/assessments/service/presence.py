"""Signs of life for the class board: that a sitting goes on, and that its device is there.

None of them may differ with what is answered or asked for. A press of “I want to talk” stores what
is answered so far and is still no move; and the page that follows either button sends its beats
like every other.
"""

from datetime import timedelta

from app.assessments.models import Assessment
from app.platform import clock

#: Finer than this nobody needs to know, and a tap need not write a second row.
COARSE = timedelta(seconds=20)


def note_move(*, assessment: Assessment) -> None:
    """An answer or a page came."""
    now = clock.now()
    if assessment.moved_at is None or abs(now - assessment.moved_at) >= COARSE:
        assessment.moved_at = now


def note_beat(*, assessment: Assessment, is_waiting: bool) -> None:
    """The device says that it is there."""
    assessment.heard_at, assessment.is_waiting = clock.now(), is_waiting
