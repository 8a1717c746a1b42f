"""Whose answers a sitting's are, and which slips of a campaign were probably swapped.

GET  /sittings/of/<student>       sittings
POST /sittings/<id>/detach        detach
POST /sittings/<id>/give          give
POST /sittings/<id>/return        give_back
GET  /swaps/<campaign>            swaps
POST /swaps/<campaign>            exchange
POST /swaps/<campaign>/no-swap    no_swap
GET  /swaps/<campaign>/report     mix_up
POST /swaps/<campaign>/report     report_mix_up
GET  /psychometrics/<campaign>    psychometrics
POST /psychometrics/<campaign>/norms  make_norms
POST /norms/<id>/approve          approve_norms
POST /norms/<id>/retire           retire_norms
"""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.assessments.models import Assessment
from app.assessments.queries import attributions_of, newest_attributions
from app.campaigns.domain import CampaignState
from app.campaigns.models import Campaign
from app.campaigns.queries import slips, visible_campaign
from app.people.models import Student
from app.people.queries import visible_student
from app.platform import audit
from app.platform.db import begin_write, end_write
from app.results import queries
from app.results.domain import (
    FEWEST_IN_NORMS,
    NoNormsError,
    NothingToReturnError,
    SecondPersonError,
    WrongStudentError,
)
from app.results.evidence import check_campaign, looked_at
from app.results.forms import WHY, GiveForm, MixUpForm, NormsForm, ReasonForm
from app.results.measurement import measured_in
from app.results.pooling import poolable
from app.results.routes.blueprint import bp
from app.results.service import attributions, norms


@bp.errorhandler(WrongStudentError)
@bp.errorhandler(NothingToReturnError)
def _moved_on(_error: Exception) -> ResponseReturnValue:
    flash(_("That does not fit this sitting, or somebody was quicker: nothing changed."), "error")
    return redirect(url_for("campaigns.index"), 303)


@bp.errorhandler(NoNormsError)
def _no_norms(_error: Exception) -> ResponseReturnValue:
    flash(
        _(
            "No norms: a closed campaign and %(n)s students with a score are needed.",
            n=FEWEST_IN_NORMS,
        ),
        "error",
    )
    return redirect(url_for("campaigns.index"), 303)


@bp.get("/sittings/of/<student>")
@requires(Permission.RIGHT_SITTINGS, audits=True)
def sittings(student: str) -> ResponseReturnValue:
    """Every sitting with this student's slip or given to them; never an answer or a score."""
    found = visible_student(current_actor(), student) or abort(404)
    audit.record(current_actor(), "see_sittings", found)
    rows = queries.sittings_around(current_actor(), found)
    ids = [row.id for row in rows]
    return render_template(
        "results/sittings.html",
        student=found,
        sittings=rows,
        newest=newest_attributions(ids),
        said=attributions_of(ids),
        form=_offer(GiveForm(formdata=None), found),
    )


@bp.post("/sittings/<sitting_id>/detach")
@requires(Permission.RIGHT_SITTINGS)
def detach(sitting_id: str) -> ResponseReturnValue:
    """Not answered by the student on the slip."""
    sitting, form = _sitting_or_404(sitting_id), ReasonForm()
    if form.validate_on_submit():
        attributions.detach(actor=current_actor(), sitting=sitting, reason=form.reason.data)
        flash(_("These answers count for nobody now. Alerts and the queue stay."), "success")
    return _back(sitting, form)


@bp.post("/sittings/<sitting_id>/give")
@requires(Permission.RIGHT_SITTINGS)
def give(sitting_id: str) -> ResponseReturnValue:
    """Answered by another student of the class."""
    sitting = _sitting_or_404(sitting_id)
    form = _offer(GiveForm(), sitting.student or abort(404))
    if form.validate_on_submit():
        other = visible_student(current_actor(), form.student.data) or abort(404)
        attributions.give(
            actor=current_actor(), sitting=sitting, student=other, reason=form.reason.data
        )
        flash(_("These answers count for the other student now. Both are to be seen."), "success")
    return _back(sitting, form)


@bp.post("/sittings/<sitting_id>/return")
@requires(Permission.RIGHT_SITTINGS)
def give_back(sitting_id: str) -> ResponseReturnValue:
    """Answered by the student on the slip after all."""
    sitting, form = _sitting_or_404(sitting_id), ReasonForm()
    if form.validate_on_submit():
        attributions.give_back(actor=current_actor(), sitting=sitting, reason=form.reason.data)
        flash(_("These answers count for the student on the slip again."), "success")
    return _back(sitting, form)


@bp.get("/swaps/<public_id>")
@requires(Permission.RIGHT_SITTINGS, audits=True)
def swaps(public_id: str) -> ResponseReturnValue:
    """Pairs of students who probably had each other's slip, with what speaks for it."""
    campaign = _campaign_or_404(public_id)
    checked = check_campaign(current_actor(), campaign)
    audit.record(current_actor(), "check_swaps", campaign, pairs=len(checked.check.pairs))
    reports = queries.mix_ups(current_actor(), campaign)
    return render_template(
        "results/swaps.html",
        campaign=campaign,
        checked=checked,
        looked=looked_at(checked, queries.swap_dismissals(campaign), reports),
        undecided=queries.undecided_of(current_actor(), campaign),
        reports=reports,
        form=ReasonForm(formdata=None),
    )


@bp.post("/swaps/<public_id>")
@requires(Permission.RIGHT_SITTINGS)
def exchange(public_id: str) -> ResponseReturnValue:
    """A person has asked both students: they had each other's slip."""
    campaign, form = _campaign_or_404(public_id), ReasonForm()
    one, other = (_sitting_or_404(request.form.get(name, "")) for name in ("one", "other"))
    if one.campaign_id != campaign.id or not form.validate_on_submit():
        flash(WHY, "error")
    else:
        attributions.exchange(actor=current_actor(), one=one, other=other, reason=form.reason.data)
        flash(_("Each sitting counts for the other student now. Both are to be seen."), "success")
    return redirect(url_for("results.swaps", public_id=public_id), 303)


@bp.post("/swaps/<public_id>/no-swap")
@requires(Permission.RIGHT_SITTINGS)
def no_swap(public_id: str) -> ResponseReturnValue:
    """A person has looked: each had their own slip."""
    campaign, form = _campaign_or_404(public_id), ReasonForm()
    one, other = (_sitting_or_404(request.form.get(name, "")) for name in ("one", "other"))
    if not form.validate_on_submit():
        flash(WHY, "error")
    else:
        checked = check_campaign(current_actor(), campaign)
        attributions.dismiss(
            actor=current_actor(), checked=checked, one=one, other=other, why=form.reason.data
        )
        flash(_("Noted. The pair comes back only if something new speaks for it."), "success")
    return redirect(url_for("results.swaps", public_id=public_id), 303)


@bp.get("/swaps/<public_id>/report")
@requires(Permission.REPORT_MIX_UP, audits=True)
def mix_up(public_id: str) -> ResponseReturnValue:
    """Report a mix-up: names of the own class or school, nothing else."""
    campaign = _campaign_or_404(public_id)
    found = slips(current_actor(), campaign, None)
    audit.record(current_actor(), "see_whom_to_report", campaign, shown=len(found))
    form = MixUpForm(formdata=None).offer(found)
    return render_template("results/mix_up.html", campaign=campaign, form=form)


@bp.post("/swaps/<public_id>/report")
@requires(Permission.REPORT_MIX_UP)
def report_mix_up(public_id: str) -> ResponseReturnValue:
    """Keep the report; it changes nothing until a counsellor decides."""
    campaign = _campaign_or_404(public_id)
    found = slips(current_actor(), campaign, None)
    form = MixUpForm().offer(found)
    if not form.validate_on_submit():
        return render_template("results/mix_up.html", campaign=campaign, form=form), 422
    chosen = {slip.public_id: slip for slip in found}
    slip, other = chosen[form.slip.data], chosen.get(form.other.data)
    attributions.report_mix_up(
        actor=current_actor(), slip=slip, other=other.student if other else None
    )
    flash(_("Thank you. A counsellor sees to it."), "success")
    return redirect(url_for("campaigns.show", public_id=public_id), 303)


@bp.get("/psychometrics/<public_id>")
@requires(Permission.SEE_PSYCHOMETRICS)
def psychometrics(public_id: str) -> ResponseReturnValue:
    """How exact the questionnaires of a closed campaign were among the actor's students."""
    campaign = _campaign_or_404(public_id)
    is_closed = campaign.state is CampaignState.CLOSED
    others = poolable(current_actor(), campaign) if is_closed else []
    measured = measured_in(current_actor(), campaign) if is_closed else []
    return render_template(
        "results/psychometrics.html",
        campaign=campaign,
        is_closed=is_closed,
        measured=measured,
        instruments={one.instrument.code: one.instrument for one in measured},
        norms=queries.norms_of(current_actor(), campaign),
        fewest=FEWEST_IN_NORMS,
        form=NormsForm(formdata=None).offer(others),
    )


@bp.post("/psychometrics/<public_id>/norms")
@requires(Permission.SEE_PSYCHOMETRICS)
def make_norms(public_id: str) -> ResponseReturnValue:
    """Work out the school's own norms; they show nowhere before somebody approves them."""
    actor = current_actor()
    end_write()
    campaign = _campaign_or_404(public_id)
    others = poolable(actor, campaign)
    form = NormsForm().offer(others)
    if not form.validate_on_submit():
        raise NoNormsError
    further = [one for one in others if one.public_id in (form.further.data or ())]
    reckoned = norms.reckon(actor=actor, campaign=campaign, further=further)
    begin_write()
    norms.keep(actor=actor, campaign=_campaign_or_404(public_id), reckoned=reckoned)
    flash(_("Worked out. A crisis lead looks at them and approves them."), "success")
    return _to_norms(public_id)


@bp.post("/norms/<norm_id>/approve")
@requires(Permission.APPROVE_NORMS)
def approve_norms(norm_id: str) -> ResponseReturnValue:
    """Profiles show them from now on."""
    norm = queries.find_norm(current_actor(), norm_id) or abort(404)
    try:
        norms.approve(actor=current_actor(), norm=norm)
    except SecondPersonError:
        flash(_("You made these norms: another crisis lead approves them."), "error")
    else:
        flash(
            _("Profiles of the school show these norms now, named as the school’s own."), "success"
        )
    return _to_norms(norm.campaign.public_id)


@bp.post("/norms/<norm_id>/retire")
@requires(Permission.APPROVE_NORMS)
def retire_norms(norm_id: str) -> ResponseReturnValue:
    """Profiles show them no longer."""
    norm = queries.find_norm(current_actor(), norm_id) or abort(404)
    norms.retire(actor=current_actor(), norm=norm)
    flash(_("These norms show nowhere any more."), "success")
    return _to_norms(norm.campaign.public_id)


def _to_norms(campaign: str) -> ResponseReturnValue:
    address = url_for("results.psychometrics", public_id=campaign, _anchor="norms")
    return redirect(address, 303)


def _offer(form: GiveForm, named: Student) -> GiveForm:
    """The other students of the class: only they had the slips in hand."""
    form.student.choices = [SelectChoice("", _("Choose a student"))] + [
        SelectChoice(one.public_id, one.name) for one in queries.classmates(current_actor(), named)
    ]
    return form


def _back(sitting: Assessment, form: ReasonForm) -> ResponseReturnValue:
    for problems in form.errors.values():
        flash(problems[0], "error")
    student = sitting.student or abort(404)
    return redirect(url_for("results.sittings", student=student.public_id), 303)


def _sitting_or_404(public_id: str) -> Assessment:
    return queries.find_sitting(current_actor(), public_id) or abort(404)


def _campaign_or_404(public_id: str) -> Campaign:
    return visible_campaign(current_actor(), public_id) or abort(404)
