"""A large file at rest: it comes back whole, and neither cut nor put together of two."""

import pytest

from app.platform import sealed
from app.platform.crypto import DecryptionError
from app.platform.sealed import open_file, seal_file


@pytest.fixture
def seal(app, tmp_path, monkeypatch):
    monkeypatch.setattr(sealed, "PIECE_BYTES", 10)

    def run(content: bytes, place: str = "t.file.a") -> bytes:
        (tmp_path / "plain").write_bytes(content)
        seal_file(tmp_path / "plain", tmp_path / "sealed", place)
        return (tmp_path / "sealed").read_bytes()

    with app.app_context():
        yield run


@pytest.fixture
def opened(tmp_path):
    def run(lies: bytes, place: str = "t.file.a") -> bytes:
        (tmp_path / "lies").write_bytes(lies)
        return b"".join(open_file(tmp_path / "lies", place))

    return run


@pytest.mark.parametrize("size", [0, 1, 10, 11, 20, 35])
def test_what_was_sealed_comes_back(seal, opened, size):
    content = bytes(range(size))

    lies = seal(content)

    assert opened(lies) == content
    assert size < 10 or content[:10] not in lies


def test_cut_short_or_put_together_anew_it_does_not_open(seal, opened):
    whole = seal(b"0123456789" * 3)
    piece = len(whole) // 3

    for broken in (
        b"",
        whole[:piece],
        whole[: 2 * piece],
        whole[:-1],
        whole[: piece + 2],
        whole[piece:],
        whole[piece : 2 * piece] + whole[:piece] + whole[2 * piece :],
    ):
        with pytest.raises(DecryptionError):
            opened(broken)


def test_it_opens_only_where_it_is_at_home(seal, opened):
    with pytest.raises(DecryptionError):
        opened(seal(b"abc"), "t.file.b")
