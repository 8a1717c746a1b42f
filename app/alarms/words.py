"""The room's words: what leaves the house, and how steps, channels and outcomes are called."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from app.alarms.domain import ChannelKind, DispatchState, Step
from app.alarms.models import Alert, Dispatch, Message, Notice
from app.cases.words import waited
from app.platform import clock


def message_text(count: int, *, locale: str | None, address: str) -> str:
    """All that leaves the house: how many wait, and where to log in (safety promise P30)."""
    text: str
    with force_locale(locale or current_app.config["SETTINGS"].default_locale):
        if count == 0:
            # Translators: a test message to a phone; no name, no health word
            text = _("Xinqiao: this is a test. Log in and confirm it. %(address)s", address=address)
        else:
            # Translators: a message to a phone; no name, no health word
            text = _(
                "Xinqiao: %(n)s to be seen to, please log in. %(address)s",
                n=count,
                address=address,
            )
    return text


def step_word(step: Step) -> str:
    names: dict[Step, str] = {
        Step.FIRST: _("first responder"),
        Step.SECOND: _("second responder"),
        Step.LEAD: _("crisis lead"),
        Step.HEAD: _("school head and district"),
        Step.AGAIN: _("everybody again"),
        Step.DIGEST: _("digest"),
        Step.REMIND: _("an hour before it is due"),
        Step.OVERDUE: _("overdue"),
    }
    return names[step]


def channel_word(kind: ChannelKind) -> str:
    names: dict[ChannelKind, str] = {
        ChannelKind.VOICE: _("phone call"),
        ChannelKind.SMS: _("text message"),
        ChannelKind.WECOM: _("WeCom robot"),
        ChannelKind.DINGTALK: _("DingTalk robot"),
        ChannelKind.MAIL: _("e-mail"),
    }
    return names[kind]


def address_hint(kind: ChannelKind) -> str:
    hints: dict[ChannelKind, str] = {
        ChannelKind.VOICE: _("A telephone number that you carry with you."),
        ChannelKind.SMS: _("A mobile number that you carry with you."),
        ChannelKind.WECOM: _("The key of the group robot, or its whole webhook address."),
        ChannelKind.DINGTALK: _(
            "The access token or webhook address of the robot; if it signs, a space and its secret."
        ),
        ChannelKind.MAIL: _("Your e-mail address. It helps, but is no channel to rely on."),
    }
    return hints[kind]


def dispatch_word(dispatch: Dispatch) -> str:
    """One channel of a message and what came of it."""
    channel = channel_word(dispatch.channel.kind)
    lines: dict[DispatchState, Callable[[], str]] = {
        DispatchState.WAITING: lambda: _("%(channel)s: waiting", channel=channel),
        DispatchState.SENDING: lambda: _("%(channel)s: on its way", channel=channel),
        DispatchState.SENT: lambda: _("%(channel)s: delivered", channel=channel),
        DispatchState.FAILED: lambda: _(
            "%(channel)s: not delivered (%(why)s)",
            channel=channel,
            why=problem_word(dispatch.problem or ""),
        ),
        DispatchState.DROPPED: lambda: _("%(channel)s: no longer needed", channel=channel),
    }
    return lines[dispatch.state]()


def problem_word(problem: str) -> str:
    names: dict[str, str] = {
        "unreachable": _("no connection"),
        "timeout": _("no answer in time"),
        "untrusted": _("certificate not trusted"),
        "refused": _("turned away"),
        "throttled": _("too many messages"),
        "garbage": _("unreadable answer"),
    }
    otherwise: str = _("unknown reason")
    return names.get(problem, otherwise)


@dataclass(frozen=True)
class Telling:
    """How one call of a person went: the words, and whether it has reached a channel."""

    text: str
    arrived: bool
    failed: bool


def tellings(notice: Notice) -> Sequence[Telling]:
    """Over which channels a call went; a person without any is called at the desk only."""
    message: Message | None = notice.message
    if message is None:
        return [Telling(_("at the desk"), arrived=False, failed=False)]
    if not message.dispatches:
        return [Telling(_("at the desk only: no channel"), arrived=False, failed=False)]
    return [
        Telling(
            dispatch_word(dispatch),
            arrived=dispatch.state is DispatchState.SENT,
            failed=dispatch.state is DispatchState.FAILED,
        )
        for dispatch in message.dispatches
    ]


def undelivered(alert: Alert) -> list[str]:
    """Who could not be reached over which channel, for the warning on the alert."""
    failed = {
        (notice.user.name or "", dispatch.channel.kind)
        for notice in alert.notices
        if notice.message is not None
        for dispatch in notice.message.dispatches
        if dispatch.state is DispatchState.FAILED
    }
    return [
        _("%(name)s: not delivered by %(channel)s", name=name, channel=channel_word(kind))
        for name, kind in sorted(failed)
    ]


def since(alert: Alert) -> str:
    """How long it has been calling."""
    return waited(max(clock.now() - alert.raised_at, timedelta()))
