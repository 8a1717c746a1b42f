"""A group robot of WeCom (企业微信群机器人); the address is the robot's key."""

from dataclasses import dataclass

from app.alarms.channels.wire import ChannelError, Problem, post_json

#: “api freq out of limit”: more than 20 messages in a minute.
TOO_OFTEN = 45009


@dataclass(frozen=True)
class WeCom:
    """Posts a text; the robot answers `errcode` 0 when it took it."""

    url: str

    def send(self, address: str, text: str) -> None:
        """Hand the text to the robot with this key."""
        message = {"msgtype": "text", "text": {"content": text}}
        answer = post_json(self.url, message, query={"key": address})
        take(answer.get("errcode"), too_often=TOO_OFTEN)


def take(code: object, *, too_often: int) -> None:
    """What a robot's `errcode` says; both robots answer with status 200 whatever happened."""
    if code == too_often:
        raise ChannelError(Problem.THROTTLED)
    if not isinstance(code, int) or isinstance(code, bool):
        raise ChannelError(Problem.GARBAGE)
    if code != 0:
        raise ChannelError(Problem.REFUSED)
