"""The sentence by which a student waits: short, plain, and never a diagnosis."""

from itertools import product

import pytest

from app.triage.domain import Lane, Signal, SignalKind
from app.triage.populations import population_word
from app.triage.reasons import LIMIT, LOCALES, sentence, sentences
from tests.factories.authoring import shipped_library

PHQ9 = {"zh_Hans": "PHQ-9", "en": "PHQ-9"}


def test_critical_answer_says_what_was_answered_and_the_next_step():
    signal = Signal(
        SignalKind.CRITICAL,
        Lane.SAME_DAY,
        instrument=PHQ9,
        item="q9",
        item_number=9,
        answer={"zh_Hans": "好几天", "en": "Several days"},
    )

    assert sentence(signal, Lane.SAME_DAY, "zh_Hans") == (
        "PHQ-9第9题（安全题）选了“好几天”。这不是诊断；请当天当面聊一聊。"
    )
    assert sentence(signal, Lane.SAME_DAY, "en") == (
        "Answered PHQ-9 question 9 (safety) with “Several days”. "
        "Not a diagnosis; please talk in person today."
    )


def test_condition_over_several_scores_is_told_by_its_title():
    signal = Signal(
        SignalKind.ATTENTION,
        instrument={"zh_Hans": "PHQ-9", "en": "PHQ-9"},
        title={"zh_Hans": "中等以上且明显上升", "en": "Moderate or more and reliably risen"},
    )

    assert sentences(signal, None) == {
        "zh_Hans": "PHQ-9：中等以上且明显上升。这不是诊断；请约个时间聊一聊。",
        "en": "PHQ-9: Moderate or more and reliably risen. Not a diagnosis; please arrange a talk.",
    }


def test_refusal_is_said_as_a_refusal():
    signal = Signal(
        SignalKind.CRITICAL, Lane.SAME_DAY, instrument=PHQ9, item="q9", item_number=9, refused=True
    )

    assert "选择不作答" in sentence(signal, Lane.SAME_DAY, "zh_Hans")
    assert sentence(signal, Lane.SAME_DAY, "en").startswith("Chose not to answer PHQ-9 question 9")


def test_cutoff_names_its_source_and_population():
    signal = Signal(
        SignalKind.CUTOFF,
        instrument=PHQ9,
        score=12.0,
        cutoff=11,
        source="Richardson and others 2010, Pediatrics 126:1117-1123 (n = 442)",
        population="Adolescents of 13 to 17 years, USA (major depression)",
    )

    assert sentence(signal, None, "zh_Hans") == (
        "PHQ-9得12分，达到筛查参考值11（Richardson 2010，美国13至17岁青少年）。"
        "这不是诊断；请约个时间聊一聊。"
    )
    assert sentence(signal, None, "en") == (
        "PHQ-9: 12, cut-off 11 (Richardson 2010, adolescents of 13 to 17 years, USA). "
        "Not a diagnosis; please arrange a talk."
    )


@pytest.mark.parametrize(
    ("source", "cited"),
    [
        ("WHO-5 manual; Topp and others 2015 (raw score below 13)", "Topp 2015"),
        ("Spitzer, Kroenke, Williams, Löwe 2006, Arch Intern Med 166:1092", "Spitzer 2006"),
        ("杨文辉, 熊戈 2016, 中国临床心理学杂志 24(6):1010", "杨文辉, 熊戈 2016"),
        ("MHT manual (周步成), as quoted on several pages", "MHT manual (周步成)"),
    ],
)
def test_source_is_cited_by_author_and_year(source, cited):
    signal = Signal(
        SignalKind.CUTOFF, instrument=PHQ9, score=12.0, cutoff=11, source=source, population="美国"
    )

    assert f"参考值11（{cited}，美国）" in sentence(signal, None, "zh_Hans")


@pytest.mark.parametrize("item", ["company", "talk_button"])
def test_silence_and_the_button_have_a_sentence_of_their_own(item):
    signal = Signal(SignalKind.REQUEST, Lane.SAME_DAY, item=item)

    assert "None" not in sentence(signal, Lane.SAME_DAY, "en")


def test_long_population_is_cut_but_the_next_step_stays():
    signal = Signal(
        SignalKind.CUTOFF,
        instrument=PHQ9,
        score=12.0,
        cutoff=11,
        source="Somebody 2020",
        population="Somewhat long-winded descriptions of people " * 5,
    )

    text = sentence(signal, None, "en")

    assert len(text) <= LIMIT
    assert text.endswith("…). Not a diagnosis; please arrange a talk.")


def _library_signals():
    for instrument in shipped_library().values():
        name = dict.fromkeys(LOCALES, instrument.title.get("en"))
        name = {"zh_Hans": "PHQ-9", "en": "PHQ-9"} if len(name["en"]) > 12 else name
        for number, item in enumerate(instrument.items, 1):
            for option in item.options if item.critical else ():
                label = (
                    {locale: option.label.get(locale) for locale in LOCALES} if option.label else {}
                )
                yield Signal(SignalKind.CRITICAL, instrument=name, item_number=number, answer=label)
        for scale in instrument.scales:
            for cutoff in scale.cutoffs:
                yield Signal(
                    SignalKind.CUTOFF,
                    instrument=name,
                    score=scale.range[1],
                    cutoff=cutoff.at_least or cutoff.at_most,
                    source=cutoff.source,
                    population=cutoff.population,
                )


def _other_signals():
    yield from (
        Signal(SignalKind.QUALITY, notes=notes)
        for notes in ((), ("too_fast",), ("many_missing",), ("long_run",), ("inconsistent",))
    )
    items = ("company", "talk_button", "observer")
    yield from (Signal(SignalKind.REQUEST, item=item) for item in items)
    wishes = ("need", "not_urgent", "today", "this_week", "observer")
    yield from (Signal(SignalKind.REQUEST, wish=wish) for wish in wishes)
    yield Signal(SignalKind.WORDS)
    for text in ("经常独处", "变化" * 60):
        yield Signal(SignalKind.OBSERVATION, title={"zh_Hans": text, "en": text})


LONGEST_KNOWN = {"zh_Hans": "识" * 24, "en": "k" * 24}


def test_every_reason_of_the_library_fits_in_every_language_whatever_is_known_from_before():
    signals = [*_library_signals(), *_other_signals()]
    lanes = (Lane.FAST, Lane.SAME_DAY, None)

    told = [
        sentence(signal, lane, locale, before=before[locale])
        for signal, lane, locale in product(signals, lanes, LOCALES)
        for before in (dict.fromkeys(LOCALES, ""), LONGEST_KNOWN)
    ]

    assert max(map(len, told)) <= LIMIT
    assert all("None" not in text for text in told)


@pytest.mark.parametrize("locale", LOCALES)
def test_doubtful_answers_ask_for_a_second_sitting_and_accuse_nobody(locale):
    text = sentence(Signal(SignalKind.QUALITY, notes=("too_fast",)), None, locale)

    assert (
        text
        == {
            "zh_Hans": "作答太快，这次结果难以参考。这不是诊断；请约时间重新作答。",
            "en": "Answers came too fast to rely on. Not a diagnosis; please ask again.",
        }[locale]
    )


def test_every_cutoff_of_the_library_names_its_people_in_chinese():
    stated = {signal.population for signal in _library_signals() if signal.population}

    assert len(stated) > 5
    assert [each for each in stated if population_word(each, "zh_Hans").isascii()] == []
    assert population_word("Nobody yet (n = 3)", "zh_Hans") == "Nobody yet"


def test_the_people_of_every_published_figure_have_a_name_in_chinese():
    stated = {
        entry.population
        for instrument in shipped_library().values()
        for scale in instrument.scales
        for entry in (*scale.bands, *scale.cutoffs)
    }

    assert [p for p in sorted(stated) if population_word(p, "zh_Hans").isascii()] == []
