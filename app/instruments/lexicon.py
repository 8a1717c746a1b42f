"""Words that speak of self-harm or ending one's life, in Chinese and English."""

import re

_CRITICAL = re.compile(
    r"自杀|自伤|自残|不想活|活不下去|死了|死掉|死去|想死|去死|轻生|寻死|不如死|伤害自己"
    r"|结束.{0,4}(生命|一切)|活着没(意思|意义)|消失|割腕|跳楼|遗书"
    r"|suicid|self-harm|wish.{0,20}dead|kill(ing)? (your|my)self|end(ing)? (your|my) life"
    r"|better off.{0,24}dead|hurt(ing)? (your|my)self",
    re.IGNORECASE,
)


def find_critical(text: str) -> str | None:
    """Return the first critical words of `text`, or None."""
    found = _CRITICAL.search(text)
    return found.group() if found else None
