"""The blueprint that every page of this room hangs on, and what they do when they come too late."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.cases.domain.queue import EntryStateError

bp = Blueprint("cases", "app.cases", template_folder="templates")


@bp.errorhandler(EntryStateError)
def _moved_on(_error: EntryStateError) -> ResponseReturnValue:
    """A colleague was quicker, or the page stood open for long: show how things are now."""
    flash(_("This has moved on meanwhile. This is how it stands now."), "error")
    address = request.view_args or {}
    if "referral_id" in address:
        return redirect(url_for("cases.referral", referral_id=address["referral_id"]))
    if "case_id" in address:
        return redirect(url_for("cases.show", case_id=address["case_id"]))
    return redirect(url_for("cases.entry", entry_id=address["entry_id"]))
