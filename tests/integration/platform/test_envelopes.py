"""Envelopes open for what they were sealed for, with this keyring, in every version to come."""

import base64

import pytest

from app.platform.crypto import DecryptionError, Keyring
from app.platform.envelopes import open_envelope, public_key
from tests.factories.devices import sealed_to

#: Sealed when version 1 began: phones hold such envelopes for weeks (P51).
GOLDEN_KEY = (
    "BHnOFykI+y4moeLiFxQFRjTR+tY2j7X+MBIY/FiiX44eKW8jfJagpOjurOWEy5ieoqisvgwmXVWgob3QKj2IMSs="
)
GOLDEN = (
    "AQRCnAg6e0o5sojCi9QLSD8iyA3MVjR3FCiKjpkTRscid18aBdTapZwQ7XjQIsw/CqiwaQw3GXCP"
    "WHsh8am4nEBHZa01nKpxlwW1sSmdqaEaus7CDWpKtI8KR6GaYHU0/ZFHs0x9JyVQlUn9iD4O5g=="
)


@pytest.fixture
def golden_ring(in_app):
    """The keyring with which the envelope above was made."""
    in_app.extensions["keyring"] = Keyring(current=1, keys={1: b"1" * 32}, index_key=b"2" * 32)


@pytest.mark.usefixtures("golden_ring")
def test_envelope_of_the_first_version_still_opens():
    plain = open_envelope(base64.b64decode(GOLDEN), purpose="campaign:golden", bound_to="golden.1")

    assert public_key("campaign:golden") == GOLDEN_KEY
    assert plain.decode() == '{"said": "你好"}'


@pytest.mark.usefixtures("in_app")
@pytest.mark.parametrize(("purpose", "bound_to"), [("a", "y"), ("b", "x")])
def test_envelope_opens_for_nothing_else(purpose, bound_to):
    sealed = sealed_to(public_key("a"), b"hush", "x")

    assert b"hush" not in sealed
    assert open_envelope(sealed, purpose="a", bound_to="x") == b"hush"
    with pytest.raises(DecryptionError):
        open_envelope(sealed, purpose=purpose, bound_to=bound_to)


@pytest.mark.usefixtures("in_app")
@pytest.mark.parametrize("length", [0, 1, 66, 80, 93])
def test_half_an_envelope_is_none(length):
    sealed = sealed_to(public_key("a"), b"hush", "x")[:length]

    with pytest.raises(DecryptionError):
        open_envelope(sealed, purpose="a", bound_to="x")


@pytest.mark.usefixtures("in_app")
def test_another_keyring_opens_nothing(in_app):
    sealed = sealed_to(public_key("a"), b"hush", "x")
    in_app.extensions["keyring"] = Keyring(current=1, keys={1: b"1" * 32}, index_key=b"2" * 32)

    with pytest.raises(DecryptionError):
        open_envelope(sealed, purpose="a", bound_to="x")
