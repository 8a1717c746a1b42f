"""What the counsellors did with the queue: all of last term's, the beginning of this term's."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from sqlalchemy import select

from app.access.actor import Actor
from app.access.permissions import Role
from app.campaigns.models import Campaign
from app.cases.domain.cases import LONGEST_WAIT, CaseState, ClosingReason, Modality
from app.cases.domain.endings import Outcome
from app.cases.domain.queue import EntryState, SettlingReason
from app.cases.domain.referrals import LegalBasis, Partner, Proof, ProofMeans, ReferralState
from app.cases.models import Case, QueueEntry
from app.cases.service.cases import open_case
from app.cases.service.contacts import record_contact
from app.cases.service.endings import close_case, countersign
from app.cases.service.queue import claim, note_in_case, see_entry, settle
from app.cases.service.referrals import move_referral, refer
from app.demo import district
from app.demo.population import District
from app.demo.screening import FRIDAY, at
from app.people.service.logins import actor_of
from app.platform import clock
from app.platform.db import db
from app.triage.domain import RiskLevel

#: Shares of what happened: invented.
CASE_FOR_MODERATE, STILL_OPEN, BY_RELIEF = 0.2, 0.3, 0.25
#: How many of last term nobody came back to, and how many are claimed without a case yet.
FORGOTTEN, CLAIMED_ONLY = 3, 4
#: How many of this term nobody has opened yet.
UNSEEN = 10
STATES = (CaseState.ASSESSING, CaseState.SUPPORTING, CaseState.MONITORING)
MODALITIES = (Modality.IN_PERSON, Modality.IN_PERSON, Modality.PHONE, Modality.VIDEO)
#: Days after a referral on which something was heard.
REFERRAL_STEPS = (
    (2, ReferralState.ACCEPTED),
    (5, ReferralState.ATTENDED),
    (12, ReferralState.ANSWERED),
)
PLACE = "望川县人民医院 心理门诊"

SETTLED_NOTES = (
    "课间聊了二十分钟，近期因月考睡得少，情绪平稳。已告知随时可来心理室。",
    "电话联系，本人表示当时心情不好，现已好转。约定有需要时再来。",
    "与学生面谈，主要是人际小摩擦，已自行和解，暂不需要进一步支持。",
)
CONTACT_NOTES = (
    "首次面谈。学生愿意交流，谈到睡眠和学习压力。商定每周见一次。",
    "学生状态较上次放松，作业负担仍是主要困扰。练习了呼吸放松。",
    "与学生一起约了家长沟通的时间，学生同意说明睡眠情况。",
    "学生表示最近和同学相处更自在，睡眠有改善。商定拉长间隔。",
    "例行回访，情绪平稳。聊了假期安排，没有新的困扰。",
    "学生提到考试前有些紧张，一起做了时间安排，约好考后再联系。",
    "近况良好，参加了社团活动。知道需要时可以随时来。",
)
CLOSING_NOTES = (
    "目标已达成，学生知道如何再次联系。",
    "连续两次面谈状态平稳，转为一般关注。",
)
REFERRAL_REASON = "持续情绪低落、睡眠困难逾一个月，监护人同意，建议门诊评估。"


@dataclass(frozen=True)
class Meeting:
    """One contact, and the date it ends with."""

    ends_at: datetime
    level: RiskLevel
    number: int
    next_on: date


@dataclass
class Casework:
    """Works through queues at believable times; every step goes through the room's own services."""

    district: District
    random: Random
    today: date
    referred: int = 0

    def of_last_term(self, campaign: Campaign) -> None:
        """Everybody was seen but a few; most cases are closed, some go on until today."""
        entries = _waiting(campaign)
        moderate = [each for each in entries if each.risk_level is RiskLevel.MODERATE]
        forgotten = moderate[-FORGOTTEN:]
        for entry in entries:
            if entry in forgotten:
                continue
            if _needs_case(entry) or self.random.random() < CASE_FOR_MODERATE:
                self._accompany(entry)
            else:
                self._talk_and_settle(entry)

    def of_this_term(self, campaign: Campaign) -> None:
        """The most urgent of the first days have a counsellor; the last day's are waiting."""
        entries = _waiting(campaign)
        last_day = max(clock.local(each.raised_at).date() for each in entries)
        earlier = [each for each in entries if clock.local(each.raised_at).date() < last_day]
        for entry in earlier:
            if entry.case is not None:
                self._note(entry, entry.case)
            elif _needs_case(entry):
                self._accompany(entry)
            elif self.random.random() < 1 / 3:
                self._talk_and_settle(entry)
        without_case = [entry for entry in _waiting(campaign) if entry.case is None]
        for entry in without_case[-CLAIMED_ONLY:]:
            with clock.frozen(entry.raised_at + timedelta(hours=1)):
                claim(actor=self._counsellor(entry), entry=entry)
        self._look_at(without_case[:-CLAIMED_ONLY])

    def _look_at(self, entries: Sequence[QueueEntry]) -> None:
        """Nearly all have been opened by somebody: new classes need not wait."""
        for entry in entries[:-UNSEEN]:
            with clock.frozen(self._claimed_at(entry)):
                see_entry(actor=self._counsellor(entry), entry=entry)

    def _note(self, entry: QueueEntry, case: Case) -> None:
        """The counsellor who accompanies the student has seen the new flags and talked again."""
        actor, moment = actor_of(case.owner, Role.COUNSELLOR), self._claimed_at(entry)
        with clock.frozen(moment):
            note_in_case(actor=actor, entry=entry)
        first = moment + timedelta(minutes=40)
        for meeting in self._meetings(first, entry.risk_level, planned=None):
            _meet(actor, case, meeting)

    def _talk_and_settle(self, entry: QueueEntry) -> None:
        actor = self._counsellor(entry)
        with clock.frozen(self._claimed_at(entry)):
            claim(actor=actor, entry=entry)
        with clock.frozen(self._claimed_at(entry) + timedelta(hours=3)):
            settle(
                actor=actor,
                entry=entry,
                reason=SettlingReason.TALKED_NO_NEED,
                note=self.random.choice(SETTLED_NOTES),
            )

    def _accompany(self, entry: QueueEntry) -> None:
        """Claim, open a case, and meet until it is closed or the present is reached."""
        actor, moment = self._counsellor(entry), self._claimed_at(entry)
        with clock.frozen(moment):
            claim(actor=actor, entry=entry)
            case = open_case(
                actor=actor, entry=entry, risk_level=entry.risk_level, next_on=clock.today()
            )
        is_referred = not self.referred
        goes_on = is_referred or self.random.random() < STILL_OPEN
        planned = None if goes_on else self.random.randint(3, 5)
        meetings = list(self._meetings(moment + timedelta(minutes=40), entry.risk_level, planned))
        for number, meeting in enumerate(meetings):
            _meet(actor, case, meeting)
            if is_referred and number == 1:
                self._refer(actor, case, meeting.ends_at)
        if len(meetings) == planned:
            self._close(actor, case, meetings[-1].ends_at + timedelta(hours=3))

    def _meetings(
        self, ends_at: datetime, level: RiskLevel, planned: int | None
    ) -> Iterator[Meeting]:
        """Meetings that lie in the past, ever further apart; without a plan they go on."""
        number = 0
        while clock.local(ends_at).date() < self.today and number != planned:
            days = (
                self.random.randint(6, 13) if number < len(STATES) else self.random.randint(30, 60)
            )
            wait = min(LONGEST_WAIT[level], timedelta(days=days))
            following = _on_a_weekday(ends_at + wait)
            yield Meeting(ends_at, level, number, clock.local(following).date())
            ends_at, level, number = following, _calmer(level), number + 1

    def _refer(self, actor: Actor, case: Case, moment: datetime) -> None:
        self.referred += 1
        with clock.frozen(moment + timedelta(hours=2)):
            referral = refer(
                actor=actor,
                case=case,
                partner=Partner.HOSPITAL,
                place=PLACE,
                legal_basis=LegalBasis.GUARDIAN_CONSENT,
                reason=REFERRAL_REASON,
                proof=Proof("父亲", clock.today(), ProofMeans.SIGNED_PAPER),
                answer_due_on=clock.today() + timedelta(days=14),
            )
        for days, state in REFERRAL_STEPS:
            with clock.frozen(moment + timedelta(days=days)):
                move_referral(actor=actor, referral=referral, state=state)

    def _close(self, actor: Actor, case: Case, moment: datetime) -> None:
        if clock.local(moment).date() >= self.today:
            return
        with clock.frozen(moment):
            ending = close_case(
                actor=actor,
                case=case,
                reason=self.random.choice(
                    (ClosingReason.GOALS_REACHED, ClosingReason.NO_NEED_FOUND)
                ),
                outcome=Outcome.FOLLOWED_UP,
                note=self.random.choice(CLOSING_NOTES),
            )
        if ending.is_waiting:
            lead = actor_of(self.district.users[district.LEAD], Role.CRISIS_LEAD)
            with clock.frozen(moment + timedelta(hours=1)):
                countersign(actor=lead, ending=ending)

    def _claimed_at(self, entry: QueueEntry) -> datetime:
        """Half-way to the due time, in the daytime where that leaves time."""
        half_way = entry.raised_at + (entry.due_at - entry.raised_at) / 2
        day = clock.local(half_way).date()
        noon = at(day, time(12, 30))
        return noon if entry.raised_at < noon < entry.due_at else half_way

    def _counsellor(self, entry: QueueEntry) -> Actor:
        code = next(c for c, site in self.district.sites.items() if site.id == entry.site_id)
        relieved = entry.id % round(1 / BY_RELIEF) == 0
        login = district.RELIEF if relieved else district.DAY_DUTY[code]
        return actor_of(self.district.users[login], Role.COUNSELLOR)


def _meet(actor: Actor, case: Case, meeting: Meeting) -> None:
    with clock.frozen(meeting.ends_at):
        record_contact(
            actor=actor,
            case=case,
            modality=MODALITIES[meeting.number % len(MODALITIES)],
            held_at=meeting.ends_at - timedelta(minutes=35),
            reached=True,
            note=CONTACT_NOTES[meeting.number % len(CONTACT_NOTES)],
            risk_level=meeting.level,
            state=STATES[min(meeting.number, len(STATES) - 1)],
            next_on=meeting.next_on,
        )


def _on_a_weekday(moment: datetime) -> datetime:
    """The Friday before, where the day falls on a weekend."""
    return moment - timedelta(days=max(0, clock.local(moment).weekday() - FRIDAY))


def _waiting(campaign: Campaign) -> Sequence[QueueEntry]:
    query = select(QueueEntry).where(
        QueueEntry.campaign_id == campaign.id, QueueEntry.state == EntryState.WAITING
    )
    return db.session.scalars(query.order_by(QueueEntry.raised_at, QueueEntry.id)).all()


def _needs_case(entry: QueueEntry) -> bool:
    return entry.risk_level.urgency >= RiskLevel.HIGH.urgency


def _calmer(level: RiskLevel) -> RiskLevel:
    """One level down, and never below the second lowest."""
    return list(RiskLevel)[max(level.urgency - 1, RiskLevel.LOW.urgency)]
