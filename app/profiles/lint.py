"""Words that no sentence about a person may hold: they name an illness, a verdict or a rank."""

import re

# Official titles of instruments and words quoted from other people do not pass through here.
_BANNED = re.compile(
    r"异常|患者|确诊|约谈|病人|有病|得病|心理有?问题|问题学生|高危|重度|重症|抑郁症|焦虑症|精神病|高于参考界值"
    r"|不正常|阳性|名列|排名"
    r"|abnormal|patients?\b|diagnosed|disorders?\b|suffers?\b|illness|symptomatic|high-risk list"
    r"|mentally ill|severely",
    re.IGNORECASE,
)
# What follows is the one sentence that has to say what this is not.
_SAID_OF_OURSELVES = re.compile(r"不能作为诊断依据|not a diagnosis", re.IGNORECASE)
_VERDICT = re.compile(r"诊断|diagnos", re.IGNORECASE)
#: On paper for students and guardians nothing may say that somebody was measured, or how high.
_RESULT = re.compile(
    r"\d+|得分|分数|总分|分数段|参考值|常模|水平|等级|一级|二级|三级|筛查结果|提示|较高|较低|中等|关注"
    r"|\bscores?\b|\bbands?\b|\blevels?\b|cut-off|\bnorms?\b|\bflag|screening|\bresults?\b|percent",
    re.IGNORECASE,
)


def find_banned(text: str) -> str | None:
    """Return the first words of `text` that name an illness, a verdict or a rank, or None."""
    found = _BANNED.search(text) or _VERDICT.search(_SAID_OF_OURSELVES.sub("", text))
    return found.group() if found else None


def find_result(text: str) -> str | None:
    """Return the first words of `text` that tell a result to a student or guardian, or None."""
    found = _RESULT.search(text)
    return found.group() if found else None
