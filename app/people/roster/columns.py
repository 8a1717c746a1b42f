"""The columns of a roster, under the names that schools give them."""

import unicodedata
from enum import StrEnum
from typing import Literal

from pydantic import Field

from app.instruments.words import Part


class Column(StrEnum):
    """What a roster says about a student."""

    STUDENT_NO = "student_no"
    NAME = "name"
    CLASS = "class"
    SEX = "sex"
    BIRTH_DATE = "birth_date"
    GRADE = "grade"
    GUARDIAN_NAME = "guardian_name"
    GUARDIAN_RELATION = "guardian_relation"
    GUARDIAN_PHONE = "guardian_phone"
    CONSENT = "consent"
    CONSENT_DATE = "consent_date"


REQUIRED = (Column.STUDENT_NO, Column.NAME, Column.CLASS)

#: The first name of each is the one that messages and the template file use.
HEADERS: dict[Column, tuple[str, ...]] = {
    Column.STUDENT_NO: ("学号", "student_no", "student number", "student id", "学生编号"),
    Column.NAME: ("姓名", "name", "student name", "full name", "学生姓名"),
    Column.CLASS: ("班级", "class", "class name", "班级名称", "所在班级", "行政班"),
    Column.SEX: ("性别", "sex", "gender"),
    Column.BIRTH_DATE: (
        "出生日期",
        "birth_date",
        "birth date",
        "date of birth",
        "birthday",
        "dob",
        "出生年月日",
        "生日",
    ),
    Column.GRADE: ("年级", "grade"),
    Column.GUARDIAN_NAME: (
        "监护人姓名",
        "guardian_name",
        "guardian",
        "guardian name",
        "guardian's name",
        "监护人",
        "家长姓名",
        "家长",
    ),
    Column.GUARDIAN_RELATION: (
        "监护人关系",
        "guardian_relation",
        "relation",
        "guardian relation",
        "guardian's relation",
        "关系",
        "与学生关系",
        "与监护人关系",
    ),
    Column.GUARDIAN_PHONE: (
        "监护人电话",
        "guardian_phone",
        "phone",
        "guardian phone",
        "guardian's phone",
        "监护人手机",
        "联系电话",
        "家长电话",
        "家长手机",
        "手机号",
    ),
    Column.CONSENT: (
        "知情同意",
        "consent",
        "consent given",
        "是否同意",
        "监护人同意",
        "监护人意见",
        "家长同意",
        "家长意见",
    ),
    Column.CONSENT_DATE: (
        "知情同意日期",
        "consent_date",
        "consent date",
        "consented on",
        "同意日期",
        "监护人同意日期",
        "家长同意日期",
    ),
}


Coded = Literal["class", "sex", "grade", "guardian_relation", "consent"]


class RosterMap(Part):
    """Foreign column names, and what the codes of a column stand for.

    `{student_no: SID, name: FULLNAME, class: ROOM, recode: {sex: {1: male, 2: female}}}`
    """

    student_no: str | None = None
    name: str | None = None
    class_name: str | None = Field(None, alias="class")
    sex: str | None = None
    birth_date: str | None = None
    grade: str | None = None
    guardian_name: str | None = None
    guardian_relation: str | None = None
    guardian_phone: str | None = None
    consent: str | None = None
    consent_date: str | None = None
    recode: dict[Coded, dict[str | int | float, str | int | float]] = Field(default_factory=dict)

    def column_of(self, header: str) -> Column | None:
        """The column that this header stands for, by the map first and by its name else."""
        mapped = self.model_dump(by_alias=True, exclude={"recode"}, exclude_none=True)
        for column, foreign in mapped.items():
            if folded(foreign) == folded(header):
                return Column(column)
        known = _BY_HEADER.get(folded(header))
        return None if known in mapped else known

    def codes(self, column: Column) -> dict[str, str]:
        """What the codes of this column stand for, as cell texts."""
        given = self.recode.get(column, {})  # type: ignore[call-overload] # a word of its own enum
        return {str(code): str(meaning) for code, meaning in given.items()}


def folded(header: str) -> str:
    """A header without blanks, case, width and marks such as （必填） or *."""
    text = unicodedata.normalize("NFKC", header).casefold().replace("(必填)", "").strip(" *:")
    return "".join(text.replace("_", " ").split())


_BY_HEADER = {folded(name): column for column, names in HEADERS.items() for name in names}
