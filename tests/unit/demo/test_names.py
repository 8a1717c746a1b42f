"""Invented names look like those of a class list."""

from random import Random

from app.demo.names import COMPOUND_SURNAMES, RARE, Namer, surname_of


def names(count: int) -> list[str]:
    namer = Namer(Random(1))
    return [namer.student("female" if n % 2 else "male") for n in range(count)]


def test_no_two_students_share_a_name() -> None:
    given = names(1_200)

    assert len(set(given)) == len(given)


def test_some_names_are_rare_compound_or_long() -> None:
    given = names(1_200)

    assert any(set(RARE) & set(name) for name in given)
    assert any(name.startswith(COMPOUND_SURNAMES) for name in given)
    assert any("·" in name for name in given)


def test_a_father_shares_the_surname() -> None:
    assert Namer(Random(1)).parent("male", of_student="欧阳若翀").startswith("欧阳")


def test_surname_of_a_compound_name_has_two_characters() -> None:
    assert [surname_of(name) for name in ("王芳", "诸葛明")] == ["王", "诸葛"]


def test_the_same_seed_gives_the_same_class() -> None:
    assert names(40) == names(40)
