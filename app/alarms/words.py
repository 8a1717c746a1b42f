"""The room's words: what leaves the house, and how steps, channels and outcomes are called."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from app.alarms.domain import ChannelKind, DispatchState, DrillObstacle, Step
from app.alarms.models import Alert, Dispatch, Message, Notice
from app.alarms.script import DrillStep, Reached, Standing
from app.cases.words import waited
from app.platform import clock


def message_text(count: int, *, locale: str | None, address: str, is_drill: bool = False) -> str:
    """All that leaves the house: how many wait, and where to log in (safety promise P30)."""
    text: str
    with force_locale(locale or current_app.config["SETTINGS"].default_locale):
        if count == 0:
            # Translators: a test message to a phone; no name, no health word
            text = _("Xinqiao: this is a test. Log in and confirm it. %(address)s", address=address)
        elif is_drill:
            # Translators: a message to a phone in a drill: nobody waits
            text = _("Xinqiao drill: log in and press “I am going”. %(address)s", address=address)
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
        ChannelKind.DEMO: _("demo channel, stays on this machine"),
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
        ChannelKind.DEMO: "",
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


def drill_step_word(step: DrillStep) -> str:
    """What is looked for at a step of the script."""
    names: dict[DrillStep, str] = {
        DrillStep.TOLD: _("A message reaches the first responder"),
        DrillStep.GOING: _("Somebody presses “I am going”"),
        DrillStep.SECOND: _("The second responder is reached (only if the first lets it ring)"),
        DrillStep.CONTACT: _("Taken on, case opened, first talk written down"),
        DrillStep.GUARDIAN: _("Guardian step written down, or the reason why not"),
        DrillStep.NEXT_DATE: _("The next date is set"),
        DrillStep.TIMELINE: _("Somebody has read the timeline: who knew what when"),
        DrillStep.ENDED: _("The drill is ended"),
    }
    return names[step]


def drill_step_hint(step: DrillStep) -> str:
    """Who does what, on the sheet that is held in the hand."""
    hints: dict[DrillStep, str] = {
        DrillStep.TOLD: _(
            "The leader looks at the clock; the responder’s phone rings or vibrates."
        ),
        DrillStep.GOING: _("The responder logs in and presses the button in the banner."),
        DrillStep.SECOND: _("To rehearse this, the first responder waits for five minutes."),
        DrillStep.CONTACT: _(
            "Open the entry, take it on, open the case, add a contact. A colleague plays the "
            "student."
        ),
        DrillStep.GUARDIAN: _(
            "On the case page under “Guardian”. Nobody is telephoned: write “drill”."
        ),
        DrillStep.NEXT_DATE: _("With the contact, or on the case page."),
        DrillStep.TIMELINE: _("From the entry or the alert; read it together."),
        DrillStep.ENDED: _("On the page of the drill. Write down what to do better."),
    }
    return hints[step]


def standing_word(reached: Reached) -> str:
    """How a step stands."""
    names: dict[Standing, str] = {
        Standing.OPEN: _("still to come"),
        Standing.IN_TIME: _("in time"),
        Standing.LATE: _("late"),
        Standing.MISSED: _("did not happen"),
    }
    if reached.standing is Standing.MISSED and not reached.mark.required:
        optional: str = _("left out (optional)")
        return optional
    return names[reached.standing]


def minutes_of(length: timedelta) -> str:
    """Minutes and seconds, as on a stop-watch."""
    minutes, seconds = divmod(round(length.total_seconds()), 60)
    return f"{minutes}:{seconds:02}"


def drill_obstacle_word(obstacle: DrillObstacle) -> str:
    """What to do before a drill can begin."""
    names: dict[DrillObstacle, str] = {
        DrillObstacle.NO_RESPONDER: _(
            "The school has no counsellor and no crisis lead yet. An administrator adds them under "
            "“Staff”."
        ),
        DrillObstacle.NOBODY_ON_DUTY: _("Nobody is on duty right now. Plan it under “Duty”."),
        DrillObstacle.NO_CHANNEL: _(
            "Whoever is on duty has no channel outside the browser that was tried within seven "
            "days. They add one under “My channels”, send a test and confirm it."
        ),
        DrillObstacle.NO_INSTRUMENT: _("PHQ-9 is not published yet; the drill answers its item 9."),
        DrillObstacle.RUNNING: _("A drill is running already."),
    }
    return names[obstacle]


def channel_missing(site: str, person: str) -> str:
    """An obstacle of the launch gate."""
    text: str = _(
        "%(site)s: %(name)s has no channel outside the browser that was tried within seven days. "
        "The person sends a test under “My channels” and confirms it.",
        site=site,
        name=person,
    )
    return text


def drill_missing(site: str) -> str:
    """An obstacle of the launch gate."""
    text: str = _(
        "%(site)s: no drill was passed within the last 30 days. Hold one under “Drills”; it takes "
        "a lesson.",
        site=site,
    )
    return text


def drill_due() -> str:
    """A line of what falls silent."""
    text: str = _("The monthly drill is due")
    return text


def drill_step_short(step: DrillStep) -> str:
    """The head of a column."""
    names: dict[DrillStep, str] = {
        DrillStep.TOLD: _("message"),
        DrillStep.GOING: _("going"),
        DrillStep.SECOND: _("second"),
        DrillStep.CONTACT: _("talk"),
        DrillStep.GUARDIAN: _("guardian"),
        DrillStep.NEXT_DATE: _("next date"),
        DrillStep.TIMELINE: _("timeline"),
        DrillStep.ENDED: _("end"),
    }
    return names[step]
