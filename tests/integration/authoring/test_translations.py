"""A draft's wording beside the original: what is missing, who wrote it, what stops publishing."""

import pytest

from app.access.permissions import Role
from app.authoring import service
from app.authoring.domain import DraftOrigin, Gate
from app.authoring.gates import closed_gates
from app.authoring.models import InstrumentDraft
from app.people.service.logins import actor_of
from app.platform.db import begin_write, db
from tests.factories import authoring, people

#: English is claimed, and one item and one answer have none.
TEXT = (
    authoring.TWO_ITEMS.replace("CODE", "energy")
    .replace("{zh_Hans: 累, en: tired}", "{zh_Hans: 累}")
    .replace("option_sets:", "option_sets:  # 口语")
    .replace("{zh_Hans: 有时, en: sometimes}", "{zh_Hans: 有时}")
)


@pytest.fixture
def draft(app, fixed_clock):
    """A draft of the author's, its id, and its author."""
    with app.app_context():
        begin_write()
        author = people.user(Role.AUTHOR)
        made = service.start_draft(
            actor=actor_of(author, Role.AUTHOR),
            files={"instrument.yaml": TEXT},
            origin=DraftOrigin.BLANK,
            title="精力",
        )
        db.session.commit()
        db.session.refresh(author)
        db.session.expunge(author)
        return made.public_id, author


def stored(app, public_id: str) -> InstrumentDraft:
    return db.session.query(InstrumentDraft).filter_by(public_id=public_id).one()


def test_what_is_missing_is_counted_listed_and_stops_publishing(app, draft, as_):
    public_id, author = draft

    page = as_(Role.AUTHOR, user=author).get(
        f"/instruments/drafts/{public_id}/translations?lang=en"
    )

    assert "Missing in English:" in page.text
    assert 'href="#t.items.0.text">Items q1</a>' in page.text
    assert 'href="#t.option_sets.degree.1.label">Answers 1</a>' in page.text
    with app.app_context():
        assert Gate.LANGUAGES in closed_gates(stored(app, public_id))


@pytest.mark.parametrize("claims", ["languages: [zh_Hans]", "languages:\n  - zh_Hans"])
def test_a_language_is_added_by_a_button_and_what_it_lacks_stops_publishing(
    app, draft, as_, claims
):
    public_id, author = draft
    client = as_(Role.AUTHOR, user=author)
    address = f"/instruments/drafts/{public_id}"
    alone = TEXT.replace("languages: [zh_Hans, en]", claims)
    client.post(address, data={"revision": 1, "instrument": alone})
    offered = client.get(f"{address}/translations").text

    added = client.post(f"{address}/languages", data={"revision": 2, "language": "en"})
    page = client.get(added.location + "&lang=en").text

    assert f'action="{address}/languages"' in offered
    assert f'action="{address}/languages"' not in page
    assert "Missing in English:" in page
    with app.app_context():
        assert stored(app, public_id).files["instrument.yaml"] == TEXT.replace(
            "languages: [zh_Hans, en]",
            claims.replace("]", ", en]").replace("- zh_Hans", "- zh_Hans\n  - en"),
        )
        assert Gate.LANGUAGES in closed_gates(stored(app, public_id))


def test_typed_words_go_into_the_file_and_nothing_else_changes(app, draft, as_):
    public_id, author = draft
    client = as_(Role.AUTHOR, user=author)

    client.post(
        f"/instruments/drafts/{public_id}/translations?language=en",
        data={
            "revision": 1,
            "status": "unvalidated",
            "source": "李明，2026",
            "t.items.0.text": "I am tired: often",
            "t.option_sets.degree.1.label": "now and then",
        },
    )

    with app.app_context():
        found = stored(app, public_id)
        new = found.files["instrument.yaml"]
        assert Gate.LANGUAGES not in closed_gates(found)
    assert new == TEXT.replace("{zh_Hans: 累}", "{zh_Hans: 累, en: 'I am tired: often'}").replace(
        "{zh_Hans: 有时}", "{zh_Hans: 有时, en: now and then}"
    ).replace(
        "en: {status: original, source: Made for this test}",
        "en: {status: unvalidated, source: 李明，2026}",
    )


def test_words_typed_over_an_older_text_are_refused(app, draft, as_):
    public_id, author = draft
    client = as_(Role.AUTHOR, user=author)
    address = f"/instruments/drafts/{public_id}/translations?language=en"
    typed = {"status": "original", "source": "x", "t.items.0.text": "one"}
    client.post(address, data={"revision": 1, **typed})

    answer = client.post(
        address, data={"revision": 1, **typed, "t.items.0.text": "two"}, follow_redirects=True
    )

    assert "two" not in answer.text
    with app.app_context():
        assert "en: one" in stored(app, public_id).files["instrument.yaml"]


def test_a_reviewer_reads_and_does_not_write(app, draft, as_):
    public_id, _author = draft
    client = as_(Role.REVIEWER)

    page = client.get(f"/instruments/drafts/{public_id}/translations?lang=en").text

    assert "readonly" in page
    answer = client.post(f"/instruments/drafts/{public_id}/translations", data={"revision": 1})
    assert answer.status_code == 404


def test_another_authors_draft_is_not_there(draft, as_):
    public_id, _author = draft

    for part in ("translations", "changes", "alarm-budget"):
        answer = as_(Role.AUTHOR).get(f"/instruments/drafts/{public_id}/{part}")
        assert answer.status_code == 404
