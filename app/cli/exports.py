"""`xinqiao exports`: pseudonymised answers for research, asked for by one person, approved by
another."""

import os
import shutil
import tempfile
from enum import StrEnum
from pathlib import Path

import click
from sqlalchemy import select

from app.access.actor import OPERATOR
from app.access.permissions import Permission
from app.access.policy import can
from app.campaigns.models import Campaign
from app.cli.door import reading
from app.people.models import Site, User
from app.people.service.logins import actor_of
from app.platform.db import begin_write, db
from app.statistics.domain.exports import (
    Detail,
    FileForm,
    NothingToExportError,
    ReasonNeededError,
    SamePersonError,
)
from app.statistics.models import ResearchExport
from app.statistics.queries.exports import exportable_campaigns
from app.statistics.service import exports as service
from app.statistics.service.export_writing import work_on_export, write_into

#: Students who answer and people who are called come first.
NICE = 10


def _one_of(words: type[StrEnum]) -> click.Choice[str]:
    return click.Choice([word.value for word in words])


@click.group()
def exports() -> None:
    """Export pseudonymised answers for research."""


@exports.command()
@click.argument("codes", metavar="CODE...", nargs=-1, required=True)
@click.option(
    "--campaign",
    "campaigns",
    multiple=True,
    required=True,
    help="The code of a campaign; with several, a person has the same pseudonym in all files.",
)
@click.option("--school", "schools", multiple=True, help="The code of a school; else all.")
@click.option("--purpose", required=True, help="What the data are for.")
@click.option("--asked-by", required=True, metavar="LOGIN", help="Who asks for them.")
@click.option(
    "--approved-by",
    required=True,
    metavar="LOGIN",
    help="Who has approved it, on your word: another person, who answers for all of the schools.",
)
@click.option(
    "--reason",
    default="",
    help="Why they approved it although more than one of a hundred stand out; needed only then.",
)
@click.option("--form", type=_one_of(FileForm), default="csv", show_default=True)
@click.option(
    "--detail",
    type=_one_of(Detail),
    default="grades",
    show_default=True,
    help="By what people are told apart; “stages” is the coarsest.",
)
@click.option("--outcome", is_flag=True, help="Add what a person decided after a talk.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    help="A folder that does not exist yet.",
)
def make(
    codes: tuple[str, ...],
    campaigns: tuple[str, ...],
    schools: tuple[str, ...],
    purpose: str,
    asked_by: str,
    approved_by: str,
    reason: str,
    form: str,
    detail: str,
    outcome: bool,
    output: Path,
) -> None:
    """Write the answers to instruments CODE... with their codebook into a folder.

    You act alone here: neither person presses a button. The audit log says that the command line
    gave both names, the page of the export shows it to everybody who may see it, and whoever is
    named can read it there. Have their word in writing before you begin.
    """
    if output.exists():
        raise click.ClickException(f"{output} exists; name a folder that does not.")
    with reading() as app:
        locale = app.config["SETTINGS"].default_locale
        begin_write()
        try:
            export = service.ask_for_export(
                actor=OPERATOR,
                person=_person(asked_by, Permission.REQUEST_EXPORTS, _sites(schools)),
                campaigns=_campaigns(campaigns),
                sites=_sites(schools),
                instruments=codes,
                form=FileForm(form),
                detail=Detail(detail),
                has_outcome=outcome,
                purpose=purpose,
                locale=locale,
            )
            db.session.commit()
            service.weigh_export(export.id)
            approver = _person(approved_by, Permission.APPROVE_EXPORTS, export.sites)
            _approve(export, approver, reason)
        except NothingToExportError:
            raise click.ClickException(
                f"no campaign of these asks {', '.join(codes)} at these schools."
            ) from None
        except SamePersonError:
            _give_up(export)
            raise click.ClickException("who asks cannot approve: name another person.") from None
        except ReasonNeededError:
            _give_up(export)
            raise click.ClickException(
                "more than one of a hundred people stand out: choose a coarser --detail, or say "
                "with --reason why it was approved all the same."
            ) from None
        _write(export, output)


@exports.command()
@click.argument("export_id", type=int)
def work(export_id: int) -> None:
    """Count how far people of an export stand out, or write its file; the worker calls this."""
    os.nice(NICE)
    with reading():
        work_on_export(export_id)


def _give_up(export: ResearchExport) -> None:
    """Nothing waits for a decision that this command could not make."""
    db.session.rollback()
    begin_write()
    service.cancel_export(actor=OPERATOR, export=export)
    db.session.commit()


def _approve(export: ResearchExport, person: User, reason: str) -> None:
    """Approve, and take the writing before the worker does."""
    begin_write()
    service.approve_export(actor=OPERATOR, person=person, export=export, reason=reason)
    service.claim_writing(export.id)
    db.session.commit()
    risk = service.chosen_risk(export)
    click.echo(
        f"{risk.people} people; {risk.combinations} combinations of what is known beside the "
        f"answers, {risk.unique} of them of one person alone."
    )


def _write(export: ResearchExport, output: Path) -> None:
    """Into a folder beside it, which gets its name when it is whole."""
    output.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(dir=output.parent, prefix=f"{output.name}-"))
    try:
        write_into(unfinished, export)
        begin_write()
        service.hand_over(actor=OPERATOR, export=export)
        db.session.commit()
        unfinished.rename(output)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    for path in sorted(output.iterdir()):
        click.echo(path)


def _person(login: str, permission: Permission, sites: list[Site]) -> User:
    """Somebody who may do this in one of their roles at all these schools."""
    person = db.session.scalar(select(User).where(User.login == login, User.active))
    if person is None:
        raise click.ClickException(f"nobody has the log-in “{login}”.")
    roles = [actor_of(person, role) for role in {one.role for one in person.assignments}]
    if not any(all(can(actor, permission, site) for site in sites) for actor in roles):
        raise click.ClickException(
            f"“{login}” may not do this at every one of these schools ({permission.value})."
        )
    return person


def _campaigns(codes: tuple[str, ...]) -> list[Campaign]:
    known = {one.code: one for one in exportable_campaigns(OPERATOR)}
    missing = [code for code in codes if code not in known]
    if missing:
        raise click.ClickException(
            f"no campaign has the code “{missing[0]}”; there are: {', '.join(known) or 'none'}."
        )
    return [known[code] for code in codes]


def _sites(codes: tuple[str, ...]) -> list[Site]:
    known = {one.code: one for one in db.session.scalars(select(Site).order_by(Site.id))}
    missing = [code for code in codes if code not in known]
    if missing:
        raise click.ClickException(
            f"no school has the code “{missing[0]}”; there are: {', '.join(known)}."
        )
    return [known[code] for code in codes or known]
