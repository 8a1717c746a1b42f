from app.instruments.diff import differences
from app.instruments.loader import parse_instrument


def changed(text: str, *pairs: tuple[str, str]) -> list[str]:
    new = text
    for old, other in pairs:
        assert old in new
        new = new.replace(old, other, 1)
    return differences(parse_instrument(text), parse_instrument(new))


def test_equal_texts_do_not_differ(small_text):
    assert changed(small_text) == []


def test_a_comment_is_no_difference_in_content(small_text):
    assert changed(small_text, ("code: small\n", "# a comment\ncode: small\n")) == [
        "only the layout, the comments or the worked examples differ"
    ]


def test_what_was_and_what_is_now_is_said_in_words(small_text):
    assert changed(
        small_text,
        ("version: '1.0.0'", "version: '1.1.0'"),
        ("I felt sad", "I was sad"),
        ("answers: [2]", "answers: [1, 2]"),
        ("to: 2,", "to: 3,"),
        ("from: 3,", "from: 4,"),
        ("at_least: 4", "at_least: 5"),
        ("reverse: [q1]", "reverse: []"),
    ) == [
        "version was “1.0.0”, is now “1.1.0”",
        "item q2, text, en was “I felt sad”, is now “I was sad”",
        "item q3, critical was "
        "[answers [2]; lane “fast”, answers [1, “refused”]; lane “same_day”], "
        "is now [answers [1, 2]; lane “fast”, answers [1, “refused”]; lane “same_day”]",
        "scale total, reverse was [“q1”], is now absent",
        "scale total, band first, band low, to was 2, is now 3",
        "scale total, band first, band high, from was 3, is now 4",
        "scale total, cut-off first, at_least was 4, is now 5",
    ]


def test_new_gone_and_moved_entries_are_named(small_text):
    item = "  - {code: q4, options: degree, scored: false}\n"

    assert changed(small_text, ("scales:\n", item + "scales:\n")) == ["item q4 is new"]
    assert differences(
        parse_instrument(small_text.replace("scales:\n", item + "scales:\n")),
        parse_instrument(small_text),
    ) == ["item q4 is gone"]
    assert (
        changed(
            small_text,
            ("    - {value: 0, label: {zh_Hans: 没有, en: 'No'}}\n", ""),
            ("en: Often}}\n", "en: Often}}\n    - {value: 0, label: {zh_Hans: 没有, en: 'No'}}\n"),
        )[0]
        == "item q1, options: the order has changed, from option 0 on"
    )
