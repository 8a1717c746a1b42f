"""Drafts: nothing is lost, nothing serves before a second person has published it."""

import pytest
from flask import Flask
from sqlalchemy import select

from app.access.actor import OPERATOR, Actor
from app.access.guards import DeniedError
from app.access.permissions import Role
from app.alarms.service.drills import INSTRUMENT
from app.authoring import queries, service
from app.authoring.blank import blank_files
from app.authoring.domain import (
    NEEDED,
    DraftChangedError,
    DraftOrigin,
    DraftState,
    DraftStateError,
    Gate,
    GatesClosedError,
    NeededError,
    UnknownInstrumentError,
)
from app.authoring.models import InstrumentDraft
from app.cases.service.interviews import CODE
from app.instruments.loader import INSTRUMENT_FILE
from app.people.service.logins import actor_of
from app.platform.audit import AuditEvent
from app.platform.db import db
from tests.factories import authoring, people

CRITICAL = """\
  - code: q2
    text: {zh_Hans: 我想过伤害自己, en: I have thought of hurting myself}
    options: often
    critical: [{answers: [1, 2, refused], lane: same_day}]
"""


@pytest.fixture
def author(in_app: Flask) -> Actor:
    return actor_of(people.user(Role.AUTHOR), Role.AUTHOR)


@pytest.fixture
def reviewer(in_app: Flask) -> Actor:
    return actor_of(people.user(Role.REVIEWER), Role.REVIEWER)


@pytest.fixture
def draft(author: Actor) -> InstrumentDraft:
    return service.start_draft(
        actor=author,
        files=blank_files("睡眠小问卷"),
        origin=DraftOrigin.BLANK,
        title="睡眠小问卷",
        licence_proof="自编",
    )


def test_a_draft_goes_from_its_author_through_a_reviewer_into_service(
    draft: InstrumentDraft, author: Actor, reviewer: Actor
) -> None:
    service.submit_draft(actor=author, draft=draft, revision=1)
    version = service.publish_draft(actor=reviewer, draft=draft, revision=1)

    assert draft.state is DraftState.PUBLISHED
    assert queries.current_version("my_scale") is version is draft.published_version
    assert queries.compiled_of(version).score_one({"q1": 0, "q2": 2}).scales["total"].score == 4


def test_each_step_leaves_an_audit_row(
    draft: InstrumentDraft, author: Actor, reviewer: Actor
) -> None:
    service.save_draft(actor=author, draft=draft, files=draft.files, revision=1)
    service.submit_draft(actor=author, draft=draft, revision=2)
    service.take_back_draft(actor=author, draft=draft)
    service.submit_draft(actor=author, draft=draft, revision=2)
    service.return_draft(actor=reviewer, draft=draft, reason="题 2 太长", revision=2)
    service.withdraw_draft(actor=author, draft=draft)

    query = select(AuditEvent.action).where(AuditEvent.object_ref == draft.public_id)
    assert db.session.scalars(query.order_by(AuditEvent.seq)).all() == [
        "start_draft",
        "save_draft",
        "submit_draft",
        "take_back_draft",
        "submit_draft",
        "return_draft",
        "withdraw_draft",
    ]
    details = db.session.scalars(select(AuditEvent.detail)).all()
    assert [detail for detail in details if "题" in detail or "自编" in detail] == []


def test_a_draft_is_saved_with_all_its_errors(draft: InstrumentDraft, author: Actor) -> None:
    service.save_draft(
        actor=author, draft=draft, files={INSTRUMENT_FILE: "code: broken\n\titems: ["}, revision=1
    )

    assert draft.files[INSTRUMENT_FILE] == "code: broken\n\titems: ["
    assert (draft.code, draft.title, draft.revision) == ("broken", "睡眠小问卷", 2)


def test_a_save_over_an_unread_text_is_refused_and_changes_nothing(
    draft: InstrumentDraft, author: Actor
) -> None:
    service.save_draft(actor=author, draft=draft, files={INSTRUMENT_FILE: "one"}, revision=1)

    with pytest.raises(DraftChangedError):
        service.save_draft(actor=author, draft=draft, files={INSTRUMENT_FILE: "two"}, revision=1)

    assert draft.files == {INSTRUMENT_FILE: "one"}


def test_nobody_else_writes_in_a_draft(draft: InstrumentDraft, reviewer: Actor) -> None:
    colleague = actor_of(people.user(Role.AUTHOR), Role.AUTHOR)

    for actor in (colleague, reviewer):
        with pytest.raises(DeniedError):
            service.save_draft(actor=actor, draft=draft, files={}, revision=1)


def test_nobody_publishes_what_they_wrote(draft: InstrumentDraft, author: Actor) -> None:
    service.submit_draft(actor=author, draft=draft, revision=1)
    both = Actor(kind=author.kind, ref=author.ref, role=Role.REVIEWER, user_id=author.user_id)

    for actor in (both, OPERATOR):
        with pytest.raises(GatesClosedError) as refused:
            service.publish_draft(actor=actor, draft=draft, revision=1)
        assert refused.value.gates == (Gate.SECOND_PERSON,)

    with pytest.raises(UnknownInstrumentError):
        queries.current_version("my_scale")


def test_a_text_that_nobody_handed_in_cannot_be_published(
    draft: InstrumentDraft, reviewer: Actor
) -> None:
    with pytest.raises(DraftStateError):
        service.publish_draft(actor=reviewer, draft=draft, revision=1)


def test_a_reviewer_publishes_only_the_text_that_was_read(
    draft: InstrumentDraft, author: Actor, reviewer: Actor
) -> None:
    service.submit_draft(actor=author, draft=draft, revision=1)
    service.take_back_draft(actor=author, draft=draft)
    service.save_draft(actor=author, draft=draft, files=draft.files, revision=1)
    service.submit_draft(actor=author, draft=draft, revision=2)

    with pytest.raises(DraftChangedError):
        service.publish_draft(actor=reviewer, draft=draft, revision=1)


def _changed(draft: InstrumentDraft, old: str, new: str) -> dict[str, str]:
    text = draft.files[INSTRUMENT_FILE]
    assert old in text
    return {**draft.files, INSTRUMENT_FILE: text.replace(old, new)}


SECOND_ITEM = """\
  - code: q2
    text: {zh_Hans: 我觉得累, en: I have felt tired}
    options: often
"""


@pytest.mark.parametrize(
    ("old", "new", "gate"),
    [
        ("method: sum", "methid: sum", Gate.READS),
        ("reverse: [q1] ", "reverse: [q2] ", Gate.EXAMPLES),
        ("text: {zh_Hans: 我觉得累, en: I have felt tired}", "text: {zh_Hans: 累}", Gate.LANGUAGES),
        (SECOND_ITEM, CRITICAL.replace("    critical", "    # critical"), Gate.CRITICAL),
        (SECOND_ITEM, CRITICAL, Gate.PATHWAY),
    ],
)
def test_a_draft_that_does_not_pass_a_gate_is_not_handed_in(
    draft: InstrumentDraft, author: Actor, old: str, new: str, gate: Gate
) -> None:
    service.save_draft(actor=author, draft=draft, files=_changed(draft, old, new), revision=1)

    with pytest.raises(GatesClosedError) as refused:
        service.submit_draft(actor=author, draft=draft, revision=2)

    assert gate in refused.value.gates
    assert draft.state is DraftState.DRAFT


def test_a_wording_without_a_stated_right_is_not_handed_in(
    draft: InstrumentDraft, author: Actor
) -> None:
    service.save_draft(actor=author, draft=draft, files=draft.files, revision=1, licence_proof=" ")

    with pytest.raises(GatesClosedError) as refused:
        service.submit_draft(actor=author, draft=draft, revision=2)

    assert refused.value.gates == (Gate.LICENCE,)


def test_a_retired_version_serves_no_new_battery(
    draft: InstrumentDraft, author: Actor, reviewer: Actor
) -> None:
    service.submit_draft(actor=author, draft=draft, revision=1)
    version = service.publish_draft(actor=reviewer, draft=draft, revision=1)

    service.retire_version(actor=reviewer, version=version)

    assert queries.version_of("my_scale", "1.0.0") is version
    with pytest.raises(UnknownInstrumentError):
        queries.current_version("my_scale")


def test_what_interviews_and_drills_need_is_not_retired(in_app: Flask, reviewer: Actor) -> None:
    [version] = authoring.published(CODE)

    with pytest.raises(NeededError):
        service.retire_version(actor=reviewer, version=version)

    assert {CODE, INSTRUMENT} == NEEDED
    assert version.retired_at is None
