"""Accounts of staff.

GET  /staff                 staff
GET  /staff/new             new_account
POST /staff                 open_account
POST /staff/<id>/password   renew_password
POST /staff/<id>/close      close_account
"""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from app.access.guards import current_actor, requires
from app.access.permissions import Permission, Role
from app.access.words import role_name
from app.people.forms import AccountForm
from app.people.models import User
from app.people.queries import (
    account,
    accounts,
    visible_cohort,
    visible_cohorts,
    visible_site,
    visible_sites,
)
from app.people.routes.blueprint import bp
from app.people.service import accounts as service
from app.people.service.accounts import AccountRefusedError, OpenedAccount, Post
from app.platform.db import db


@bp.get("/staff")
@requires(Permission.MANAGE_PEOPLE)
def staff() -> ResponseReturnValue:
    """Who works here, as what and where."""
    return render_template("people/staff.html", accounts=accounts())


@bp.get("/staff/new")
@requires(Permission.MANAGE_PEOPLE)
def new_account() -> ResponseReturnValue:
    """Name, log-in, role and place."""
    return render_template("people/staff_new.html", form=_account_form())


@bp.post("/staff")
@requires(Permission.MANAGE_PEOPLE)
def open_account() -> ResponseReturnValue:
    """Open the account; its one-time password stands on this answer and nowhere else."""
    form, actor = _account_form(), current_actor()
    if form.validate_on_submit():
        try:
            opened = service.open_account(
                actor=actor, login=form.login.data, name=form.name.data, posts=[_post(form)]
            )
            return _password_page(opened)
        except AccountRefusedError:
            form.form_errors.append(
                _("This login is taken, or the role does not go with this place.")
            )
    return render_template("people/staff_new.html", form=form), 422


@bp.post("/staff/<public_id>/password")
@requires(Permission.MANAGE_PEOPLE)
def renew_password(public_id: str) -> ResponseReturnValue:
    """Give a new one-time password; a closed account opens again."""
    return _password_page(service.renew_password(actor=current_actor(), user=_account(public_id)))


@bp.post("/staff/<public_id>/close")
@requires(Permission.MANAGE_PEOPLE)
def close_account(public_id: str) -> ResponseReturnValue:
    """Let the person in no more."""
    try:
        service.close_account(actor=current_actor(), user=_account(public_id))
    except AccountRefusedError:
        flash(_("You cannot close your own account."), "error")
        return redirect(url_for("people.staff"))
    flash(_("The account is closed, and its sessions have ended."), "success")
    return redirect(url_for("people.staff"))


def _account(public_id: str) -> User:
    found = account(public_id)
    return found or abort(404)


def _account_form() -> AccountForm:
    form, actor = AccountForm(), current_actor()
    form.role.choices = [SelectChoice(role.value, role_name(role)) for role in Role]
    sites = db.session.scalars(visible_sites(actor)).all()
    form.place.choices = [SelectChoice("", _("everywhere"))]
    form.place.choices += [SelectChoice(f"site:{site.code}", site.name) for site in sites]
    form.place.choices += [
        SelectChoice(f"class:{cohort.public_id}", f"{cohort.site.name} · {cohort.name}")
        for cohort in db.session.scalars(visible_cohorts(actor))
    ]
    return form


def _post(form: AccountForm) -> Post:
    kind, _colon, ref = (form.place.data or "").partition(":")
    actor = current_actor()
    return Post(
        Role(form.role.data),
        site=visible_site(actor, ref) if kind == "site" else None,
        cohort=visible_cohort(actor, ref) if kind == "class" else None,
    )


def _password_page(opened: OpenedAccount) -> str:
    return render_template("people/staff_password.html", opened=opened)
