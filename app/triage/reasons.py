"""Why somebody waits, in one sentence a parent would understand: at most 120 characters.

What was answered or scored, which published cut-off and population, what it does not mean, and
the next step. The sentences stand in both languages side by side, because they are stored.
"""

import re

from app.triage.domain import Lane, Signal, SignalKind, Words
from app.triage.populations import population_word

LOCALES = ("zh_Hans", "en")
LIMIT = 120
SHORT_SOURCE = 20

_YEAR = re.compile(r".*?(\d{4})")

_NOT_A_DIAGNOSIS = {"zh_Hans": "这不是诊断", "en": "Not a diagnosis"}

_NEXT_STEP: dict[Lane | None, Words] = {
    Lane.FAST: {"zh_Hans": "请现在就到身边去。", "en": "please go and be with them now."},
    Lane.SAME_DAY: {"zh_Hans": "请当天当面聊一聊。", "en": "please talk in person today."},
    None: {"zh_Hans": "请约个时间聊一聊。", "en": "please arrange a talk."},
}
_ASK_AGAIN: Words = {"zh_Hans": "请约时间重新作答。", "en": "please ask again."}

#: What makes answers doubtful, the weightiest first; codes that are not here are an instrument's
#: own checks.
_DOUBTS: dict[str, Words] = {
    "too_fast": {
        "zh_Hans": "作答太快，这次结果难以参考",
        "en": "Answers came too fast to rely on",
    },
    "many_missing": {
        "zh_Hans": "多数题目没有作答，这次结果难以参考",
        "en": "Too many questions were left open to rely on the rest",
    },
    "long_run": {
        "zh_Hans": "几乎每题都选了同一项，这次结果难以参考",
        "en": "Nearly every question got the same answer",
    },
    "inconsistent": {
        "zh_Hans": "前后回答不太一致，这次结果难以参考",
        "en": "The answers do not fit together well",
    },
}
_DOUBTFUL: Words = {
    "zh_Hans": "问卷自带的核对显示，这次结果难以参考",
    "en": "The questionnaire's own checks raise doubts",
}
#: The person who reported is never named in the sentence: it may stand on a screen in an office.
_NOTICED: Words = {"zh_Hans": "学校里有人留意到：", "en": "Noticed at school: "}

_CLOSING: dict[str, Words] = {
    "need": {"zh_Hans": "说此刻需要有人马上来陪", "en": "Said they need somebody with them now"},
    "not_urgent": {
        "zh_Hans": "说想聊聊，不着急",
        "en": "Said they would like to talk, not urgently",
    },
    "today": {"zh_Hans": "说今天想和心理老师聊聊", "en": "Asked to talk to a counsellor today"},
    "this_week": {
        "zh_Hans": "说这周想和心理老师聊聊",
        "en": "Asked to talk to a counsellor this week",
    },
    "observer": {
        "zh_Hans": "一位学生观察员自己想找心理老师聊聊",
        "en": "A student observer asks for a talk",
    },
    "talk_button": {
        "zh_Hans": "答题时按了“我想找人聊聊”",
        "en": "Pressed “I want to talk to someone”",
    },
}
_UNANSWERED: Words = {
    "zh_Hans": "安全题之后，没有说此刻是否需要有人陪",
    "en": "Did not say whether they need company after a safety question",
}
_WORDS: Words = {
    "zh_Hans": "留言里有要请人当天读一读的话",
    "en": "Wrote words that a person has to read today",
}


def sentences(signal: Signal, lane: Lane | None, *, before: Words | None = None) -> Words:
    """The reason by locale."""
    return {
        locale: sentence(signal, lane, locale, before=(before or {}).get(locale, ""))
        for locale in LOCALES
    }


def sentence(signal: Signal, lane: Lane | None, locale: str, *, before: str = "") -> str:
    """Return the reason in one language; a long population is cut, never the next step.

    `before` is what is known from before and weighed in.
    """
    stop, join = ("。", "；") if locale == "zh_Hans" else (". ", "; ")
    next_step = _ASK_AGAIN if signal.kind is SignalKind.QUALITY else _NEXT_STEP[lane]
    known = f"{stop}{before}" if before else ""
    end = f"{stop}{_NOT_A_DIAGNOSIS[locale]}{join}{next_step[locale]}"
    finding = _finding(signal, locale, LIMIT - len(known) - len(end))
    # What is known from before stands on the case's page too: it is the first to give way.
    is_short = len(finding) + len(known) + len(end) <= LIMIT
    return f"{finding}{known}{end}" if is_short else f"{finding}{end}"


def _finding(signal: Signal, locale: str, room: int) -> str:
    if signal.kind is SignalKind.CUTOFF:
        return _scored(signal, locale, room)
    if signal.kind is SignalKind.OBSERVATION:
        return _cut(f"{_NOTICED[locale]}{signal.title.get(locale, '')}", room)
    fixed = _fixed(signal)
    if fixed:
        return fixed[locale]
    return _held(signal, locale, room) if signal.title else _answered(signal, locale, room)


def _fixed(signal: Signal) -> Words | None:
    """The sentence of a signal that names no question and no score."""
    if signal.kind is SignalKind.QUALITY:
        return _DOUBTS.get(next(iter(signal.notes), ""), _DOUBTFUL)
    if signal.kind is SignalKind.WORDS:
        return _WORDS
    if signal.item == "company" and signal.wish is None:
        return _UNANSWERED
    if signal.title:
        return None
    return _CLOSING.get(signal.wish or signal.item or "")


def _answered(signal: Signal, locale: str, room: int) -> str:
    name, number = signal.instrument.get(locale, ""), signal.item_number
    is_about_safety = signal.kind is SignalKind.CRITICAL
    if locale == "zh_Hans":
        question = f"{name}第{number}题" + ("（安全题）" if is_about_safety else "")
        if signal.refused:
            return f"{question}选择不作答"
        return _cut(f"{question}选了“{signal.answer.get(locale, '')}", room - 1) + "”"
    question = f"{name} question {number}" + (" (safety)" if is_about_safety else "")
    if signal.refused:
        return f"Chose not to answer {question}"
    return _cut(f"Answered {question} with “{signal.answer.get(locale, '')}", room - 1) + "”"


def _held(signal: Signal, locale: str, room: int) -> str:
    colon = "：" if locale == "zh_Hans" else ": "
    return _cut(f"{signal.instrument.get(locale, '')}{colon}{signal.title[locale]}", room)


def _scored(signal: Signal, locale: str, room: int) -> str:
    name, source = signal.instrument.get(locale, ""), _short(signal.source)
    score, cutoff = f"{signal.score:g}", f"{signal.cutoff:g}"
    if locale == "zh_Hans":
        reached = "达到筛查参考值" if signal.direction == "ge" else "进入建议关注的分数范围，参考值"
        head, population = (
            f"{name}得{score}分，{reached}{cutoff}（{source}，",
            population_word(signal.population, locale),
        )
        return _cut(head + population, room - 1) + "）"
    reached = cutoff if signal.direction == "ge" else f"{cutoff} or less"
    people = population_word(signal.population, locale)
    head = f"{name}: {score}, cut-off {reached} ({source}, {people[:1].lower()}{people[1:]}"
    return _cut(head, room - 1) + ")"


def _short(source: str) -> str:
    """First author and year, by which the reference is found; a work without a year by name."""
    cited = next(filter(None, map(_YEAR.match, source.split("; "))), None)
    if cited is None:
        return source.partition(", ")[0][:SHORT_SOURCE]
    if len(cited[0]) <= SHORT_SOURCE and " and others " not in cited[0]:
        return cited[0]
    return f"{cited[0].split()[0].rstrip(',')} {cited[1]}"


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else text[: room - 1].rstrip() + "…"
