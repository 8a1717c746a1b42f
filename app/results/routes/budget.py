"""The alarm budget of an instrument: what its cut-offs ask of each counsellor, week by week.

GET /instruments/<code>/alarm-budget              alarm_budget
GET /instruments/drafts/<draft_id>/alarm-budget   draft_budget
"""

from collections.abc import Iterator

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from wtforms.fields.choices import SelectChoice

from app.access.actor import Actor
from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.authoring import words
from app.authoring.checking import check_files
from app.authoring.domain import UnknownInstrumentError
from app.authoring.queries import current_version, instrument_of
from app.instruments.model import Instrument
from app.instruments.scales import Cutoff, Scale
from app.people.queries import responders, visible_sites
from app.platform.db import db
from app.platform.i18n import choose_locale
from app.results import budget as budgets
from app.results.forms import BudgetForm
from app.results.routes.blueprint import bp
from app.results.routes.weighings import asked_draft, draft_frame
from app.triage.budget import LEVELS, Key

#: What stands in the fields until somebody says otherwise.
STUDENTS, WEEKS, CAPACITY = 1000, 4, 8


@bp.get("/instruments/<code>/alarm-budget")
@requires(Permission.WEIGH_CHANGES)
def alarm_budget(code: str) -> ResponseReturnValue:
    """Move a cut-off and see what it asks; nothing is changed by it."""
    try:
        instrument = instrument_of(current_version(code))
    except UnknownInstrumentError:
        abort(404)
    return _page("results/budget.html", instrument)


@bp.get("/instruments/drafts/<draft_id>/alarm-budget")
@requires(Permission.SEE_DRAFTS)
def draft_budget(draft_id: str) -> ResponseReturnValue:
    """The same for a draft that can be read."""
    draft = asked_draft(draft_id)
    compiled = check_files(draft.files).compiled
    instrument = compiled.instrument if compiled else None
    return _page("results/draft_budget.html", instrument, **draft_frame(draft))


def _page(template: str, instrument: Instrument | None, **more: object) -> str:
    """What the address asks about the instrument; nothing where the text cannot be read."""
    if instrument is None:
        return render_template(template, instrument=None, **more)
    cutoffs = budgets.cutoffs_of(instrument)
    form = _form(instrument)
    thresholds = dict(_thresholds(cutoffs))
    key = next((key for key, *_ in cutoffs if name_of(key) == form.move.data), None)
    found = None
    if key is not None and form.validate():
        plan = budgets.Plan(
            form.students.data, form.weeks.data, form.counsellors.data, form.capacity.data
        )
        found = budgets.budget(
            current_actor(), instrument, key=key, thresholds=thresholds, plan=plan
        )
    return render_template(
        template,
        **more,
        instrument=instrument,
        form=form,
        cutoffs=[(name_of(key), *rest, thresholds.get(key)) for key, *rest in cutoffs],
        budget=found,
        levels=LEVELS,
    )


def name_of(key: Key) -> str:
    """What the field of a cut-off is called in the address."""
    scale, place = key
    return f"{scale}-{place}"


def _form(instrument: Instrument) -> BudgetForm:
    """The fields as the address fills them; what it leaves out is filled from what is known."""
    cutoffs = budgets.cutoffs_of(instrument)
    given = MultiDict(request.args)
    standing = {
        "move": name_of(cutoffs[0][0]) if cutoffs else "",
        "students": str(STUDENTS),
        "weeks": str(WEEKS),
        "counsellors": str(_counsellors(current_actor())),
        "capacity": str(CAPACITY),
    }
    for name, value in standing.items():
        given.setdefault(name, value)
    form = BudgetForm(given)
    form.move.choices = [
        SelectChoice(name_of(key), _label(scale, cutoff)) for key, scale, cutoff, _ in cutoffs
    ]
    return form


def _label(scale: Scale, cutoff: Cutoff) -> str:
    """A cut-off among several of one scale: its score, and for whom where not for everybody."""
    group = f" ({words.group_name(cutoff.group)})" if cutoff.group else ""
    return f"{scale.title.get(choose_locale())} {words.bound(cutoff)}{group}"


def _counsellors(actor: Actor) -> int:
    """The counsellors of the actor's schools; one where nobody is known."""
    sites = db.session.scalars(visible_sites(actor)).all()
    people = {user.id for site in sites for user in responders(site)}
    return len(people) or 1


def _thresholds(cutoffs: list) -> Iterator[tuple[Key, float]]:  # type: ignore[type-arg]
    """The cut-offs that the address moves, as far as the scale reaches."""
    for key, scale, _cutoff, _standing in cutoffs:
        asked = request.args.get(name_of(key), type=float)
        if asked is not None and scale.range[0] <= asked <= scale.range[1]:
            yield key, asked
