"""Encrypted fields open only in their own row and column."""

import pytest

from app.people.models import Student
from app.platform.crypto import DecryptionError, keyring
from app.platform.db import db
from tests.factories import people


@pytest.fixture
def two_students(in_app):
    cohort = people.cohort(people.site())
    return people.student(cohort, name="欧阳龘"), people.student(cohort, name="李雷")


def test_name_is_read_back_and_stored_unreadable(two_students):
    student, _ = two_students

    assert student.name == "欧阳龘"
    assert "欧阳龘".encode() not in student.name_sealed


def test_keys_stay_out_of_the_representation(in_app):
    assert repr(keyring()) == "Keyring(current=1)"


def test_value_moved_to_another_row_does_not_open(two_students):
    one, other = two_students
    other.name_sealed = one.name_sealed

    with pytest.raises(DecryptionError):
        _ = other.name


def test_value_moved_to_another_column_does_not_open(two_students):
    student, _ = two_students
    student.name_sealed = student.student_no_sealed

    with pytest.raises(DecryptionError):
        _ = student.name


def test_student_number_is_found_by_its_blind_index(two_students):
    student, _ = two_students

    index = Student.student_no.look_up(Student, f" {student.student_no} ")

    assert db.session.query(Student).filter_by(student_no_index=index).one() is student
