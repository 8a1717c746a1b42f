"""A responder's own channels.

GET  /alarms/channels                 channels
POST /alarms/channels                 add_channel
POST /alarms/channels/<id>/test       test_channel
POST /alarms/channels/<id>/arrived    confirm_channel
POST /alarms/channels/<id>/first      move_channel
POST /alarms/channels/<id>/remove     remove_channel
"""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.alarms.channels import to_choose
from app.alarms.domain import AddressError, TestError
from app.alarms.forms import ChannelForm
from app.alarms.models import ResponderChannel
from app.alarms.queries import channels as queries
from app.alarms.routes.blueprint import bp
from app.alarms.service import channels as service


@bp.get("/alarms/channels")
@requires(Permission.RECEIVE_ALARMS)
def channels() -> ResponseReturnValue:
    """How I am reached, and whether that was tried of late."""
    return _page(_form())


@bp.post("/alarms/channels")
@requires(Permission.RECEIVE_ALARMS)
def add_channel() -> ResponseReturnValue:
    """One more way to reach me."""
    form = _form()
    if not (form.validate_on_submit() and _add(form)):
        return _page(form), 422
    flash(_("Added. Send a test now: only what was tried is relied on."), "success")
    return redirect(url_for("alarms.channels"))


@bp.post("/alarms/channels/<channel_id>/test")
@requires(Permission.RECEIVE_ALARMS)
def test_channel(channel_id: str) -> ResponseReturnValue:
    """Send me a test."""
    service.test_channel(actor=current_actor(), channel=_mine(channel_id))
    flash(_("A test is on its way. Say here whether it arrived."), "success")
    return redirect(url_for("alarms.channels"))


@bp.post("/alarms/channels/<channel_id>/arrived")
@requires(Permission.RECEIVE_ALARMS)
def confirm_channel(channel_id: str) -> ResponseReturnValue:
    """It arrived."""
    try:
        service.confirm_test(actor=current_actor(), channel=_mine(channel_id))
        flash(_("Good. This channel counts as tried for seven days."), "success")
    except TestError:
        flash(_("No test has gone out over this channel of late. Send one first."), "error")
    return redirect(url_for("alarms.channels"))


@bp.post("/alarms/channels/<channel_id>/first")
@requires(Permission.RECEIVE_ALARMS)
def move_channel(channel_id: str) -> ResponseReturnValue:
    """Try this one before the others."""
    service.move_first(actor=current_actor(), channel=_mine(channel_id))
    return redirect(url_for("alarms.channels"))


@bp.post("/alarms/channels/<channel_id>/remove")
@requires(Permission.RECEIVE_ALARMS)
def remove_channel(channel_id: str) -> ResponseReturnValue:
    """Forget this address."""
    service.remove_channel(actor=current_actor(), channel=_mine(channel_id))
    flash(_("Removed; the address is forgotten."), "success")
    return redirect(url_for("alarms.channels"))


def _form() -> ChannelForm:
    return ChannelForm().offer(to_choose())


def _mine(channel_id: str) -> ResponderChannel:
    return queries.my_channel(current_actor(), channel_id) or abort(404)


def _add(form: ChannelForm) -> bool:
    try:
        service.add_channel(actor=current_actor(), kind=form.kind.data, address=form.address.data)
    except AddressError:
        form.address.errors = [_("This is no such address, or you have it already.")]
        return False
    return True


def _page(form: ChannelForm) -> str:
    actor = current_actor()
    mine = queries.my_channels(actor)
    tests = queries.last_tests(actor)
    return render_template(
        "alarms/channels.html",
        channels=mine,
        tests=tests,
        awaited={c.id for c in mine if queries.awaits_confirmation(c, tests.get(c.id))},
        form=form,
        kinds=to_choose(),
        is_demo=current_user.is_demo,
    )
