"""Faults of the wider language: kinds of items, branches, methods, norms, flags."""

from collections.abc import Callable

import pytest

from app.instruments.items import Item
from app.instruments.loader import parse_instrument

ITEMS = """\
items:
  - {code: q1, options: degree}
  - {code: q2, options: degree}
  - {code: q3, options: degree}
"""
SCALE = """\
scales:
  - code: total
    title: {zh_Hans: 总分, en: Total}
    method: sum
    items: q1..q3
    missing: {rule: refuse}
    range: [0, 6]
    higher_is: worse
"""
BANDS = """\
    bands:
      - set: made
        source: Made up
        population: Nobody
        bands:
          - {code: low, to: 49, label: {zh_Hans: 低, en: low}}
          - {code: high, from: 60, label: {zh_Hans: 高, en: high}}
"""
NORMS = """\
instrument: small
norms:
  - code: town
    version: '1.0.0'
    source: Made up
    population: Nobody
    collected: never
    scales:
      total: [{size: 10, mean: 3, sd: 1}]
"""

NOBODY_LEFT = (
    "nobody is left for this one: an entry before it is for the same people, or for everybody; "
    "put that one last."
)


@pytest.fixture
def text(small_text: str) -> Callable[..., str]:
    """The small instrument with other items and scales."""

    def made(items: str = ITEMS, scale: str = SCALE, more: str = "") -> str:
        return small_text[: small_text.index("items:\n")] + items + scale + more

    return made


def item(extra: str) -> str:
    return ITEMS.replace("{code: q3, options: degree}", "{code: q3, " + extra + "}")


def scale(old: str, new: str) -> str:
    assert old in SCALE
    return SCALE.replace(old, new, 1)


@pytest.mark.parametrize(
    ("extra", "fault"),
    [
        ("kind: number", "q3 needs “range”; add it."),
        ("kind: slider, options: degree",
         "an item of the kind “slider” has no “options”; remove it."),
        ("kind: number, range: [9, 1]", "write the smaller end first."),
        (
            "kind: number, range: [-200, 200]",
            "-99 stands for a missing answer in exports; use other numbers.",
        ),
        ("options: [{value: 1}]", "one option leaves no choice; add another."),
        ("kind: info", "q3 shows nothing; give it a text."),
        ("options: degree, hidden_counts_as: 0", "q3 is always shown; remove this."),
        ("options: degree, show_when: q1 > 0, hidden_counts_as: 7",
         "q3 has no such answer; use one of its own."),
        ("options: degree, show_when: q1 > 2", "no answers ever bring up q3; mend the condition "
         "or remove it."),
        ("options: degree, show_when: age > 30", "no answers ever bring up q3; mend the condition "
         "or remove it."),
        ("options: degree, show_when: grade > 16 and sex == male",
         "no answers ever bring up q3; mend the condition or remove it."),
        ("options: degree, scored: false", "a scale uses q3; remove “scored: false”."),
        ("options: degree, attention: {answers: [5]}",
         "q3 has no answer 5; use 0, 1, 2 or refused."),
        ("options: degree, image: {file: /etc/passwd, description: {zh_Hans: 图, en: x}}",
         "“/etc/passwd” is no picture beside this file; write a path such as images/moon.png, in "
         "small letters and digits, to a PNG, JPEG or WebP file."),
        ("kind: date", "q3 has no number to score; remove it."),
    ],
)  # fmt: skip
def test_a_faulty_item_is_named(text, faults, extra, fault):
    assert any(found.endswith(fault) for found in faults(text(item(extra))))


def test_a_branch_upon_a_branch_has_to_open(text, faults):
    items = ITEMS.replace("{code: q2, ", "{code: q2, show_when: q1 == 2, ").replace(
        "{code: q3, ", "{code: q3, show_when: q2 == 1 and q1 == 0, "
    )

    assert faults(text(items)) == [
        "25:27: no answers ever bring up q3; mend the condition or remove it."
    ]


@pytest.mark.parametrize("condition", ["age >= 13", "grade in [7, 8]", "sex == female", "q1 == 2"])
def test_a_branch_that_can_open_is_accepted(text, faults, condition):
    assert faults(text(item(f"options: degree, show_when: '{condition}'"))) == []


@pytest.mark.parametrize(
    ("sections", "fault"),
    [
        ("[{code: one, items: [q1, q2]}]", "q3 stands in no section; add it to one."),
        ("[{code: one, items: [q1, q9]}, {code: two, items: q2..q3}]", "no item is called “q9”."),
        ("[{code: one, items: [q2, q1, q3]}]",
         "the sections must keep the order of the items, each item once."),
        ("[{code: one, items: q1..q2}, {code: two, items: [q3], show_when: q1 > 5}]",
         "no answers ever bring up q3; mend the condition or remove it."),
    ],
)  # fmt: skip
def test_a_faulty_section_is_named(text, faults, sections, fault):
    found = faults(text(more=f"sections: {sections}\n"))

    assert any(one.endswith(fault) for one in found), found


def test_a_matrix_needs_one_set_of_options(text, faults):
    items = item("options: [{value: 0}, {value: 2}]")

    found = faults(text(items, more="sections: [{code: one, items: q1..q3, layout: matrix}]\n"))

    assert found[0].endswith("a matrix needs the same options for all its items; use “list”.")


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("method: sum", "method: count", "the method count needs “endorsed”; add it."),
        ("method: sum", "method: count\n    endorsed: {q1: [1]}", "say which answers of q2 count."),
        ("method: sum", "method: count\n    endorsed: {all: [1], q9: [1]}",
         "q9 is no part of total; remove it."),
        ("method: sum", "method: count\n    endorsed: {all: [1], q1: [7]}",
         "q1 has no answer 7; correct it."),
        ("method: sum", "method: sum\n    weights: {q1: 2}",
         "“weights” belongs to the method weighted_sum, not sum; remove it."),
        ("method: sum", "method: weighted_sum\n    weights: {q1: 2}", "q2 has no weight; add one."),
        ("method: sum", "method: weighted_sum\n    weights: {q1: 1, q2: 1, q3: 1, q4: 1}",
         "q4 is no part of total; remove its weight."),
        ("method: sum", "method: expression\n    expression: q1 + q2",
         "the method expression names its items itself; remove the list."),
        ("    items: q1..q3\n", "", "the method sum needs either “items” or “scales”, one of the "
         "two."),
        ("items: q1..q3", "scales: [other]", "no scale is called “other”; correct the name."),
        ("items: q1..q3", "scales: [total]", "total are made of each other; break the circle."),
        ("method: sum",
         "method: sum\n    reliability: {coefficient: 0.8, source: A, population: B}",
         "write either “sem”, or “coefficient” and “sd” together."),
        ("method: sum", "method: sum\n    reliability: {sem: 1, sd: 2, source: A, population: B}",
         "write either “sem”, or “coefficient” and “sd” together."),
        ("method: sum", "method: sum\n    reliability: {source: A, population: B}",
         "write either “sem”, or “coefficient” and “sd” together."),
        ("items: q1..q3\n    missing: {rule: refuse}",
         "items: q1..q3\n    missing: {rule: substitute, at_least: 1, value: 0}\n    method2: x",
         "the language has no “method2” here; write “method” if you mean that."),
        ("method: sum", "method: max\n    reverse: []",
         "the options give 0 to 2; correct the range or the items."),
        ("{rule: refuse}\n    range: [0, 6]", "{rule: prorate, at_least: 1, round: none}\n    "
         "range: [6, 0]", "write the smaller end first."),
        ("method: sum", "method: sum\n    convert: {method: z}", "the method z needs “norms”; name "
         "the table."),
        ("method: sum", "method: sum\n    convert: {method: lookup}",
         "the method lookup needs either “table” or “norms”, one of the two."),
        ("method: sum", "method: sum\n    convert: {method: t, norms: town, multiply: 2}",
         "“multiply” and “add” belong to the method linear, not t; remove them."),
        ("method: sum", "method: sum\n    convert: {norms: town}",
         "the method linear uses no norms; remove them."),
        ("method: sum", "method: sum\n    convert: {table: {0: 1}}",
         "the method linear uses no table; remove it."),
        ("method: sum", "method: sum\n    convert: {method: t, norms: city}",
         "norms.yaml has no table “city”; add it or correct the name."),
        ("method: sum", "method: sum\n    convert: {method: lookup, "
         "table: {0: 0, 1: 1, 2: 2, 4: 4, 5: 5, 6: 6}}",
         "the table has no entry for the score 3; add it."),
        ("{rule: refuse}", "{rule: substitute, at_least: 1, value: 3}",
         "3 lies outside the answers of q1; correct it."),
    ],
)  # fmt: skip
def test_a_faulty_scale_is_named(text, faults, old, new, fault):
    found = faults(text(scale=scale(old, new)))

    assert any(one.endswith(fault) for one in found), found


@pytest.mark.parametrize(
    ("rules", "fault"),
    [
        ("[{band: one, score: 1, when: q1 > 0, label: {zh_Hans: 一, en: one}}]",
         "the last rule, and only that, is “otherwise: true”."),
        ("[{band: one, score: 1, label: {zh_Hans: 一, en: one}}]",
         "write either “when” or “otherwise: true”, one of the two."),
        ("[{band: one, score: 1, when: q1 > 0, label: {zh_Hans: 一, en: one}},"
         " {band: one, score: 0, otherwise: true, label: {zh_Hans: 一, en: one}}]",
         "“one” stands twice; join the two rules by “or”."),
    ],
)  # fmt: skip
def test_faulty_rules_are_named(text, faults, rules, fault):
    by_rules = scale("method: sum\n    items: q1..q3", f"method: rules\n    rules: {rules}")

    assert any(found.endswith(fault) for found in faults(text(scale=by_rules)))


def test_rules_give_the_score_without_conversion(text, faults):
    rules = "[{band: one, score: 0, otherwise: true, label: {zh_Hans: 一, en: one}}]"
    by_rules = scale(
        "method: sum\n    items: q1..q3",
        f"method: rules\n    rules: {rules}\n    convert: {{multiply: 2}}",
    )

    found = faults(text(scale=by_rules))

    assert any(
        f.endswith("the rules give the score already; remove the conversion.") for f in found
    )


def test_rules_prorate_nothing_and_have_no_other_bands(text, faults):
    rules = "[{band: one, score: 0, otherwise: true, label: {zh_Hans: 一, en: one}}]"
    by_rules = scale("method: sum\n    items: q1..q3", f"method: rules\n    rules: {rules}")

    found = faults(text(scale=by_rules.replace("rule: refuse", "rule: prorate") + BANDS))

    assert any("the method rules knows only the rules refuse or available." in f for f in found)
    assert any(f.endswith("the rules give the bands already; remove these.") for f in found)


def test_scales_of_scales_can_be_neither_counted_nor_substituted(text, faults):
    nested = SCALE + SCALE.partition("\n")[2].replace("total", "sum_of").replace(
        "items: q1..q3", "scales: [total]\n    reverse: [q1]"
    ).replace("{rule: refuse}", "{rule: substitute, at_least: 1, value: 0}")

    found = faults(text(scale=nested))

    assert any(
        "scales can be neither reversed nor counted; list items instead." in f for f in found
    )
    assert any("a missing scale cannot be replaced by a value; refuse it." in f for f in found)


def test_a_gap_between_bands_of_unlisted_scores_is_named(text, faults):
    converted = scale("method: sum", "method: sum\n    convert: {method: t, norms: town}").replace(
        "range: [0, 6]", "range: [0, 100]"
    )

    assert any(
        found.endswith(
            "scores between 49 and 60 have no band; leave “to” out, then the band ends where the "
            "next one starts."
        )
        for found in faults(text(scale=converted + BANDS))
    )


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("total: [{size: 10, mean: 3, sd: 1}]", "total: [{size: 10, mean: 3}]",
         "every group of total in the norms needs mean and sd."),
        ("total: [", "other: [", "the norms “town” have no total; add it there."),
        ("sd: 1", "sd: 0", "“sd”: write a number above 0."),
        ("instrument: small", "instrument: other",
         "these are norms of another one; write “small”."),
        ("norms:\n", "norms:\n  - {code: town, version: '1.0.0', source: A, population: B, "
         "collected: never, scales: {total: [{size: 9, mean: 2, sd: 1}]}}\n",
         "“town” is used twice; give each its own code."),
        ("[{size: 10, mean: 3, sd: 1}]",
         "[{size: 10, mean: 3, sd: 1}, {for: {sex: male}, size: 9, mean: 2, sd: 1}]",
         NOBODY_LEFT),
        ("mean: 3, sd: 1", "mean: 3, sd: 1, table: {0: 0, 1: 1, 2: 2, 3: 3, 4: 4, 5: 5}",
         "a table of total in the norms has no entry for the score 6; add it."),
    ],
)  # fmt: skip
def test_norms_have_to_serve_the_scale(text, old, new, fault):
    from app.instruments.loader import InstrumentError

    converted = scale("method: sum", "method: sum\n    convert: {method: t, norms: town}").replace(
        "range: [0, 6]", "range: [0, 100]"
    )

    with pytest.raises(InstrumentError) as caught:
        parse_instrument(text(scale=converted), norms=NORMS.replace(old, new))

    assert fault in [problem.message for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("flag", "fault"),
    [
        ("{code: x, kind: critical, title: {zh_Hans: 标, en: X}, when: q1 > 0, source: Made}",
         "a critical flag calls a person; say how fast with “lane”."),
        ("{code: x, kind: validity, lane: fast, title: {zh_Hans: 标, en: X}, when: q1 > 0, "
         "source: Made}", "only critical flags have a lane; “validity” has none."),
        ("{code: x, kind: attention, title: {zh_Hans: 标, en: X}, when: risen(total), source: M}",
         "total cites no reliability; add it, or leave risen() out."),
    ],
)  # fmt: skip
def test_a_faulty_flag_is_named(text, faults, flag, fault):
    assert any(found.endswith(fault) for found in faults(text(more=f"flags: [{flag}]\n")))


def test_a_flag_may_not_take_the_code_of_another(small_text, faults):
    title = "title: {zh_Hans: 标, en: X}"
    flag = f"{{code: cutoff_total, kind: attention, {title}, when: q1 > 0, source: Made}}"

    found = faults(small_text + f"flags: [{flag}]\n")

    assert found == ["57:16: the flag “cutoff_total” exists already; rename it."]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("from: 3,", "", "say where band “high” starts (“from”)."),
        ("from: 3, to: 6", "from: 6, to: 5", "band “high” ends before it starts; swap the two."),
        ("at_least: 4", "at_most: 6", "6 would flag everybody or nobody; scores of total run from "
         "0 to 6."),
        ("[1, refused]", "[1, declined]", "“answers”: write a number or refused here."),
        ("from: 12", "from: 130", "“from”: write a number up to 120."),
    ],
)  # fmt: skip
def test_more_faults_of_bands_and_words(change, faults, old, new, fault):
    assert any(found.split(": ", 1)[1] == fault for found in faults(change(old, new)))


@pytest.mark.parametrize(
    "earlier",
    [
        "kind: multiple, options: degree, scored: false",
        "kind: number, range: [0, 24], scored: false",
        "kind: slider, range: [0, 5000], step: 1, scored: false",
    ],
)
def test_branches_may_look_at_every_kind_of_number(text, faults, earlier):
    asked = "chosen(q1, 2)" if "multiple" in earlier else "q1 >= 12"
    items = ITEMS.replace("{code: q1, options: degree}", "{code: q1, " + earlier + "}").replace(
        "{code: q3, ", "{code: q3, show_when: '" + asked + "', "
    )
    scales = scale("items: q1..q3", "items: q2..q3").replace("[0, 6]", "[0, 4]")

    assert faults(text(items, scales)) == []


def test_a_condition_over_more_patterns_than_can_be_tried_is_taken_to_open(text, faults):
    codes = [f"q{n}" for n in range(1, 14)]
    condition = " and ".join(f"{code} == 2" for code in codes)
    items = "items:\n  - {codes: q1..q13, options: degree}\n"
    items += f"  - {{code: q14, options: degree, show_when: '{condition}'}}\n"
    scales = scale("q1..q3", "q1..q14").replace("[0, 6]", "[0, 28]")

    assert faults(text(items, scales)) == []


def test_scores_too_many_to_list_are_known_by_their_ends(text, faults):
    items = (
        "items:\n  - {code: q1, kind: number, range: [0, 24]}\n"
        "  - {code: q2, kind: number, range: [0, 10]}\n  - {code: q3, options: degree}\n"
    )

    assert faults(text(items, SCALE.replace("[0, 6]", "[0, 36]"))) == []
    assert faults(
        text(items, scale("method: sum", "method: max").replace("[0, 6]", "[2, 24]"))
    ) == ["32:12: the options give 0 to 24; correct the range or the items."]
    converted = scale("method: sum", "method: sum\n    reverse: [q1]\n    convert: {multiply: -1}")
    assert faults(text(items, converted.replace("[0, 6]", "[-36, 0]"))) == []


def test_codes_need_a_run(text, faults):
    found = faults(text("items:\n  - {codes: 5, options: degree}\n" + ITEMS.partition("\n")[2]))

    assert any(
        f.endswith("write a run of item codes such as q1..q100 after “codes”.") for f in found
    )


def test_an_option_may_have_a_picture(tmp_path, text):
    from app.instruments.loader import InstrumentError, load_instrument

    items = item("options: [{value: 0, image: images/no.png}, {value: 2}]")
    (tmp_path / "small").mkdir()
    (tmp_path / "small" / "instrument.yaml").write_text(text(items), encoding="utf-8")

    with pytest.raises(InstrumentError, match=r"there is no file images/no.png here; add it\."):
        load_instrument(tmp_path / "small")


def test_sections_are_one_of_all_items_where_none_are_written(small):
    assert [section.items for section in small.shown_sections] == [("q1", "q2", "q3")]


def test_a_standard_error_may_be_cited_itself(text):
    cited = scale("method: sum", "method: sum\n    reliability: {sem: 2, source: A, population: B}")

    assert parse_instrument(text(scale=cited)).scale("total").least_change == pytest.approx(
        1.96 * 2**0.5 * 2
    )


def test_short_forms_cannot_explode(text, faults):
    bomb = "items:\n" + "  - {codes: q1..q500, options: degree}\n" * 400

    assert any("written out this grows too large" in found for found in faults(text(bomb)))


@pytest.mark.parametrize(
    ("first", "second", "is_named"),
    [
        ("", "{sex: male}", True),
        ("{sex: male}", "{sex: male}", True),
        ("{sex: male}", "{sex: female}", False),
        ("{sex: male}", "", False),
    ],
)
def test_cut_off_for_which_nobody_is_left_is_named(text, faults, first, second, is_named):
    def cutoff(group: str, score: int) -> str:
        wanted = f"for: {group}, " if group else ""
        return (
            f"      - {{{wanted}set: made, at_least: {score}, meaning: {{zh_Hans: 达到, en: At}}, "
            "source: Made up, population: Nobody}\n"
        )

    scales = SCALE + "    cutoffs:\n" + cutoff(first, 5) + cutoff(second, 3)

    assert any(one.endswith(NOBODY_LEFT) for one in faults(text(scale=scales))) is is_named


def test_wording_behind_one_for_everybody_is_named(text, faults):
    words = "text: {zh_Hans: 甲, en: A}"
    wordings = f"variants: [{{for: {{}}, {words}}}, {{for: {{sex: male}}, {words}}}]"

    assert any(
        NOBODY_LEFT in one for one in faults(text(items=item(f"options: degree, {wordings}")))
    )


def test_stops_of_a_slider_are_the_numbers_that_people_write():
    slider = Item(code="q1", kind="slider", range=(0, 1), step=0.1)

    assert slider.values == (0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1)
