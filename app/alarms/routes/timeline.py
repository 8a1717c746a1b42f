"""Who knew what when, from the tap on.

GET  /alarms/timeline/<entry>         timeline
GET  /alarms/timeline/<entry>.pdf     timeline_print
"""

from flask import abort, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.alarms.printing import moment_of, timeline_pdf
from app.alarms.queries.timeline import records_of
from app.alarms.routes.blueprint import bp
from app.alarms.timeline import lines_of
from app.cases.models import QueueEntry
from app.cases.queries.queue import find_entry
from app.platform import audit
from app.platform.i18n import choose_locale
from app.platform.printed import pdf_or_back


@bp.get("/alarms/timeline/<entry_id>")
@requires(Permission.SEE_QUEUE, audits=True)
def timeline(entry_id: str) -> ResponseReturnValue:
    """Of one entry; where a case came of it, of the whole case."""
    entry = _entry(entry_id)
    audit.record(current_actor(), "see_timeline", entry)
    lines = lines_of(records_of(current_actor(), entry), choose_locale())
    return render_template("alarms/timeline.html", entry=entry, lines=lines, moment_of=moment_of)


@bp.get("/alarms/timeline/<entry_id>.pdf")
@requires(Permission.SEE_QUEUE, audits=True)
def timeline_print(entry_id: str) -> ResponseReturnValue:
    """The same on paper."""
    entry, locale = _entry(entry_id), choose_locale()
    audit.record(current_actor(), "print_timeline", entry)
    lines = lines_of(records_of(current_actor(), entry), locale)
    return pdf_or_back(
        lambda: timeline_pdf(entry, lines, locale=locale, printed_by=current_user.name),
        back=url_for("alarms.timeline", entry_id=entry_id),
        name="timeline.pdf",
    )


def _entry(entry_id: str) -> QueueEntry:
    return find_entry(current_actor(), entry_id) or abort(404)
