"""What is what in a printed PDF, its headings, tables and figures: kept while files are bound."""

from collections.abc import Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, String


class BoundTags:
    """Gathers the structures of the files that are bound, and hangs them into the bound one.

    A structure points at its pages: it is taken after they came in, or it would point at nothing.
    """

    def __init__(self, bound: pikepdf.Pdf) -> None:
        self._bound = bound
        self._frames: list[pikepdf.Object] = []
        self._owners: list[pikepdf.Object] = []
        self._parts = 0

    def take(self, part: pikepdf.Pdf) -> None:
        """Take what `part` says of itself; an engine that names nothing leaves nothing to take."""
        if "/StructTreeRoot" not in part.Root:
            return
        self._parts += 1
        _prepare(part, str(self._parts))
        tree = self._bound.copy_foreign(part.Root.StructTreeRoot)
        self._frames += [frame for document in tree.K for frame in document.K]
        # Each entry is what one page shows, and says who its elements are; our pages bear no links.
        self._owners += [owners for owners in list(tree.ParentTree.Nums)[1::2] if len(owners)]

    def hang(self) -> None:
        """Give the bound file one structure in the order of its pages."""
        if not self._frames:
            return
        place = {page.obj.objgen: number for number, page in enumerate(self._bound.pages)}
        root = self._bound.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        document = self._bound.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name.Document, P=root)
        )
        frames = sorted(self._frames, key=lambda frame: place[frame.Pg.objgen])
        for frame in frames:
            frame.P = document
        document.K = Array(frames)
        root.K = Array([document])
        root.ParentTree = self._bound.make_indirect(Dictionary(Nums=self._numbered(place)))
        self._bound.Root.StructTreeRoot = root
        self._bound.Root.MarkInfo = Dictionary(Marked=True)

    def _numbered(self, place: dict[tuple[int, int], int]) -> Array:
        """Each page by its number in the bound file, and who owns what it shows."""
        numbers = Array()
        for owners in sorted(self._owners, key=lambda each: place[each[0].Pg.objgen]):
            number = place[owners[0].Pg.objgen]
            self._bound.pages[number].StructParents = number
            numbers.append(number)
            numbers.append(owners)
        return numbers


def _prepare(part: pikepdf.Pdf, prefix: str) -> None:
    """Names of cells are unique in their own file only; a figure without words is decoration."""
    for element in part.objects:
        if not isinstance(element, Dictionary) or element.get("/Type") != Name.StructElem:
            continue
        if "/ID" in element:
            element.ID = String(f"{prefix}-{element.ID}")
        for cell in _attributes(element):
            cell.Headers = Array([String(f"{prefix}-{name}") for name in cell.Headers])
        if element.get("/S") == Name.Figure and "/Alt" not in element:
            element.S = Name.NonStruct


def _attributes(element: Dictionary) -> Iterator[pikepdf.Object]:
    held = element.get("/A")
    if isinstance(held, Dictionary) and "/Headers" in held:
        yield held
