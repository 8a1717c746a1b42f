"""The sentences of profiles in Chinese and English; every one is held to the word lint."""

from datetime import date

from app.scoring.report import number_text

LOCALES = ("zh_Hans", "en")

_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

PHRASES: dict[str, dict[str, str]] = {
    "zh_Hans": {
        "sep": "；",
        # modes and languages
        "mode_phone": "手机作答",
        "mode_computer_room": "机房作答",
        "mode_paper": "纸笔作答",
        "mode_import": "外部导入",
        "language_zh_Hans": "简体中文",
        "language_en": "英文",
        # scores
        "scale_of": "{instrument} · {scale}",
        "outcome": "{scale}：{outcome}",
        "unscored": "未计分",
        "no_band": "不划分",
        "ge": "≥ {value}",
        "le": "≤ {value}",
        "direction_worse": "分数越高，越需要关注",
        "direction_better": "分数越低，越需要关注",
        "direction_neither": "分数高低无好坏之分",
        # flags
        "flag_critical": "关键条目",
        "flag_cutoff": "达到筛查参考值",
        "flag_cutoff_le": "进入建议关注的分数范围",
        "flag_attention": "留意条目",
        "flag_request": "学生提出的愿望",
        "flag_words": "留言需要尽快阅读",
        "why_item": "“{item}”回答为“{answer}”",
        "why_item_refused": "“{item}”看到题目后选择不回答",
        "why_score": "{scale} {value} 分，参考值 {cutoff}",
        "why_words": "写给心理老师的话里有需要当天阅读的内容",
        "why_words_item": "“{item}”的回答里有需要当天阅读的内容",
        "wish_today": "希望今天就和心理老师聊聊",
        "wish_this_week": "希望这周和心理老师聊聊",
        "wish_need": "此刻需要有人马上来陪",
        "wish_not_urgent": "想聊聊，不急",
        "wish_talk_button": "作答时按下了“我想找人聊聊”",
        "company_unanswered": "“此刻你需要有人马上来陪你吗？”没有回答，按紧急处理",
        "company_refused": "“此刻你需要有人马上来陪你吗？”选择不回答，按紧急处理",
        "edited": "学生随后改动过这一回答，提示仍保留",
        "versions": "量表版本 {instrument}，计分版本 {engine}",
        "refused": "不回答",
        "not_answered": "未作答",
        # answer quality
        "quality_too_fast": "作答偏快：平均每题 {seconds} 秒",
        "quality_long_run": "连续 {share}% 的题选了同一个选项",
        "quality_many_missing": "未作答 {share}%",
        "quality_inconsistent": "前后回答不太一致",
        # what now
        "step_fast": "马上找到学生本人，当面确认此刻是否安全；确认之前不要让学生独处。",
        "step_same_day": "当天放学离校前见到学生，当面了解情况。",
        "step_talk": "学生自己提出想聊：请按学生选择的时间主动联系。",
        "step_cutoff": "建议在两个上学日内安排一次访谈，了解近况和需要。",
        "step_attention": "有条目值得留意，下次接触时问一问。",
        "step_quality": "作答质量有提示，分数先不下结论，见面时核对。",
        "step_unscored": "有量表作答不足而无法计分，见面时补问。",
        "step_none": "本次未提示需跟进，按常规关注即可。",
        # narrative
        "n_taken": "{date}，学生在“{campaign}”中完成了{titles}（{mode}，{language}）。",
        "n_unfinished": "{date}，学生开始了“{campaign}”，尚未提交；提交后给出分数。",
        "n_reached": (
            "{label}：{score} 分（满分 {maximum}），达到筛查参考值（{cutoff}），建议访谈。"
        ),
        "n_reached_le": (
            "{label}：{score} 分（满分 {maximum}），"
            "进入建议关注的分数范围（{cutoff}；分数越低越需要关注），建议访谈。"
        ),
        "n_below": "{label}：{score} 分（满分 {maximum}），未达到筛查参考值（{cutoff}）。",
        "n_plain": "{label}：{score} 分（满分 {maximum}）。",
        "n_band": "所在分数段：{band}。",
        "n_outcome": "{outcome}。",
        "n_unscored": "{label}：作答不足，按计分规则不计分；缺少分数不代表没有困扰。",
        "n_no_band": "学生年龄不在该量表的适用范围内，保留作答和分数，不划分分数段。",
        "n_up_worse": "比上次（{date}，{before} 分）高 {difference} 分，需要关注的程度增加。",
        "n_down_worse": "比上次（{date}，{before} 分）低 {difference} 分，需要关注的程度减轻。",
        "n_up_better": "比上次（{date}，{before} 分）高 {difference} 分，情况向好。",
        "n_down_better": "比上次（{date}，{before} 分）低 {difference} 分，需要关注的程度增加。",
        "n_up_neither": "比上次（{date}，{before} 分）高 {difference} 分。",
        "n_down_neither": "比上次（{date}，{before} 分）低 {difference} 分。",
        "n_same": "与上次（{date}）相同。",
        "change_up": "↑ 可靠上升（超过 {least} 分）",
        "change_down": "↓ 可靠下降（超过 {least} 分）",
        "change_small": "变化小于 {least} 分，可能只是测量误差",
        "change_unknown": "变化是否可靠：暂无已发表的数据可作判断",
        "n_critical": "关键条目{reasons}：请先当面了解安全情况，再谈分数。",
        "n_request": "学生提出：{reasons}。",
        "n_words": "学生写的话里有需要当天阅读的内容。",
        "n_quality": "{title}：{notes}。解读分数时请谨慎。",
        "n_strengths": "有利的方面：{strengths}。",
        "n_end": "以上内容仅为筛查参考，不能作为诊断依据，请结合访谈判断。",
        "s_below": "{label}未达到筛查参考值",
        "s_message": "愿意给心理老师留言",
        "s_wish": "愿意开口寻求支持",
    },
    "en": {
        "sep": "; ",
        "mode_phone": "on a phone",
        "mode_computer_room": "in the computer room",
        "mode_paper": "on paper",
        "mode_import": "imported",
        "language_zh_Hans": "Simplified Chinese",
        "language_en": "English",
        "scale_of": "{instrument} · {scale}",
        "outcome": "{scale}: {outcome}",
        "unscored": "not scored",
        "no_band": "none",
        "ge": "≥ {value}",
        "le": "≤ {value}",
        "direction_worse": "higher is more worth attention",
        "direction_better": "lower is more worth attention",
        "direction_neither": "neither end is better",
        "flag_critical": "Critical item",
        "flag_cutoff": "At or above the cut-off",
        "flag_cutoff_le": "In the range worth a conversation",
        "flag_attention": "Item to notice",
        "flag_request": "The student's own wish",
        "flag_words": "A message to read soon",
        "why_item": '"{item}" was answered "{answer}"',
        "why_item_refused": '"{item}" was shown and not answered',
        "why_score": "{scale} {value}, cut-off {cutoff}",
        "why_words": "The message to the counsellor holds words to read today",
        "why_words_item": "The answer to “{item}” holds words to read today",
        "wish_today": "would like to talk with the counsellor today",
        "wish_this_week": "would like to talk with the counsellor this week",
        "wish_need": "needs somebody to come at once",
        "wish_not_urgent": "would like to talk, without hurry",
        "wish_talk_button": 'pressed "I want to talk to someone" while answering',
        "company_unanswered": (
            '"Do you need somebody with you right now?" was left open and counts as urgent'
        ),
        "company_refused": (
            '"Do you need somebody with you right now?" was refused and counts as urgent'
        ),
        "edited": "The student changed this answer afterwards; the flag stands",
        "versions": "instrument version {instrument}, scoring version {engine}",
        "refused": "refused",
        "not_answered": "not answered",
        "quality_too_fast": "answered fast: {seconds} s an item",
        "quality_long_run": "the same answer to {share}% of the items in a row",
        "quality_many_missing": "{share}% not answered",
        "quality_inconsistent": "answers that do not go well together",
        "step_fast": (
            "Find the student now and make sure in person that they are safe; "
            "until then they should not be alone."
        ),
        "step_same_day": "See the student in person today, before they leave school.",
        "step_talk": "The student asked to talk: reach out at the time they chose.",
        "step_cutoff": "Arrange a conversation within two school days: how are things, what helps?",
        "step_attention": "An item is worth noticing: ask about it when you next meet.",
        "step_quality": (
            "There are notes on answer quality: draw no conclusion from the scores before talking."
        ),
        "step_unscored": "A scale could not be scored for want of answers: ask when you meet.",
        "step_none": "Nothing in this sitting asks for follow-up; the usual attention is enough.",
        "n_taken": 'On {date} the student completed {titles} in "{campaign}" ({mode}, {language}).',
        "n_unfinished": (
            'On {date} the student began "{campaign}"; scores follow when it is handed in.'
        ),
        "n_reached": (
            "{label}: {score} of {maximum}, at or above the cut-off ({cutoff}); a talk is advised."
        ),
        "n_reached_le": (
            "{label}: {score} of {maximum}, in the range worth a conversation "
            "({cutoff}; lower is more worth attention)."
        ),
        "n_below": "{label}: {score} of {maximum}, not at the cut-off ({cutoff}).",
        "n_plain": "{label}: {score} of {maximum}.",
        "n_band": "Band: {band}.",
        "n_outcome": "{outcome}.",
        "n_unscored": (
            "{label}: too few answers for a score; no score does not mean that nothing is hard."
        ),
        "n_no_band": (
            "The student's age is outside the instrument's range: answers and score are kept, "
            "without a band."
        ),
        "n_up_worse": "That is {difference} more than on {date} ({before}): more worth attention.",
        "n_down_worse": "That is {difference} less than on {date} ({before}): easier than then.",
        "n_up_better": "That is {difference} more than on {date} ({before}): better than then.",
        "n_down_better": (
            "That is {difference} less than on {date} ({before}): more worth attention."
        ),
        "n_up_neither": "That is {difference} more than on {date} ({before}).",
        "n_down_neither": "That is {difference} less than on {date} ({before}).",
        "n_same": "That is the same as on {date}.",
        "change_up": "↑ reliable rise (more than {least})",
        "change_down": "↓ reliable fall (more than {least})",
        "change_small": "less than {least}: this change may be chance",
        "change_unknown": "reliable or not: no published figure to tell by",
        "n_critical": "Critical item: {reasons}. Ask about safety in person before any score.",
        "n_request": "The student {reasons}.",
        "n_words": "What the student wrote holds words to read today.",
        "n_quality": "{title}: {notes}; read the scores with care.",
        "n_strengths": "On the strong side: {strengths}.",
        "n_end": (
            "All this is for screening reference only, not a diagnosis; "
            "a conversation tells what it means."
        ),
        "s_below": "{label} is not at the cut-off",
        "s_message": "wrote to the counsellor",
        "s_wish": "asked for support",
    },
}


def say(locale: str, phrase: str, **words: object) -> str:
    """Return the phrase in one language with its words set in."""
    return PHRASES[locale][phrase].format(**words)


def date_text(day: date, locale: str) -> str:
    """Return a date as people write it: 2026年10月12日, 12 Oct 2026."""
    if locale == "zh_Hans":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def score_text(score: float | None, locale: str) -> str:
    """Return a score with up to four decimals, or that there is none."""
    return say(locale, "unscored") if score is None else number_text(score)
