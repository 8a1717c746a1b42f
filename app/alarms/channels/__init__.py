"""The ways out of the house: which of them this installation has, and the adapter of each."""

from flask import current_app

from app.alarms.channels.dingtalk import DingTalk
from app.alarms.channels.gateway import Gateway
from app.alarms.channels.mail import Mail
from app.alarms.channels.sink import Sink
from app.alarms.channels.wecom import WeCom
from app.alarms.channels.wire import Channel, ChannelError, Problem
from app.alarms.domain import ChannelKind
from app.config import Settings

__all__ = ["Channel", "ChannelError", "Problem", "adapters", "desk_address", "offered", "to_choose"]


def adapters(settings: Settings) -> dict[ChannelKind, Channel]:
    """What the settings name an address for; a kind without one is not offered."""
    found: dict[ChannelKind, Channel] = {}
    if settings.voice_url:
        found[ChannelKind.VOICE] = Gateway(settings.voice_url, "voice", settings.sms_token)
    if settings.sms_url:
        found[ChannelKind.SMS] = Gateway(settings.sms_url, "sms", settings.sms_token)
    if settings.wecom_url:
        found[ChannelKind.WECOM] = WeCom(settings.wecom_url)
    if settings.dingtalk_url:
        found[ChannelKind.DINGTALK] = DingTalk(settings.dingtalk_url)
    if settings.smtp_url and settings.mail_from:
        found[ChannelKind.MAIL] = Mail(settings.smtp_url, settings.mail_from)
    return found


def offered() -> dict[ChannelKind, Channel]:
    """The adapters of the running application, and the one of demo accounts."""
    return adapters(_settings()) | {ChannelKind.DEMO: Sink()}


def to_choose() -> list[ChannelKind]:
    """What a person may enter an address for: whatever leaves the house."""
    return [kind for kind in offered() if kind is not ChannelKind.DEMO]


def desk_address(path: str) -> str:
    """Where a called person looks: an address without a name, a number or a health word."""
    return _settings().base_url.rstrip("/") + path


def _settings() -> Settings:
    chosen: Settings = current_app.config["SETTINGS"]
    return chosen
