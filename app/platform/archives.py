"""Zip archives from outside (office files): unpacked as a trial before anybody reads them."""

import zipfile
import zlib
from io import BytesIO

#: Far more than a roster or a questionnaire needs, and no burden for the machine.
MOST_UNPACKED = 50 * 2**20
ZIP_MAGIC = b"PK\x03\x04"
OLD_OFFICE_MAGIC = b"\xd0\xcf\x11\xe0"

_CHUNK = 2**20


class ArchiveError(ValueError):
    """The archive is damaged, protected or not an archive."""


class ArchiveTooLargeError(ArchiveError):
    """The archive unpacks to more than `MOST_UNPACKED` bytes."""


def member_names(data: bytes) -> list[str]:
    """Return the names in an archive whose content can be unpacked and is not too large.

    Unpacks by the chunk and stops at the limit: what the archive says of itself may be a lie.
    """
    unpacked = 0
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            for name in archive.namelist():
                with archive.open(name) as member:
                    while chunk := member.read(_CHUNK):
                        unpacked += len(chunk)
                        if unpacked > MOST_UNPACKED:
                            raise ArchiveTooLargeError
            return archive.namelist()
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, zlib.error):
        raise ArchiveError from None
