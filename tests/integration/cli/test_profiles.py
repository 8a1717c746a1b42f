"""`xinqiao profiles print`: the whole file or none, clear refusals, audited as the operator."""

from pathlib import Path

import pikepdf
import pytest
from click.testing import CliRunner
from sqlalchemy import select

from app.cli import profiles as command
from app.cli.profiles import profiles
from app.platform.audit import AuditEvent
from app.platform.db import begin_write, db
from app.platform.pdf import PdfFailed, available
from app.profiles.wording import STANDARD_FILE
from tests.factories import people, results
from tests.integration.cases import profile_world

needs_engine = pytest.mark.skipif(not available(), reason="wkhtmltopdf or its font is missing")


@pytest.fixture
def world(app, fixed_clock):
    return profile_world.build(app)


@pytest.fixture
def run(world, command_line, tmp_path):
    """`run("--student", …)`: what the command said and the file it was to write."""
    output = tmp_path / "out.pdf"

    def invoke(*options: str):
        arguments = ["print", "--campaign", "autumn", "-o", str(output), *options]
        return CliRunner().invoke(profiles, arguments), output

    return invoke


@needs_engine
def test_class_becomes_one_pdf_with_an_entry_for_each_student(run):
    result, output = run("--class", "初二（3）班")

    assert result.exit_code == 0, result.output
    with pikepdf.open(output) as pdf:
        assert len(pdf.pages) == 4
        (class_,) = pdf.open_outline().root
        assert class_.title == "初二（3）班"
        assert [entry.title for entry in class_.children] == ["龘犇翀", "李明"]


@needs_engine
def test_limit_and_language(run):
    result, output = run("--limit", "1", "--lang", "en", "--for", "referral")

    assert result.exit_code == 0, result.output
    with pikepdf.open(output) as pdf:
        assert (len(pdf.pages), str(pdf.Root.Lang)) == (1, "en")


@needs_engine
def test_password_file_encrypts(run, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("correct horse\n")

    result, output = run("--student", "20260001", "--password-file", str(secret))

    assert result.exit_code == 0, result.output
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(output)
    pikepdf.open(output, password="correct horse").close()


@needs_engine
def test_print_is_recorded_as_the_operators(run, world, app):
    run("--student", "20260001")

    with app.app_context():
        last = db.session.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc())).first()
    assert (last.actor_kind, last.action, last.object_ref) == (
        "cli",
        "print_summary",
        world.alice.public_id,
    )


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (("--student", "999"), "nobody to print"),
        (("--class", "高三（9）班"), "no class “高三（9）班” takes part"),
        (("--campaign", "winter"), "no campaign has the code “winter”; there are: autumn."),
        (("--class", "初二（3）班", "--student", "20260001"), "cannot be used together"),
    ],
)
def test_refusals_say_what_is_wrong_and_write_nothing(run, options, complaint):
    result, output = run(*options)

    assert result.exit_code != 0
    assert complaint in result.output
    assert not output.exists()


def test_class_name_of_two_schools_asks_for_the_public_id(run, world, app):
    with app.app_context():
        begin_write()
        twin = people.cohort(people.site(name="第二中学"), name=world.cohort.name)
        results.takes_part(world.campaign, twin, world.counsellor)
        twin_id = twin.public_id
        db.session.commit()

    result, _output = run("--class", world.cohort.name)

    assert world.cohort.public_id in result.output
    assert twin_id in result.output


def test_failing_engine_leaves_the_old_file_alone(run, monkeypatch):
    def fail(*_args, **_chosen):
        raise PdfFailed("the engine failed")

    monkeypatch.setattr(command, "print_documents", fail)
    output: Path = run("--student", "999")[1]
    output.write_bytes(b"old")

    result, _output = run("--student", "20260001")

    assert "the engine failed" in result.output
    assert output.read_bytes() == b"old"
    assert [path.name for path in output.parent.glob(".print-*")] == []


def test_words_are_in_order_or_say_what_is_not(app, tmp_path):
    mine = tmp_path / "mine.yaml"
    mine.write_text(STANDARD_FILE.read_text("utf-8").replace("when: [fast]", "when: [slow]"))
    runner = app.test_cli_runner()

    good = runner.invoke(profiles, ["words"])
    bad = runner.invoke(profiles, ["words", str(mine)])

    assert (good.exit_code, bad.exit_code) == (0, 1)
    assert "in order" in good.output
    assert "danger comes first" in bad.output
