"""The command line complains in sentences."""

from pathlib import Path

import click
import pytest

from app.cli.door import reading
from app.platform.crypto import DecryptionError, Keyring


def test_reading_with_another_keyring_says_which_is_in_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyring = tmp_path / "keyring.json"
    Keyring.create(keyring)
    monkeypatch.setenv("XINQIAO_KEYRING_FILE", str(keyring))
    monkeypatch.setenv("XINQIAO_DATA_DIR", str(tmp_path))

    with pytest.raises(click.ClickException) as refusal, reading():
        raise DecryptionError("a value of students.name_sealed does not open")

    assert refusal.value.message == (
        "a value of students.name_sealed does not open: these data were written with another "
        f"keyring than {keyring}. Set XINQIAO_KEYRING_FILE to the one that belongs to them."
    )
