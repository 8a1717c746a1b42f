"""Flags are raised the moment something is answered, made more urgent, and never taken back."""

from collections.abc import Iterable, Mapping, Sequence

from app.assessments.domain import CLOSING
from app.assessments.models import Assessment, Response
from app.platform import clock, events
from app.platform.db import db
from app.results import findings, queries
from app.results.domain import FlagKind, FlagsRaised
from app.results.findings import Finding
from app.results.models import Flag
from app.results.queries import Pinned
from app.triage.domain import Lane, lane_weight


def flag_answers(*, assessment_id: int, response_ids: Sequence[int]) -> None:
    """Raise what these answers say at the tap, and mark flags that they take back."""
    assessment = db.session.get_one(Assessment, assessment_id)
    watched = watched_among(assessment, response_ids)
    if watched:
        register = FlagRegister(assessment)
        register_answers(register, watched)
        register.publish()


def watched_among(assessment: Assessment, response_ids: Sequence[int]) -> list[Response]:
    """Those of the answers at which somebody looks before the sitting is over, in their order."""
    pinned = queries.pinned_in(assessment.campaign_id)
    # Whoever stored them still holds them: no need to ask the database again.
    responses = (db.session.get_one(Response, each) for each in response_ids)
    watched = [response for response in responses if _is_watched(response, pinned)]
    return sorted(watched, key=lambda response: (response.seq, response.id))


def register_answers(register: "FlagRegister", responses: Iterable[Response]) -> None:
    """Add what these answers say, and mark flags that they take back."""
    pinned = queries.pinned_in(register.assessment.campaign_id)
    for response in responses:
        found = _finding(response, pinned)
        if found:
            register.add(found)
        else:
            register.take_back(response.instrument_code, response.item_code)


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

    def take_back(self, instrument_code: str, item_code: str) -> None:
        """Remember that a later answer no longer says it; the flag stands all the same."""
        for flag in self._flags.values():
            if flag.instrument_code == instrument_code and flag.reason.get("item") == item_code:
                flag.edited_at = flag.edited_at or clock.now()

    def publish(self) -> None:
        """Store what is new and tell downstream, in this transaction."""
        db.session.flush()
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
        db.session.add(flag)
        self._flags[finding.key] = flag
        self._news.append(flag)


def _is_watched(response: Response, pinned: Mapping[str, Pinned]) -> bool:
    if response.instrument_code == CLOSING or response.text_sealed is not None:
        return True
    of_instrument = pinned.get(response.instrument_code)
    return of_instrument is not None and response.item_code in of_instrument.critical


def _finding(response: Response, pinned: Mapping[str, Pinned]) -> Finding | None:
    if response.text_sealed is not None:
        return findings.of_text(response.instrument_code, response.item_code, response.text or "")
    if response.instrument_code == CLOSING:
        return _closing_finding(response)
    compiled = pinned[response.instrument_code].compiled
    if response.refused:
        return findings.of_answer(compiled, response.item_code, "refused")
    if response.value is None:
        return None
    return findings.of_answer(compiled, response.item_code, response.value)


def _closing_finding(response: Response) -> Finding | None:
    if response.value is not None:
        return findings.of_closing_value(response.item_code, int(response.value))
    return None
