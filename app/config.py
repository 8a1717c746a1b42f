"""Settings: every knob of the product, read once from XINQIAO_* (or XINQIAO_*_FILE)."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from app.platform.outside import is_sealed

#: Where alarms go out: keys and telephone numbers must not be read on the way.
SEALED = frozenset({"wecom_url", "dingtalk_url", "sms_url", "voice_url"})

#: What may print; see `app/platform/pdf/engine.py`.
PDF_ENGINES = frozenset({"wkhtmltopdf", "weasyprint"})

ROOT = Path(__file__).resolve().parent.parent


class SettingsError(ValueError):
    """A setting is missing or cannot be understood; the message names the variable."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator may choose. Defaults serve one school on one machine."""

    data_dir: Path = ROOT / "instance"
    database_url: str = ""
    keyring_file: Path = field(
        default_factory=lambda: Path("~/.config/xinqiao/keyring.json").expanduser()
    )
    instruments_dir: Path = ROOT / "instruments"
    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))
    default_locale: str = "zh_Hans"
    base_url: str = "http://127.0.0.1:5000"
    session_idle_minutes: int = 30
    session_hours: int = 12
    allow_plain_http: bool = False
    trusted_proxies: int = 0
    ping_url: str = ""
    pause_at: int = 10
    wecom_url: str = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send"
    dingtalk_url: str = "https://oapi.dingtalk.com/robot/send"
    sms_url: str = ""
    sms_token: str = field(default="", repr=False)
    voice_url: str = ""
    smtp_url: str = field(default="", repr=False)
    mail_from: str = ""
    pdf_engine: str = "wkhtmltopdf"

    def __post_init__(self) -> None:
        """Refuse an address to which names and answers would travel readable (promise P31)."""
        if not (is_sealed(self.base_url) or self.allow_plain_http):
            raise SettingsError(
                f"XINQIAO_BASE_URL={self.base_url!r}: anybody in the network could read along."
                " Serve it over https:// (without the internet: “xinqiao lan”), or set"
                " XINQIAO_ALLOW_PLAIN_HTTP=true, and every page says so"
            )

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Read the settings, refusing values that cannot be understood."""
        chosen: dict[str, Any] = {}
        for setting in fields(cls):
            raw = _read(environ, f"XINQIAO_{setting.name.upper()}")
            if raw is not None:
                chosen[setting.name] = _parse(setting.name, setting.type, raw)
        if "base_url" not in chosen and "XINQIAO_PORT" in environ:
            chosen["base_url"] = f"http://127.0.0.1:{environ['XINQIAO_PORT']}"
        return cls(**chosen)

    @property
    def is_encrypted(self) -> bool:
        """Whether browsers come over TLS; then cookies travel no other way."""
        return self.base_url.startswith("https://")

    @property
    def sqlalchemy_url(self) -> str:
        """The database to use: the given one, or the embedded file in the data folder."""
        return self.database_url or f"sqlite:///{self.data_dir.resolve() / 'xinqiao.db'}"


def _read(environ: Mapping[str, str], name: str) -> str | None:
    """A value, or the content of the file that NAME_FILE points to (for secrets)."""
    # XINQIAO_KEYRING_FILE is itself a path, not an indirection.
    if name in environ:
        return environ[name]
    path = environ.get(f"{name}_FILE")
    return Path(path).read_text(encoding="utf-8").strip() if path else None


def _parse(name: str, kind: object, raw: str) -> object:
    try:
        if kind is Path:
            return Path(raw).expanduser()
        if kind is ZoneInfo:
            return ZoneInfo(raw)
        if kind is int:
            return int(raw)
        if kind is bool:
            return {"1": True, "true": True, "0": False, "false": False}[raw.lower()]
        if name in SEALED and raw and not is_sealed(raw):
            raise SettingsError(
                f"XINQIAO_{name.upper()} must begin with https:// (http:// only to this machine):"
                " keys and telephone numbers go there"
            )
        if name == "ping_url" and not raw.startswith(("http://", "https://")):
            raise ValueError(raw)
        if name == "pdf_engine" and raw not in PDF_ENGINES:
            raise ValueError(raw)
    except SettingsError:
        raise
    except (ValueError, KeyError, OSError) as error:
        raise SettingsError(f"XINQIAO_{name.upper()}={raw!r} cannot be understood") from error
    return raw
