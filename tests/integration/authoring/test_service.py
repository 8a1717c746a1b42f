"""Publishing: the library's files become versions that never change."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.access.actor import OPERATOR, Actor, ActorKind
from app.access.guards import DeniedError
from app.access.permissions import Role
from app.authoring import queries, service
from app.authoring.domain import UnknownInstrumentError, VersionTakenError
from app.authoring.models import InstrumentVersion
from app.instruments.problems import InstrumentError
from app.platform.audit import AuditEvent
from app.platform.db import db

Edit = Callable[[str, str], None]


@pytest.fixture
def who5(library_copy: Path) -> Edit:
    """Change words of the WHO-5 file in the copied library."""
    path = library_copy / "who5" / "instrument.yaml"

    def edit(old: str, new: str) -> None:
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    return edit


def test_publish_library_stores_each_instrument_as_it_was_checked(
    in_app: Flask, library_copy: Path
) -> None:
    published = service.publish_library(actor=OPERATOR, folder=library_copy)

    text = (library_copy / "phq9" / "instrument.yaml").read_text(encoding="utf-8")
    phq9 = queries.current_version("phq9")
    assert [version.code for version in published] == ["gad7", "phq9", "who5"]
    assert queries.instrument_of(phq9).source.instrument == text
    assert queries.instrument_of(phq9).content_hash == phq9.content_hash


def test_publish_library_leaves_an_audit_row_a_version(in_app: Flask, library_copy: Path) -> None:
    service.publish_library(actor=OPERATOR, folder=library_copy)
    service.publish_library(actor=OPERATOR, folder=library_copy)

    query = select(AuditEvent.object_ref).where(AuditEvent.action == "publish_instrument")
    versions = db.session.scalars(select(InstrumentVersion.public_id)).all()
    assert sorted(db.session.scalars(query)) == sorted(versions)
    assert len(versions) == 3


def test_publish_library_again_changes_nothing(in_app: Flask, library_copy: Path) -> None:
    first = service.publish_library(actor=OPERATOR, folder=library_copy)

    second = service.publish_library(actor=OPERATOR, folder=library_copy)

    assert second == first


def test_publish_library_refuses_other_content_under_a_published_version(
    in_app: Flask, library_copy: Path, who5: Edit
) -> None:
    service.publish_library(actor=OPERATOR, folder=library_copy)
    before = queries.current_version("who5").content_hash
    who5("code: who5", "code: who5  # another comment")

    with pytest.raises(VersionTakenError, match=r"who5 1\.0\.0; give the changed file a new"):
        service.publish_library(actor=OPERATOR, folder=library_copy)

    assert queries.current_version("who5").content_hash == before


def test_publish_library_keeps_the_old_version_beside_the_new_one(
    in_app: Flask, library_copy: Path, who5: Edit
) -> None:
    service.publish_library(actor=OPERATOR, folder=library_copy)
    old = queries.current_version("who5")
    who5("version: '1.0.0'", "version: '1.1.0'")

    service.publish_library(actor=OPERATOR, folder=library_copy)

    assert queries.current_version("who5").version == "1.1.0"
    assert queries.version_of("who5", "1.0.0") is old
    assert [v.version for v in queries.library() if v.code == "who5"] == ["1.1.0"]


def test_publish_library_publishes_nothing_when_one_file_is_faulty(
    in_app: Flask, library_copy: Path, who5: Edit
) -> None:
    who5("version: '1.0.0'", "version: one")

    with pytest.raises(InstrumentError):
        service.publish_library(actor=OPERATOR, folder=library_copy)

    assert queries.library() == []


def test_publish_library_is_not_for_counsellors(in_app: Flask, library_copy: Path) -> None:
    counsellor = Actor(kind=ActorKind.USER, ref="x", role=Role.COUNSELLOR)

    with pytest.raises(DeniedError):
        service.publish_library(actor=counsellor, folder=library_copy)


def test_current_version_of_an_unknown_code_says_so(in_app: Flask) -> None:
    with pytest.raises(UnknownInstrumentError, match="no instrument is called “phq99”"):
        queries.current_version("phq99")


def test_a_version_is_compiled_once_a_process(in_app: Flask, library_copy: Path) -> None:
    service.publish_library(actor=OPERATOR, folder=library_copy)

    first = queries.compiled_of(queries.current_version("phq9"))
    db.session.expire_all()
    second = queries.compiled_of(queries.current_version("phq9"))

    assert second is first
