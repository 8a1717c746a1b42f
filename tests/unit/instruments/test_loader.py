from pathlib import Path

import pytest

from app.instruments.loader import (
    InstrumentError,
    load_instrument,
    load_library,
    parse_instrument,
)


def test_parse_writes_short_forms_out(small):
    assert small.item_codes == ("q1", "q2", "q3")
    assert small.scale("total").items == ("q1", "q2", "q3")
    assert [option.label.get("en") for option in small.item("q2").options] == [
        "No",
        "Sometimes",
        "Often",
    ]
    assert small.flag_codes == ("critical_q3", "cutoff_total")
    assert small.has_item_texts


def test_text_falls_back_to_a_language_it_has(small):
    assert small.title.get("en") == "Small scale"
    assert small.title.get("zh_Hans") == "小量表"
    assert small.title.get("fr") == "小量表"


def test_content_hash_ignores_line_endings_and_marks_but_not_words(small, small_text, change):
    windows = parse_instrument("\ufeff" + small_text.replace("\n", "\r\n"))

    assert windows.content_hash == small.content_hash
    assert parse_instrument(change("Nobody 2026", "Anybody")).content_hash != small.content_hash


def test_a_stored_version_is_read_back_from_its_source(small):
    again = parse_instrument(small.source.instrument, examples=small.source.examples)

    assert again.model_dump() == small.model_dump()
    assert again.content_hash == small.content_hash


def test_items_may_be_given_as_a_run_without_texts(change, small_text):
    items = small_text[small_text.index("items:\n") : small_text.index("scales:\n")]

    shell = parse_instrument(
        change(items, "items:\n  - {codes: q1..q3, options: degree}\n").replace(
            "reverse: [q1]", "reverse: q1..q2"
        )
    )

    assert shell.item_codes == ("q1", "q2", "q3")
    assert shell.scale("total").reverse == ("q1", "q2")
    assert not shell.has_item_texts


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            "version: '1.0.0'",
            "version: 1.0",
            "2:10: “1.0” is no version; write three numbers in quotes, such as '1.0.0'.",
        ),
        (
            "version: '1.0.0'",
            "version: '1.0'",
            "2:10: “1.0” is no version; write three numbers in quotes, such as '1.0.0'.",
        ),
        (
            "citation: Nobody 2026\n",
            "",
            "1:1: “citation” is missing here; add a line “citation: …”.",
        ),
        (
            "citation:",
            "citatoin:",
            "11:1: the language has no “citatoin” here; write “citation” if you mean that.",
        ),
        (
            "lane: fast",
            "lane: quick",
            "33:30: “quick” is none of the words for this; use one of: fast, same_day.",
        ),
        ("at_least: 2,", "at_least: two,", "41:40: “at_least”: write a whole number here."),
        (
            "options: degree",
            "options: degrees",
            "25:14: no option set is called “degrees”; define it above.",
        ),
        (
            "items: q1..q3",
            "items: q1..q9",
            "39:12: “q1..q9” must name two items of this file, earlier one first.",
        ),
        (
            "  - code: q1\n",
            "  - codes: q9..q1\n",
            "23:12: a run goes upwards and has at most 500 items.",
        ),
    ],
)
def test_a_fault_names_its_place_and_mend(change, faults, old, new, fault):
    assert fault in faults(change(old, new))


def test_all_faults_of_a_file_come_together(change, faults):
    text = change("lane: fast", "lane: quick").replace("version: '1.0.0'", "version: 2")

    assert len(faults(text)) == 2


def test_a_folder_must_bear_its_instruments_code(tmp_path: Path, small_text: str):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "instrument.yaml").write_text(small_text, encoding="utf-8")

    with pytest.raises(InstrumentError, match="1:7: the folder and the code differ"):
        load_instrument(tmp_path / "other")


def test_pictures_and_recordings_have_to_be_there(tmp_path: Path, change):
    folder = tmp_path / "small"
    folder.mkdir()
    media = (
        "    image: {file: images/face.png, description: {zh_Hans: 脸, en: a face}}\n"
        "    audio: {en: audio/q2.mp3}\n"
    )
    text = change("    text: {zh_Hans: 我感到难过", media + "    text: {zh_Hans: 我感到难过")
    (folder / "instrument.yaml").write_text(text, encoding="utf-8")

    with pytest.raises(InstrumentError) as caught:
        load_instrument(folder)

    assert [problem.message for problem in caught.value.problems] == [
        "there is no file images/face.png here; add it.",
        "there is no file audio/q2.mp3 here; add it.",
    ]
    for name, content in (("images/face.png", b"\x89PNG\r\n\x1a\n"), ("audio/q2.mp3", b"ID3")):
        (folder / name).parent.mkdir()
        (folder / name).write_bytes(content)
    assert set(load_instrument(folder).source.media) == {"images/face.png", "audio/q2.mp3"}


def test_a_library_reports_the_faults_of_all_files(tmp_path: Path, small_text: str):
    for code in ("small", "wrong", "worse"):
        (tmp_path / code).mkdir()
        text = small_text if code == "small" else small_text.replace("sum", "add")
        (tmp_path / code / "instrument.yaml").write_text(text, encoding="utf-8")

    with pytest.raises(InstrumentError) as caught:
        load_library(tmp_path)

    assert {Path(p.path).parent.name for p in caught.value.problems} == {"wrong", "worse"}
