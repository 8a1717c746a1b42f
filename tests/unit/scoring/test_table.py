import numpy as np
import pytest

from app.instruments.problems import InstrumentError
from app.instruments.schema import load
from app.scoring.column_map import ColumnMap
from app.scoring.reading import TableError, read_table
from app.scoring.table import TableReader

NAMES = ",".join(f"q{n}" for n in range(1, 10))


def reader(text: str, **column_map: object) -> TableReader:
    return TableReader(read_table(text.encode()), ColumnMap.model_validate(column_map))


def reasons(text: str, instrument, **column_map: object) -> list[str]:
    table = reader(text, **column_map)
    table.respondents()
    table.answers(instrument)
    with pytest.raises(TableError) as caught:
        table.check()
    return caught.value.reasons


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gbk"])
def test_read_table_reads_what_spreadsheets_save(encoding: str):
    table = read_table("学号,姓名\r\n1,李雷\r\n".encode(encoding))

    assert table.header == ("学号", "姓名")
    assert table.rows == (["1", "李雷"],)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_read_table_finds_the_delimiter(delimiter: str):
    assert read_table(f"a{delimiter}b\n1{delimiter}2\n".encode()).rows == (["1", "2"],)


def test_read_table_skips_blank_lines_and_keeps_file_lines():
    table = read_table(b'a,b\n\n1,2\n,\n\'x\n"3\n3",4\n5,6\n\n')

    assert table.lines == (3, 5, 6, 8)
    assert table.rows[-1] == ["5", "6"]


def test_read_table_lets_empty_cells_at_the_end_be_left_out():
    assert read_table(b"a,b,c\n1\n1,2,3,,\n").rows == (["1", "", ""], ["1", "2", "3"])


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "row 1: the file is empty; the first row names the columns."),
        (b"a,b\n1," + b"x" * 200_000, "row 2: the cells cannot be told apart"),
        (b"PK\x03\x04...", "row 1: this is a workbook; save the sheet as CSV."),
        (b"a,b\n1,2,3\n", "row 2: 3 cells under 2 column names."),
        (b"\xff\xfea", "the file is not readable as utf-16"),
        (b"i\0d\0", "this is not text in a known encoding; save it as UTF-8"),
    ],
)
def test_read_table_refuses_what_is_no_table(data: bytes, reason: str):
    with pytest.raises(TableError, match=reason):
        read_table(data)


def test_answers_follow_the_map(phq9):
    text = (
        "SEQN,D1,q2,q3,q4,q5,q6,q7,q8,q9,BMI\n7,1,9,0,0,0,0,0,0,7,x\n\n8, 2 ,1.0,,0,0,0,0,0,0,y\n"
    )

    table = reader(
        text,
        id="SEQN",
        items={"q1": "D1"},
        missing=(9,),
        refused=(7,),
        ignore_other_columns=True,
    )
    people, sheet = table.respondents(), table.answers(phq9.instrument)
    table.check()

    assert people.ids == ("7", "8")
    assert people.lines == (2, 4)
    assert people.age is None
    np.testing.assert_array_equal(
        sheet.matrix,
        [[1, np.nan, 0, 0, 0, 0, 0, 0, np.nan], [2, 1, np.nan, 0, 0, 0, 0, 0, 0]],
    )
    assert np.argwhere(sheet.refused).tolist() == [[0, 8]]


def test_ids_can_be_made_from_rows():
    made = reader("q1\n1\n\n2\n", id={"row": "UKM{n:04}"}).respondents()

    assert made.ids == ("UKM0001", "UKM0002")


def test_people_are_read_from_their_columns():
    people = reader(
        "id,sex,age,grade\na,女,15,初三\nb,M,,\nc,2,12.5,7\n", recode={"sex": {"M": "male"}}
    ).respondents()

    np.testing.assert_array_equal(people.sex, [2, 1, 2])
    np.testing.assert_array_equal(people.age, [15, np.nan, 12.5])
    np.testing.assert_array_equal(people.grade, [9, np.nan, 7])


def test_recode_applies_to_all_items_or_to_one(phq9):
    text = f"{NAMES}\n1,1,1,1,1,1,1,1,4\n"

    table = reader(text, recode={1: 0, "q9": {4: 3}})

    assert table.answers(phq9.instrument).matrix.tolist() == [[0, 0, 0, 0, 0, 0, 0, 0, 3]]


def test_a_battery_file_names_the_instrument_before_the_item(phq9):
    names = ",".join(f"phq9.q{n}" for n in range(1, 10))

    table = reader(f"{names},gad7.q1\n0,0,0,0,0,0,0,0,1,3\n")

    assert table.answers(phq9.instrument).matrix.tolist() == [[0] * 8 + [1]]
    table.check(known=["gad7.q1"])


@pytest.mark.parametrize("cell", ["4", "-1", "1.5", "x", "nan", "inf", "1e0", "1_0", "0x1"])
def test_a_wrong_cell_is_named_by_row_and_column(phq9, cell: str):
    found = reasons(f"{NAMES}\n0,0,0,0,0,0,0,0,0\n\n0,0,{cell},0,0,0,0,0,0\n", phq9.instrument)

    assert found == [f"row 4, column q3: “{cell}” is not one of 0, 1, 2, 3."]


def test_columns_are_checked_by_name(phq9):
    text = "q1,q2,q3,q4,q5,q6,q7,q8,extra,q1,sex\n0,0,0,0,0,0,0,0,0,0,x\n"

    assert reasons(text, phq9.instrument) == [
        "row 1, column q1: this name stands twice; rename one.",
        "row 2, column sex: “x” is not male or female.",
        "row 1, column q9: there is no column for this scored item; add it, or name its column "
        "under “items” in the map.",
        "row 1, column extra: unknown column; correct its name, or write "
        "“ignore_other_columns: true” in the map.",
    ]


def test_a_mapped_column_has_to_exist(phq9):
    found = reasons(f"{NAMES}\n", phq9.instrument, id="SEQN", items={"q1": "DPQ010"})

    assert found[:2] == [
        "row 1, column SEQN: the map names it for id, but the file has none.",
        "row 1, column DPQ010: the map names it for q1, but the file has none.",
    ]


def test_a_map_is_read_strictly(tmp_path):
    path = tmp_path / "map.yaml"
    path.write_text("id: SEQN\nmising: [9]\nid: X\n", encoding="utf-8")

    with pytest.raises(InstrumentError) as caught:
        load(ColumnMap, path)

    assert [problem.line for problem in caught.value.problems] == [2, 3]
