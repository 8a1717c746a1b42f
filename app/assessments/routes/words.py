"""The PIN, and the word that waits behind it.

GET  /pin    pin
POST /pin    set_pin
GET  /word   look
POST /word   open_word
"""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.access.guards import public
from app.assessments.domain import PinError
from app.assessments.routes import cookies
from app.assessments.routes.blueprint import bp
from app.assessments.service import pins
from app.campaigns.models import Invitation
from app.platform.db import begin_write, db


@bp.get("/pin")
@public
def pin() -> ResponseReturnValue:
    """Where a PIN is chosen, while the slip is in hand; without it, the slip comes first."""
    if _invitation() is None:
        return redirect(url_for("assessments.enter"))
    return _pin_page("asked")


@bp.post("/pin")
@public
def set_pin() -> ResponseReturnValue:
    """Take the PIN."""
    invitation = _invitation()
    if invitation is None:
        return redirect(url_for("assessments.enter"), 303)
    form, invitation_id = request.form, invitation.id
    db.session.commit()
    try:
        pin_hash = pins.hash_pin(pin=form.get("pin", ""), again=form.get("again", ""))
    except PinError:
        return _pin_page("differs"), 422
    begin_write()
    pins.set_pin(invitation=db.session.get_one(Invitation, invitation_id), pin_hash=pin_hash)
    return _pin_page("set")


@bp.get("/word")
@public
def look() -> ResponseReturnValue:
    """看看回音: slip code and PIN; everybody gets the same form."""
    return render_template("assessments/look.html")


@bp.post("/word")
@public
def open_word() -> ResponseReturnValue:
    """The word behind slip and PIN, on the page that everybody else gets without it."""
    attempt = pins.prepare(code=request.form.get("code", ""), pin=request.form.get("pin", ""))
    # Comparing is slow on purpose: nobody's answers may wait for it behind our write.
    db.session.commit()
    fits = pins.matches(attempt)
    begin_write()
    if not fits:
        pins.remember_miss(attempt)
        return render_template("assessments/word.html", word=None)
    owner = pins.owner_of(attempt)
    word = pins.word_for(owner)
    # The school's own number would tell a word from none: it comes with the word only.
    return render_template("assessments/word.html", word=word, site=owner.site if word else None)


def _pin_page(state: str) -> str:
    back = "assessments.sitting" if cookies.read_sitting() else "assessments.confirm"
    return render_template("assessments/pin.html", state=state, back=url_for(back))


def _invitation() -> Invitation | None:
    """The invitation in hand: of the sitting, or of a slip whose owner has shown to be that."""
    if assessment := cookies.read_sitting():
        return assessment.invitation
    slip = cookies.read_slip()
    return slip.invitation if slip and slip.checked else None
