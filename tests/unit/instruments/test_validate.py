import pytest


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("code: q2", "code: q1", "26:11: “q1” is used twice; give each its own code."),
        ("{value: 1,", "{value: 0,", "the value 0 is used twice; change one."),
        ("answers: [2]", "answers: [4]", "33:20: q3 has no answer 4; use 0, 1, 2 or refused."),
        (
            "[1, refused]",
            "[1]",
            "33:7: a shown and refused critical item must call somebody; "
            "add “refused” to one rule.",
        ),
        ("最近的感受", "抑郁筛查", "4:26: a student would read “抑郁”; choose a neutral title."),
        (", en: I felt sad", "", "27:11: this text is missing in en; add it."),
        (
            "en: I felt sad",
            "en: I felt sad, fr: Triste",
            "27:11: fr is not among the languages; list it there.",
        ),
        (
            "  en: {status: original, source: Made up}\n",
            "",
            "13:3: say where the wording in en comes from (status and source).",
        ),
        (
            "text: {zh_Hans: 我感到难过",
            "text: {zh_Hans: 我想自杀",
            "27:21: “自杀” may speak of self-harm; give the item a critical or attention rule, "
            "or say under “not_critical” why it needs none.",
        ),
        (
            "items: q1..q3",
            "items: [q1, q3]",
            "26:5: no scale uses q2; add it to one, or write “scored: false”.",
        ),
        (
            "items: q1..q3",
            "items: [q1, q2, q4]",
            "39:21: no item is called “q4”; correct the name.",
        ),
        ("items: q1..q3", "items: [q1, q2, q3, q3]", "39:25: q3 is listed twice; remove one."),
        (
            "reverse: [q1]",
            "reverse: [q9]",
            "40:15: q9 is not an item of total; add it there, or take it out here.",
        ),
        (", round: half_up", "", "41:14: the rule “prorate” needs “round”; add it."),
        ("rule: prorate", "rule: refuse", "41:39: the rule “refuse” has no “at_least”; remove it."),
        (
            "at_least: 2, round",
            "at_least: 4, round",
            "41:40: total has only 3 of them; ask for no more than that.",
        ),
        (
            "range: [0, 6]",
            "range: [0, 9]",
            "42:12: the options give 0 to 6; correct the range or the items.",
        ),
        (
            "from: 3",
            "from: 2",
            "50:13: band “high” starts at 2, inside “low”; let it start after "
            "that, lowest band first.",
        ),
        ("from: 3", "from: 4", "49:11: no band holds the score 3; close the gap."),
        ("from: 0", "from: 1", "49:13: the scores begin at 0; start the first band there."),
        ("to: 6", "to: 5", "50:13: the scores end at 6; end the last band there."),
        ("code: high", "code: low", "50:20: band “low” stands twice; rename one."),
        (
            "at_least: 4",
            "at_least: 7",
            "53:19: 7 would flag everybody or nobody; scores of total run from 0 to 6.",
        ),
        (
            "at_least: 4",
            "at_least: 0",
            "53:19: 0 would flag everybody or nobody; scores of total run from 0 to 6.",
        ),
        (
            "        at_least: 4\n",
            "",
            "52:9: write either “at_least” or “at_most”, one of the two.",
        ),
    ],
)
def test_an_inconsistency_names_its_place_and_mend(change, faults, old, new, fault):
    found = faults(change(old, new))

    assert any(one.endswith(fault) for one in found), found


def test_words_of_self_harm_may_be_declared_harmless(change, faults):
    text = change(
        "text: {zh_Hans: 我感到难过, en: I felt sad}",
        "text: {zh_Hans: 痛苦消失了, en: The pain went}\n    not_critical: The pain went away",
    )

    assert faults(text) == []


def test_examples_are_checked_for_unknown_names(small_text, faults):
    examples = """\
instrument: small
examples:
  - name: Wrong everywhere
    source: none
    answers: {q1..q2: 1, q8: 2}
    expect:
      scores: {sum: 1}
      bands: {total: huge}
      flags: [critical_q1]
"""

    assert faults(small_text, examples) == [
        "5:30: no item is called “q8”; correct the name.",
        "7:21: no scale is called “sum”; correct it.",
        "8:22: total has no band “huge”; correct it.",
        "9:15: no flag “critical_q1”; the flags are: critical_q3, cutoff_total.",
    ]


def test_only_a_form_that_guides_a_talk_counts_nothing(small_text, faults):
    unscored = small_text[: small_text.index("scales:")].replace(
        "    options: degree\n", "    options: degree\n    scored: false\n"
    )

    questionnaire = faults(unscored + "scales: []\n")
    talk = faults(
        unscored.replace("\nages:", "\ninformant: interviewer\nages:", 1) + "scales: []\n"
    )

    assert [fault.split(": ", 1)[1] for fault in questionnaire] == [
        "nothing is scored; add a scale, or write “informant: interviewer” for a form that "
        "guides a talk."
    ]
    assert talk == []
