"""Who is to be called at a step, as the roster and the staff stand at that moment."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select

from app.access.permissions import Permission, Role
from app.access.policy import POLICY
from app.alarms.domain import LADDER, STANDS, Step
from app.alarms.models import Alert, AlertEntry, Notice
from app.campaigns.models import CampaignSite
from app.cases.domain.queue import EntryState
from app.cases.models import QueueEntry
from app.people.models import RoleAssignment, User
from app.people.queries import on_duty
from app.platform.db import db
from app.triage.domain import Lane


@dataclass(frozen=True)
class Team:
    """Everybody who can be called for a school, at one moment."""

    on_duty: Sequence[User]
    #: The campaign's own responders, the first before the second.
    named: Sequence[User]
    leads: Sequence[User]
    heads: Sequence[User]
    district: Sequence[User]
    #: Who has taken on an entry that has become urgent since, or is on the way to it.
    holders: Sequence[User]

    def of(self, step: Step) -> list[User]:
        """Whose turn it is; where a rung of the ladder is empty the next one stands in."""
        if step is Step.AGAIN:
            return self.until(LADDER[-1])
        first = self._rung(self.on_duty[:1], self.named[:1], self.leads)
        rungs: dict[Step, Iterable[User]] = {
            Step.FIRST: [*self.holders, *first],
            Step.SECOND: self._rung(self.on_duty[1:2], _others(self.named, first), self.leads),
            Step.LEAD: self._rung(self.leads),
            Step.HEAD: [*self.heads, *self.district] or self._rung(self.leads),
            Step.DIGEST: [*self.holders, *first],
            Step.REMIND: [*self.holders, *first],
            Step.OVERDUE: [*self.holders, *first, *self._rung(self.leads)],
        }
        return list(dict.fromkeys(rungs[step]))

    def until(self, step: Step) -> list[User]:
        """Whose turn it is or was: who came on duty meanwhile has not been called yet."""
        if step not in LADDER:
            return self.of(step)
        steps = LADDER[: LADDER.index(step) + 1]
        return list(dict.fromkeys(user for each in steps for user in self.of(each)))

    def _rung(self, *choices: Sequence[User]) -> Sequence[User]:
        """The first choice that is not empty: a call always reaches for somebody."""
        last_resorts = (self.district, self.on_duty, self.named, self.heads)
        return next((choice for choice in (*choices, *last_resorts) if choice), ())


def team_of(alert: Alert, at: datetime) -> Team:
    """The people around an alert at that moment."""
    responders = _responders_of(alert)
    return Team(
        on_duty=on_duty(alert.site_id, at),
        named=[user for user in responders if user is not None and user.active],
        leads=leads_of(alert.site_id),
        heads=heads_of(alert.site_id),
        district=_holding(Role.CRISIS_LEAD, RoleAssignment.site_id.is_(None)),
        holders=_holders(alert, at),
    )


def called(alert: Alert) -> set[int]:
    """The ids of who was called for it at any step."""
    return set(db.session.scalars(select(Notice.user_id).where(Notice.alert_id == alert.id)))


def receivers(site_id: int) -> Sequence[User]:
    """Who may be called for a school at all, by the roles of the policy."""
    roles = [Role(rule[0].__name__) for rule in POLICY[Permission.RECEIVE_ALARMS]]
    held = select(RoleAssignment.user_id).where(
        RoleAssignment.role.in_(roles),
        or_(RoleAssignment.site_id == site_id, RoleAssignment.site_id.is_(None)),
        RoleAssignment.cohort_id.is_(None),
    )
    query = select(User).where(User.active, User.id.in_(held)).order_by(User.id)
    return db.session.scalars(query).all()


def leads_of(site_id: int) -> Sequence[User]:
    """Who leads in a crisis at a school."""
    return _holding(Role.CRISIS_LEAD, RoleAssignment.site_id == site_id)


def heads_of(site_id: int) -> Sequence[User]:
    """Who heads a school."""
    return _holding(Role.SCHOOL_HEAD, RoleAssignment.site_id == site_id)


def _responders_of(alert: Alert) -> Sequence[User | None]:
    query = select(CampaignSite).where(
        CampaignSite.campaign_id == alert.campaign_id, CampaignSite.site_id == alert.site_id
    )
    found = db.session.scalar(query)
    return (found.first_responder, found.second_responder) if found else ()


def _holding(role: Role, place: ColumnElement[bool]) -> Sequence[User]:
    held = select(RoleAssignment.user_id).where(
        RoleAssignment.role == role, place, RoleAssignment.cohort_id.is_(None)
    )
    query = select(User).where(User.active, User.id.in_(held)).order_by(User.id)
    return db.session.scalars(query).all()


def _holders(alert: Alert, at: datetime) -> Sequence[User]:
    """Who has an unread entry of the alert, or said of late "I am going" to the one before it."""
    links = select(AlertEntry.entry_id).where(AlertEntry.alert_id == alert.id)
    unread = links.where(AlertEntry.seen_at.is_(None)) if alert.lane is Lane.SAME_DAY else links
    held = select(QueueEntry.claimed_by_id).where(
        QueueEntry.id.in_(unread), QueueEntry.state == EntryState.CLAIMED
    )
    going = (
        select(Alert.acknowledged_by_id)
        .join(AlertEntry)
        .where(
            Alert.lane == Lane.FAST,
            AlertEntry.entry_id.in_(links),
            Alert.acknowledged_at > at - STANDS,
        )
    )
    who: ColumnElement[bool] = User.id.in_(held)
    if alert.lane is Lane.FAST:
        who = or_(who, User.id.in_(going))
    return db.session.scalars(select(User).where(User.active, who).order_by(User.id)).all()


def _others(users: Sequence[User], but: Sequence[User]) -> Sequence[User]:
    return [user for user in users if user not in but]
