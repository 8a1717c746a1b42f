"""A group robot of DingTalk (钉钉群机器人); the address is its token, and a secret if it signs."""

import base64
import hashlib
import hmac
from dataclasses import dataclass

from app.alarms.channels.wecom import take
from app.alarms.channels.wire import post_json
from app.platform import clock

#: “send too fast”: more than 20 messages in a minute.
TOO_OFTEN = 130101


@dataclass(frozen=True)
class DingTalk:
    """Posts a text, signed where the robot was set up with a secret (加签)."""

    url: str

    def send(self, address: str, text: str) -> None:
        """Hand the text to the robot with this token."""
        token, _, secret = address.partition(" ")
        query = {"access_token": token}
        if secret:
            query |= signature(secret, milliseconds=round(clock.now().timestamp() * 1000))
        message = {"msgtype": "text", "text": {"content": text}}
        take(post_json(self.url, message, query=query).get("errcode"), too_often=TOO_OFTEN)


def signature(secret: str, *, milliseconds: int) -> dict[str, str]:
    """HMAC-SHA256 over “timestamp, line feed, secret”, keyed with the secret, in Base64.

    Source: DingTalk's page on the security settings of custom robots; the robot takes it for an
    hour around the timestamp.
    """
    stamp = str(milliseconds)
    digest = hmac.digest(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256)
    return {"timestamp": stamp, "sign": base64.b64encode(digest).decode()}
