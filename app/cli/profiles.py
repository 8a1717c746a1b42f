"""`xinqiao profiles`: summaries printed by the machine's operator, and the words they say."""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import click
from sqlalchemy import or_

from app.access.actor import OPERATOR
from app.campaigns.models import Campaign
from app.campaigns.queries import visible_campaigns
from app.cases.domain.printing import Rendering
from app.cases.printing import Print, print_documents, summary_documents
from app.cases.queries.profiles import students_with_results
from app.cases.service.profiles import take_summaries
from app.cli.door import reading
from app.instruments.problems import InstrumentError
from app.people.models import Cohort, Student
from app.people.queries import visible_cohorts
from app.platform import clock
from app.platform.db import begin_write, db
from app.platform.i18n import LOCALES
from app.platform.pdf import PdfError, PrintDocument
from app.profiles.wording import STANDARD_FILE, load_wording


@click.group()
def profiles() -> None:
    """Print what was found about students; check what profiles say."""


@profiles.command("print")
@click.option("--campaign", "code", required=True, help="The code of the campaign.")
@click.option("--class", "cohort", help="Only this class: its name or public id.")
@click.option("--student", "student_no", help="Only this student: number or public id.")
@click.option("--limit", type=click.IntRange(min=1), help="No more than so many students.")
@click.option(
    "--for",
    "rendering",
    type=click.Choice([rendering.value for rendering in Rendering]),
    default=Rendering.COUNSELLOR.value,
    show_default=True,
    help="Who is going to read it.",
)
@click.option("--lang", type=click.Choice(LOCALES), default="zh_Hans", show_default=True)
@click.option(
    "--password-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Encrypt the PDF with the password in the first line of this file.",
)
@click.option("-o", "output", required=True, type=click.Path(dir_okay=False, path_type=Path))
def print_profiles(
    *,
    code: str,
    cohort: str | None,
    student_no: str | None,
    limit: int | None,
    rendering: str,
    lang: str,
    password_file: Path | None,
    output: Path,
) -> None:
    """Print the summaries of a campaign's students into one PDF."""
    if cohort and student_no:
        raise click.UsageError("--class and --student cannot be used together.")
    password = _password(password_file)
    with reading():
        begin_write()
        students = _students(_campaign(code), cohort, student_no)[:limit]
        documents = _documents(_campaign(code), students, Rendering(rendering), lang)
        db.session.commit()
        try:
            content = print_documents(documents, locale=lang, password=password)
        except PdfError as error:
            raise click.ClickException(str(error)) from None
    _write(output, content)
    pages = sum(document.pages for document in documents)
    click.echo(f"{len(documents)} students, {pages} pages: {output}")


@profiles.command("words")
@click.argument(
    "file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
def check_words(file: Path | None) -> None:
    """Check what profiles say, or the wording in FILE, and say at which line what is wrong."""
    path = file or STANDARD_FILE
    try:
        wording = load_wording(path)
    except InstrumentError as error:
        for problem in error.problems:
            click.echo(problem, err=True)
        raise click.exceptions.Exit(1) from None
    rules = sum(len(each) for each in wording.rules.values())
    click.echo(f"version {wording.version}: {len(wording.words)} words, {rules} rules, in order.")


def _documents(
    campaign: Campaign, students: Sequence[Student], rendering: Rendering, lang: str
) -> list[PrintDocument]:
    taken = take_summaries(
        actor=OPERATOR, students=students, rendering=rendering, locale=lang, campaign=campaign
    )
    return summary_documents(taken, Print(rendering, lang, "cli", clock.now()))


def _campaign(code: str) -> Campaign:
    campaign = db.session.scalar(visible_campaigns(OPERATOR).where(Campaign.code == code))
    if campaign is None:
        known = ", ".join(one.code for one in db.session.scalars(visible_campaigns(OPERATOR)))
        raise click.ClickException(f"no campaign has the code “{code}”; there are: {known}.")
    return campaign


def _students(campaign: Campaign, cohort: str | None, student_no: str | None) -> list[Student]:
    query = students_with_results(OPERATOR, campaign)
    if cohort:
        query = query.where(Student.cohort_id == _cohort(cohort, campaign).id)
    if student_no:
        number = Student.student_no.look_up(Student, student_no)
        query = query.where(
            or_(Student.student_no_index == number, Student.public_id == student_no)
        )
    found = list(db.session.scalars(query))
    if not found:
        raise click.ClickException(
            "nobody to print: no student of that choice has results in this campaign."
        )
    if student_no and len(found) > 1:
        choices = "; ".join(f"{one.public_id} ({one.site.name})" for one in found)
        raise click.ClickException(
            f"{len(found)} schools have this number; name one by its public id: {choices}."
        )
    return found


def _cohort(chosen: str, campaign: Campaign) -> Cohort:
    taking_part = [part.cohort_id for part in campaign.cohorts]
    query = visible_cohorts(OPERATOR).where(
        or_(Cohort.name == chosen, Cohort.public_id == chosen), Cohort.id.in_(taking_part)
    )
    found = db.session.scalars(query).all()
    if not found:
        raise click.ClickException(f"no class “{chosen}” takes part in this campaign.")
    if len(found) > 1:
        choices = "; ".join(f"{one.public_id} ({one.site.name})" for one in found)
        raise click.ClickException(
            f"{len(found)} classes are called “{chosen}”; name one by its public id: {choices}."
        )
    return found[0]


def _password(path: Path | None) -> str | None:
    if path is None:
        return None
    lines = path.read_text(encoding="utf-8").splitlines()
    if not lines or not lines[0].strip():
        raise click.ClickException(f"{path} holds no password: write it into the first line.")
    return lines[0].strip()


def _write(output: Path, content: bytes) -> None:
    """The whole file or none: written beside its place, then moved there."""
    try:
        with tempfile.TemporaryDirectory(dir=output.parent, prefix=".print-") as folder:
            half = Path(folder) / "summary.pdf"
            with half.open("xb") as file:
                file.write(content)
                os.fsync(file.fileno())
            half.replace(output)
    except OSError as error:
        raise click.ClickException(f"{output} cannot be written: {error.strerror}.") from None
