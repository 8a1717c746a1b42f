"""An uploaded form, whichever of the two kinds it is."""

from collections.abc import Callable

from app.statistics.bureau.document import WordForm
from app.statistics.bureau.package import Package
from app.statistics.bureau.problems import N_, FormFileError
from app.statistics.bureau.workbook import Workbook

Read = Workbook | WordForm

#: By the root element of the main part, what the file is called and how it is read.
KINDS: dict[str, tuple[str, Callable[[Package], Read]]] = {
    "workbook": ("xlsx", Workbook),
    "document": ("docx", WordForm),
}


def read_form(data: bytes) -> tuple[str, Read]:
    """Whether it is an XLSX or a DOCX, and the form; or `FormFileError`."""
    package = Package.read(data)
    root = package.tree(package.main)
    try:
        kind, open_form = KINDS[root.tag.rpartition("}")[2]]
        form = open_form(package)
        grids = form.grids()
    except (KeyError, ValueError, IndexError) as error:
        raise error if isinstance(error, FormFileError) else _not_a_form() from None
    if not any(cell.spots for grid in grids for cell in grid.cells):
        raise FormFileError(
            N_(
                "There is no empty cell in the file and no blank like ____ or {{ }}; leave room "
                "where the figures are to go, and upload it again."
            )
        )
    return kind, form


def _not_a_form() -> FormFileError:
    return FormFileError(
        N_("This is no readable form; open it in Excel, Word or WPS and save it as .xlsx or .docx.")
    )
