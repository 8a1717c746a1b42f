"""The page behind the code on a slip: a doctor answers five fields in a minute, without a log-in.

GET  /r/<token>   answer_slip
POST /r/<token>   send_reply
GET  /r/done      reply_done
"""

from collections.abc import Callable

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.access.guards import public
from app.assessments.service.doors import TooManyMissesError
from app.cases.domain.replies import DeadLinkError
from app.cases.forms.referrals import ReplyForm
from app.cases.models import ReplyLink
from app.cases.routes.blueprint import bp
from app.cases.routes.refusals import carry_out
from app.cases.service import replies as service

#: Unknown, expired, used and withdrawn alike: the answer is the same to the byte.
GONE = 410


@bp.get("/r/<token>")
@public
def answer_slip(token: str) -> ResponseReturnValue:
    """The five fields, and the number by which the doctor sees that paper and page match."""
    return _with_link(token, lambda link: _form_page(link, ReplyForm(formdata=None)))


@bp.post("/r/<token>")
@public
def send_reply(token: str) -> ResponseReturnValue:
    """First show what was entered; sent once more, it is kept and the link is dead."""
    return _with_link(token, _take)


@bp.get("/r/done")
@public
def reply_done() -> ResponseReturnValue:
    """Thanks; whoever opens the page learns nothing from it."""
    return render_template("cases/replies/done.html")


def _take(link: ReplyLink) -> ResponseReturnValue:
    form = ReplyForm()
    if request.form.get("do") == "edit":
        return _form_page(link, form)
    if request.form.get("do") != "send":
        if not carry_out(form, lambda: service.checked(form.reply())):
            return _form_page(link, form), 422
        return render_template("cases/replies/check.html", form=form, reply=form.reply(), link=link)
    if carry_out(form, lambda: service.answer(link=link, reply=form.reply())) is None:
        return _form_page(link, form), 422
    return redirect(url_for("cases.reply_done"), 303)


def _with_link(token: str, show: Callable[[ReplyLink], ResponseReturnValue]) -> ResponseReturnValue:
    try:
        link = service.find_link(token=token, address=request.remote_addr or "")
    except TooManyMissesError:
        return render_template("cases/replies/gone.html", wait=True), 429
    except DeadLinkError:
        return render_template("cases/replies/gone.html", wait=False), GONE
    return show(link)


def _form_page(link: ReplyLink, form: ReplyForm) -> str:
    return render_template("cases/replies/new.html", link=link, form=form)
