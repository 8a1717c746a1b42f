"""What every sitting shows beside its instruments, word for word where the words are settled."""

from datetime import date

from app.assessments import content
from app.assessments.domain import Company, Talk
from app.instruments.lexicon import find_critical


def _labels(item, locale):
    return [option.label.get(locale) for option in item.options]


def test_closing_questions_are_worded_as_settled():
    talk, company = content.closing().items

    assert talk.text.get("zh_Hans") == "你愿意和心理老师聊聊吗？"
    assert _labels(talk, "zh_Hans") == ["暂时不用", "以后", "这周", "今天"]
    assert company.text.get("zh_Hans") == "此刻你需要有人马上来陪你吗？"
    assert _labels(company, "zh_Hans") == ["不需要", "想聊聊，不急", "需要"]


def test_closing_options_stand_for_the_words_of_the_domain():
    talk, company = content.closing().items

    assert talk.values == tuple(range(len(Talk)))
    assert company.values == tuple(range(len(Company)))


def test_neutral_questions_are_written_in_both_languages_and_touch_nothing():
    for item in content.neutral().items:
        texts = [item.text, *(option.label for option in item.options)]
        assert all(text.locales == {"zh_Hans", "en"} for text in texts)
        assert not any(find_critical(text.get(locale)) for text in texts for locale in text.locales)


def test_helplines_stand_in_their_order_with_what_is_known_about_them():
    lines = content.helplines()

    assert [line.number for line in lines] == ["12356", "12355", "120", "110"]
    assert all(date.fromisoformat(line.verified_on) and line.source for line in lines)
    assert all("24" not in line.hours.get("zh_Hans") for line in lines)
