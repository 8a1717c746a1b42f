"""Alice has a case with a counsellor; her class teacher and one of another class have log-ins."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import Flask
from flask.testing import FlaskClient

from app.access.permissions import Role
from app.cases.models import Case
from app.people.models import Cohort, Site, Student, User
from app.platform import audit, clock
from app.platform.db import begin_write, db
from app.triage.domain import RiskLevel
from tests.factories import people, results

Row = TypeVar("Row")

ANSWERS: dict[str, Any] = {
    "occasion": "上课时哭了",
    "thoughts": "1",
    "thoughts_words": "不想醒来了",
    "plan": "0",
    "means": "0",
    "past": "1",
    "past_words": "小学时咬过手背",
    "triggers": ["1", "2"],
    "feared": "0",
    "supports": ["1"],
    "reasons": "妹妹",
    "helps": "跑步",
    "safety": ["2", "5"],
    "safety_words": "外婆今晚来陪",
    "decision": "2",
    "decision_words": "需要有人一起看看",
    "told": ["1", "2"],
    "told_words": "十点电话",
}


@dataclass
class World:
    """Rows detached from the session, and what a counsellor's browser does with an interview."""

    app: Flask
    site: Site
    cohort: Cohort
    other_cohort: Cohort
    alice: Student
    counsellor: User
    teacher: User
    other_teacher: User
    case: Case
    there: Site
    answers: dict[str, Any] = field(default_factory=lambda: dict(ANSWERS))

    @property
    def path(self) -> str:
        """Where the interview of the case lies."""
        return f"/cases/{self.case.public_id}/interview"

    def keep(self, client: FlaskClient, writer: str = "page", **changed: Any) -> int:
        """Keep a draft as the page does; the status of the answer."""
        data = self.answers | {"writer": writer} | changed
        return client.post(f"{self.path}/draft", data=data).status_code

    def sign(self, client: FlaskClient, **changed: Any) -> Any:
        """Sign the draft with its note."""
        data = {
            "writer": "page",
            "note": "谈了半小时。",
            "modality": "in_person",
            "held_at": "2026-10-12T09:20",
            "risk_level": "moderate",
            "state": "supporting",
            "next_on": "2026-10-19",
        }
        return client.post(f"{self.path}/sign", data=data | changed)

    def last(self, kind: type[Row]) -> Row:
        """The newest row of a table."""
        with self.app.app_context():
            return db.session.query(kind).order_by(kind.id.desc()).first()  # type: ignore[attr-defined] # every table has an id

    def count(self, kind: type[Row]) -> int:
        """How many rows a table has."""
        with self.app.app_context():
            return db.session.query(kind).count()

    def logged(self, action: str) -> int:
        """How often this was logged."""
        with self.app.app_context():
            return db.session.query(audit.AuditEvent).filter_by(action=action).count()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """A transaction of its own."""
        with self.app.app_context():
            begin_write()
            yield
            db.session.commit()


def build(app: Flask, **chosen: Any) -> World:
    """Store the world in one committed transaction."""
    with app.app_context():
        begin_write()
        results.library()
        site, there = people.site(**chosen.get("site", {})), people.site()
        cohort = people.cohort(site, **chosen.get("cohort", {}))
        other = people.cohort(site)
        alice = people.student(cohort, **{"name": "爱丽丝"} | chosen.get("alice", {}))
        counsellor = people.user(
            Role.COUNSELLOR, site.id, **{"name": "林老师"} | chosen.get("counsellor", {})
        )
        case = Case(
            site_id=site.id,
            student_id=alice.id,
            owner_id=counsellor.id,
            risk_level=RiskLevel.HIGH,
            next_on=clock.today(),
            opened_at=clock.now(),
        )
        db.session.add(case)
        rows = {
            "site": site,
            "cohort": cohort,
            "other_cohort": other,
            "alice": alice,
            "counsellor": counsellor,
            "teacher": people.user(Role.CLASS_TEACHER, None, cohort.id, name="王老师"),
            "other_teacher": people.user(Role.CLASS_TEACHER, None, other.id),
            "case": case,
            "there": there,
        }
        db.session.commit()
        for row in rows.values():
            db.session.refresh(row)
            db.session.expunge(row)
        return World(app=app, **rows)
