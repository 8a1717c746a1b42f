"""SMS and voice over the school's or district's own HTTP gateway; the address is a number."""

from dataclasses import dataclass, field

from app.alarms.channels.wire import post_json


@dataclass(frozen=True)
class Gateway:
    """Posts number, text and kind; a status of 2xx means that the gateway took it."""

    url: str
    kind: str
    token: str = field(default="", repr=False)

    def send(self, address: str, text: str) -> None:
        """Let the gateway text or ring this number."""
        message = {"to": address, "text": text, "kind": self.kind}
        post_json(self.url, message, token=self.token)
