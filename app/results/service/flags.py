"""Flags are raised the moment something is answered, made more urgent, and never taken back."""

from collections.abc import Iterable, Mapping, Sequence

from app.assessments.domain import CLOSING, Answer
from app.assessments.models import Assessment
from app.platform import clock, events
from app.platform.db import db
from app.platform.rows import store_at_once
from app.results import findings, queries
from app.results.domain import FlagKind, FlagsRaised
from app.results.findings import Finding
from app.results.models import Flag
from app.results.queries import Pinned
from app.triage.domain import Lane, lane_weight


def flag_answers(*, assessment_id: int, answers: Sequence[Answer]) -> None:
    """Raise what these answers say at the tap, and mark flags that they take back."""
    assessment = db.session.get_one(Assessment, assessment_id)
    watched = watched_among(assessment, answers)
    if watched:
        register = FlagRegister(assessment)
        register_answers(register, watched)
        register.publish()


def watched_among(assessment: Assessment, answers: Iterable[Answer]) -> list[Answer]:
    """Those of the answers at which somebody looks before the sitting is over, in their order."""
    pinned = queries.pinned_in(assessment.campaign_id)
    return [answer for answer in answers if _is_watched(answer, pinned)]


def register_answers(register: "FlagRegister", answers: Iterable[Answer]) -> None:
    """Add what these answers say, and mark flags that they take back."""
    pinned = queries.pinned_in(register.assessment.campaign_id)
    for answer in answers:
        found = _finding(answer, pinned)
        if found:
            register.add(found)
        else:
            register.take_back(answer.instrument_code, answer.item_code)


def flag_talk_request(*, assessment_id: int) -> None:
    """Raise the wish to talk that was pressed during the sitting."""
    register = FlagRegister(db.session.get_one(Assessment, assessment_id))
    register.add(findings.of_talk_button())
    register.publish()


class FlagRegister:
    """The flags of one sitting: what is added is merged with what already stands."""

    def __init__(self, assessment: Assessment) -> None:
        self.assessment = assessment
        standing = queries.flags_of_sitting(assessment.id)
        self._flags = {(flag.instrument_code, flag.code): flag for flag in standing}
        self._news: list[Flag] = []

    @property
    def flags(self) -> Iterable[Flag]:
        """Every flag of the sitting, old and new."""
        return self._flags.values()

    def critical_of(self, instrument_code: str) -> list[Flag]:
        """The critical flags that stand for one instrument."""
        return [
            flag
            for flag in self.flags
            if flag.kind is FlagKind.CRITICAL and flag.instrument_code == instrument_code
        ]

    def add(self, finding: Finding) -> None:
        """Raise the finding, unless it stands; a more urgent answer makes a standing one urgent."""
        standing = self._flags.get(finding.key)
        if standing is None:
            self._raise(finding)
            return
        known = lane_weight(Lane(standing.lane) if standing.lane else None)
        if finding.urgency < known:
            standing.edited_at = standing.edited_at or clock.now()
            return
        if dict(finding.reason) != standing.reason or standing.edited_at:
            standing.reason, standing.edited_at = dict(finding.reason), None
        if finding.urgency > known:
            standing.lane = finding.lane
            self._news.append(standing)

    def raise_new(self, finding: Finding) -> None:
        """Raise the finding where nothing of the kind stands; what stands keeps its own reason.

        For answers that were looked at before: a flag that called nobody so fast calls faster now.
        """
        standing = self._flags.get(finding.key)
        if standing is None:
            self._raise(finding)
        elif finding.urgency > lane_weight(Lane(standing.lane) if standing.lane else None):
            standing.lane = finding.lane
            self._news.append(standing)

    def take_back(self, instrument_code: str, item_code: str) -> None:
        """Remember that a later answer no longer says it; the flag stands all the same."""
        for flag in self._flags.values():
            if flag.instrument_code == instrument_code and flag.reason.get("item") == item_code:
                flag.edited_at = flag.edited_at or clock.now()

    def publish(self) -> None:
        """Tell downstream what is new, in this transaction."""
        if self._news:
            ids = tuple(dict.fromkeys(flag.id for flag in self._news))
            events.publish(FlagsRaised(assessment_id=self.assessment.id, flag_ids=ids))

    def _raise(self, finding: Finding) -> None:
        flag = Flag(
            campaign_id=self.assessment.campaign_id,
            site_id=self.assessment.site_id,
            assessment_id=self.assessment.id,
            student_id=self.assessment.student_id,
            instrument_code=finding.instrument_code,
            code=finding.code,
            kind=finding.kind,
            lane=finding.lane,
            reason=dict(finding.reason),
            raised_at=clock.now(),
        )
        store_at_once(flag)
        self._flags[finding.key] = flag
        self._news.append(flag)


def _is_watched(answer: Answer, pinned: Mapping[str, Pinned]) -> bool:
    if answer.instrument_code == CLOSING or answer.text is not None:
        return True
    of_instrument = pinned.get(answer.instrument_code)
    return of_instrument is not None and answer.item_code in of_instrument.critical


def _finding(answer: Answer, pinned: Mapping[str, Pinned]) -> Finding | None:
    if answer.text is not None:
        return findings.of_text(answer.instrument_code, answer.item_code, answer.text)
    if answer.instrument_code == CLOSING:
        return _closing_finding(answer)
    compiled = pinned[answer.instrument_code].compiled
    if answer.refused:
        return findings.of_answer(compiled, answer.item_code, "refused")
    if answer.value is None:
        return None
    return findings.of_answer(compiled, answer.item_code, answer.value)


def _closing_finding(answer: Answer) -> Finding | None:
    if answer.value is not None:
        return findings.of_closing_value(answer.item_code, int(answer.value))
    return None
