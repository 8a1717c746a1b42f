"""Writing the file of an approved export: batch by batch, outside any long transaction."""

import secrets
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from babel import Locale
from flask_babel import force_locale
from flask_babel import gettext as _

from app.access.actor import SYSTEM
from app.authoring.words import licence_terms
from app.campaigns.domain import CampaignState
from app.campaigns.models import Campaign
from app.instruments.model import Instrument
from app.platform import audit, clock
from app.platform.db import begin_write, db
from app.platform.i18n import LOCALES, as_date, as_days
from app.platform.sealed import seal_file
from app.statistics.codebook import missing_labels, variables_of
from app.statistics.domain.exports import FEW, ExportState, StoppedError
from app.statistics.export_files import WRITERS, Codebook, Row, Table, pack
from app.statistics.models import ResearchExport
from app.statistics.queries.exports import (
    Respondent,
    answered_rows,
    instruments_in,
    respondents,
)
from app.statistics.service.exports import (
    chosen_risk,
    claim_writing,
    ending_of,
    file_of,
    folder,
    place_of,
    weigh_export,
)

KEY_BYTES = 32


def work_on_export(export_id: int) -> None:
    """Do what is next: count how far people stand out, or write the file."""
    state = db.session.get_one(ResearchExport, export_id).state
    db.session.rollback()
    if state is ExportState.ASKED:
        weigh_export(export_id)
    elif state is ExportState.APPROVED:
        write_export(export_id)


def write_export(export_id: int) -> None:
    """Write the file and say that it is ready; stops where the export was cancelled. Commits."""
    begin_write()
    claimed = claim_writing(export_id)
    db.session.commit()
    if not claimed:
        return
    export = db.session.get_one(ResearchExport, export_id)
    with tempfile.TemporaryDirectory(dir=folder(), prefix="writing-") as name:
        try:
            files = Path(name) / "files"
            files.mkdir()
            write_into(files, export)
            packed = Path(name) / f"packed.{ending_of(export)}"
            pack(files, packed)
            seal_file(packed, file_of(export), place_of(export))
        except StoppedError:
            return
    _say_ready(export)


def write_into(target: Path, export: ResearchExport) -> None:
    """Write the files of an export; the key of its pseudonyms is drawn here and kept nowhere."""
    key = secrets.token_bytes(KEY_BYTES)
    people = [(each, respondents(export, each, key)) for each in export.campaigns]
    done = 0
    tables = []
    for number, (campaign, some) in enumerate(people, 1):
        tables.append(_table(number, export, campaign, some, done))
        done += len(some)
    WRITERS[export.form](target, tables, _codebook(export))


def _table(
    number: int, export: ResearchExport, campaign: Campaign, people: Sequence[Respondent], done: int
) -> Table:
    asked = {
        code: one for code, one in instruments_in([campaign]).items() if code in export.instruments
    }
    variables = variables_of(asked, export.detail, has_outcome=export.has_outcome)
    return Table(
        _file_name(number, campaign.code),
        variables,
        _rows(export, campaign, people, done),
        len(people),
    )


def _rows(
    export: ResearchExport, campaign: Campaign, people: Sequence[Respondent], done: int
) -> Iterator[Row]:
    for batch in answered_rows(export, campaign, people):
        yield from batch
        done += len(batch)
        _move_on(export, done)


def _move_on(export: ResearchExport, done: int) -> None:
    """Say how far it is, in a transaction of its own, and stop where somebody says so."""
    db.session.rollback()
    begin_write()
    db.session.refresh(export)
    if export.state is not ExportState.APPROVED:
        db.session.rollback()
        raise StoppedError
    export.rows_done, export.moved_at = done, clock.now()
    db.session.commit()


def _say_ready(export: ResearchExport) -> None:
    begin_write()
    db.session.refresh(export)
    if export.state is ExportState.APPROVED:
        export.state = ExportState.READY
        audit.record(SYSTEM, "write_export", export, rows=export.rows_done)
    else:
        file_of(export).unlink(missing_ok=True)
    db.session.commit()


def _file_name(number: int, code: str) -> str:
    """Of one campaign: its number keeps two apart whose codes are long or strange."""
    kept = "".join(sign if sign.isalnum() or sign in "-_" else "-" for sign in code)
    return f"{number}-{kept}"[:31]


def _codebook(export: ResearchExport) -> Codebook:
    missing = missing_labels()
    with force_locale(export.locale):
        head = [_("File"), _("Variable")]
        head += [_label_head(locale, export.locale) for locale in LOCALES]
        head += [_values_head(locale, export.locale) for locale in LOCALES]
        head += [_("Definition and source"), _("With a value")]
        head += [_("Missing: %(why)s", why=label[export.locale]) for label in missing.values()]
        head += [_("Empty")]
        about = list(_about(export))
    return Codebook(head, missing, about, export.locale)


def _label_head(locale: str, reader: str) -> str:
    language = Locale.parse(locale).get_language_name(reader)
    return str(_("Label (%(language)s)", language=language))


def _values_head(locale: str, reader: str) -> str:
    language = Locale.parse(locale).get_language_name(reader)
    return str(_("Values (%(language)s)", language=language))


def _about(export: ResearchExport) -> Iterator[tuple[str, str]]:
    yield _("Purpose"), export.purpose or ""
    yield _("Written on"), as_date(clock.today())
    for campaign in export.campaigns:
        dates = as_days(campaign.opens_on, campaign.closes_on)
        is_open = "" if campaign.state is CampaignState.CLOSED else _("still open")
        yield _("Campaign"), " · ".join(filter(None, [campaign.code, dates, is_open]))
    yield (
        _("Who is in it"),
        _(
            "Students with a score, each with the first sitting that is theirs. Not in it: who "
            "declined, whose guardian refused or withdrew, whom an open link brought, and sittings "
            "that were found to be somebody else’s."
        ),
    )
    yield (
        _("What is not in it"),
        _(
            "Names, numbers, birthdays, dates and hours, written words, requests to talk, and how "
            "fast anybody was called."
        ),
    )
    yield (
        _("Pseudonyms"),
        _(
            "Made with a key that was drawn for this export and kept nowhere: they connect its "
            "files with each other and with no other export."
        ),
    )
    yield _("Standing out"), _standing_out(export)
    for code, instrument in instruments_in(export.campaigns).items():
        if code in export.instruments:
            yield from _about_instrument(instrument, export.locale)


def _standing_out(export: ResearchExport) -> str:
    risk = chosen_risk(export)
    return str(
        _(
            "%(people)s people in %(combinations)s combinations of what is known beside the "
            "answers; %(unique)s are the only one of theirs, %(few)s share it with fewer than "
            "%(least)s.",
            people=risk.people,
            combinations=risk.combinations,
            unique=risk.unique,
            few=risk.few,
            least=FEW,
        )
    )


def _about_instrument(instrument: Instrument, locale: str) -> Iterator[tuple[str, str]]:
    licence = instrument.licence
    yield instrument.code, f"{instrument.title.get(locale)} · {instrument.version}"
    yield f"{instrument.code}: {_('citation')}", instrument.citation
    said = [licence.name or licence_terms(licence.terms), licence.holder, licence.statement]
    yield f"{instrument.code}: {_('licence')}", " · ".join(filter(None, said))
