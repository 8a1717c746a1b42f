"""The zip that an XLSX or DOCX is: read with limits, and written anew with few parts changed."""

import zipfile
from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from posixpath import dirname, join, normpath

from lxml import etree

from app.platform.archives import (
    OLD_OFFICE_MAGIC,
    ArchiveError,
    ArchiveTooLargeError,
    unpacked,
)
from app.statistics.bureau.problems import N_, FormFileError

MOST_BYTES = 5 * 2**20
#: A part that has to be parsed; forms have some hundred kilobytes.
MOST_PARSED = 8 * 2**20

_TYPES, _MAIN_RELS = "[Content_Types].xml", "_rels/.rels"


@dataclass(frozen=True)
class Part:
    """One file of the zip as it came."""

    info: zipfile.ZipInfo
    data: bytes


class Package:
    """The parts of a form by name, in their order."""

    def __init__(self, parts: Mapping[str, Part]) -> None:
        self.parts = parts

    @classmethod
    def read(cls, data: bytes) -> "Package":
        """Unpack, or raise `FormFileError`."""
        if len(data) > MOST_BYTES:
            raise FormFileError(
                N_("The file has more than 5 MB; take large pictures out of it and try again.")
            )
        if data.startswith(OLD_OFFICE_MAGIC):
            raise FormFileError(
                N_(
                    "This is an old or password-protected Office file; take the password off, "
                    "save it as .xlsx or .docx, and upload that."
                )
            )
        try:
            package = cls({info.filename: Part(info, part) for info, part in unpacked(data)})
        except ArchiveTooLargeError:
            raise FormFileError(
                N_("The file unpacks to far more than a form holds; save it anew.")
            ) from None
        except ArchiveError:
            raise _unreadable() from None
        package._refuse_macros()
        return package

    @cached_property
    def main(self) -> str:
        """The name of the part that everything else hangs on."""
        for _key, kind, target in self._relations(_MAIN_RELS, ""):
            if kind.endswith("/officeDocument"):
                return target
        raise _unreadable()

    def related(self, name: str) -> dict[str, tuple[str, str]]:
        """By id, the kind and the name of each part that a part points to."""
        rels = join(dirname(name), "_rels", f"{name.rpartition('/')[2]}.rels")
        if rels not in self.parts:
            return {}
        return {key: (kind, target) for key, kind, target in self._relations(rels, dirname(name))}

    def tree(self, name: str) -> etree._Element:
        """A part as XML, without entities, documents of types, or the network."""
        part = self.parts.get(name)
        if part is None:
            raise _unreadable()
        if len(part.data) > MOST_PARSED:
            raise FormFileError(
                N_("A part of the file is too large for a form; delete what is not needed of it.")
            )
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        )
        try:
            root = etree.fromstring(part.data, parser)
        except etree.XMLSyntaxError:
            raise _unreadable() from None
        if root.getroottree().docinfo.doctype:
            raise _unreadable()
        return root

    def rewritten(self, changed: Mapping[str, etree._Element]) -> bytes:
        """The file with these parts changed and every other one as it came, byte by byte."""
        file = BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            for name, part in self.parts.items():
                data = _dump(changed[name]) if name in changed else part.data
                archive.writestr(copy(part.info), data)
        return file.getvalue()

    @cached_property
    def _names(self) -> dict[str, str]:
        """The parts by their name in small letters: to office programs case makes no difference."""
        return {name.lower(): name for name in self.parts}

    def _relations(self, rels: str, base: str) -> Iterator[tuple[str, str, str]]:
        for one in self.tree(rels):
            if not isinstance(one.tag, str) or one.get("TargetMode") == "External":
                continue
            target = normpath(join("/", base, one.get("Target", ""))).lstrip("/")
            yield one.get("Id", ""), one.get("Type", ""), self._names.get(target.lower(), target)

    def _refuse_macros(self) -> None:
        types = self.tree(_TYPES)
        kinds = [one.get("ContentType", "") for one in types if isinstance(one.tag, str)]
        has_code = any(name.lower().endswith("vbaproject.bin") for name in self.parts)
        if has_code or any("macroenabled" in kind.lower() for kind in kinds):
            raise FormFileError(
                N_(
                    "The file holds macros (.xlsm or .docm), which could run on other people's "
                    "computers; save it without them as .xlsx or .docx, and upload that."
                )
            )


def _dump(root: etree._Element) -> bytes:
    dumped: bytes = etree.tostring(
        root.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=True
    )
    return dumped


def _unreadable() -> FormFileError:
    return FormFileError(
        N_("This is no readable form; open it in Excel, Word or WPS and save it as .xlsx or .docx.")
    )
