"""Texts of an instrument file are found and replaced, and nothing else of it changes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.instruments.loader import parse_instrument
from app.instruments.passages import (
    languages_of,
    missing_in,
    passages_of,
    translation_of,
    with_origin,
    with_texts,
)
from tests.unit.scoring.conftest import LIBRARY

FILE = """\
# A comment of the author
code: made   # and another
languages: [zh_Hans, en]
title: {zh_Hans: 测试, en: Test}
instructions:
  zh_Hans: 请选择。  # why so
  en: >-
    Choose
    one.
translations:
  zh_Hans: {status: unvalidated, source: Made here}
option_sets:
  degree:
    - {value: 0, label: {zh_Hans: 没有}}
items:
  - code: q1
    text:
      zh_Hans: 累
    options: degree
  - {code: q2, text: {zh_Hans: 困, en: sleepy}, options: degree}
scales:
  - code: total
    range: [0, 4]
    bands:
      - bands:
          - {code: calm, from: 0, to: 4, label: {zh_Hans: 平稳}}
"""


def test_missing_texts_are_listed_with_what_they_belong_to():
    found = [(one.group, one.about, one.texts["zh_Hans"]) for one in missing_in(FILE, "en")]

    assert found == [("option", "0", "没有"), ("item", "q1", "累"), ("band", "calm", "平稳")]
    assert missing_in(FILE, "zh_Hans") == []
    assert languages_of(FILE) == ("zh_Hans", "en")
    assert translation_of(FILE, "zh_Hans")["status"] == "unvalidated"


def test_new_words_change_their_own_lines_and_no_other():
    wanted = {one.at: f"new: {one.about}" for one in missing_in(FILE, "en")}

    new = with_texts(FILE, "en", wanted)

    assert missing_in(new, "en") == []
    kept = [line for line in FILE.splitlines() if line in new.splitlines()]
    lost = [line for line in FILE.splitlines() if line not in kept]
    assert lost == [
        "    - {value: 0, label: {zh_Hans: 没有}}",
        "          - {code: calm, from: 0, to: 4, label: {zh_Hans: 平稳}}",
    ]
    assert "      en: 'new: q1'" in new.splitlines()


def test_a_folded_text_is_replaced_as_a_whole():
    new = with_texts(FILE, "en", {("instructions",): "Pick one: yes"})

    assert "  en: 'Pick one: yes'\ntranslations:" in new


def test_origin_and_status_of_a_wording_are_written_beside_the_others():
    new = with_origin(FILE, "en", status="unvalidated", source="Li Ming, 2026: own words")

    assert dict(translation_of(new, "en")) == {
        "status": "unvalidated",
        "source": "Li Ming, 2026: own words",
    }
    changed = with_origin(new, "zh_Hans", status="established", source="Made here")
    assert "  zh_Hans: {status: established, source: Made here}\n  en:" in changed


@pytest.mark.parametrize("code", ["phq9", "who5", "asq"])
def test_origin_of_the_library_can_be_changed(code):
    text = (LIBRARY / code / "instrument.yaml").read_text()

    new = with_origin(text, "zh_Hans", status="unvalidated", source="新的来源，2026：自译")

    assert parse_instrument(new).translations["zh_Hans"].source == "新的来源，2026：自译"


@settings(max_examples=40)
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1))
def test_any_words_come_back_as_they_were_typed(words):
    wanted = {one.at: words for one in passages_of(FILE)}

    new = with_texts(FILE, "en", wanted)

    if words.strip():
        assert {one.texts["en"] for one in passages_of(new)} == {words}
        assert with_texts(new, "en", wanted) == new


@pytest.mark.parametrize("code", ["phq9", "who5", "asq"])
def test_the_library_is_complete_and_survives_an_empty_edit(code):
    text = (LIBRARY / code / "instrument.yaml").read_text()

    assert [missing_in(text, language) for language in languages_of(text)] == [[], []]
    assert with_texts(text, "en", {one.at: one.texts["en"] for one in passages_of(text)}) == text
    renamed = with_texts(text, "en", {("title",): "Another title"})
    assert parse_instrument(renamed).title.get("en") == "Another title"


FAR = range(1, 60)


# Without the check the first ends the interpreter, the second needs 2**60 steps.
@pytest.mark.parametrize(
    "text",
    [
        "[" * 30_000,
        "a0: &a0 {en: x}\n"
        + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 60)),
        "a: &a [*a]",
    ],
    ids=["brackets", "aliases", "itself"],
)
def test_what_no_instrument_is_has_no_passages(text):
    assert passages_of(text) == []


def test_words_full_of_brackets_are_words():
    text = "title: {zh_Hans: 测试, en: Test}\nlanguages: [zh_Hans, en]\n"

    written = with_texts(text, "en", {("title",): "[" * 30_000})

    assert passages_of(written)[0].texts["en"] == "[" * 30_000
