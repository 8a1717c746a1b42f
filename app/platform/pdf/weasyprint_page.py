"""WeasyPrint as a child: one HTML text on the standard input, a tagged PDF on the standard output.

Run by its path in a Python of its own (`weasyprint.py` starts it), so it imports nothing of ours:
neither settings nor secrets are here for a page to reach.
"""

import sys
from typing import Any

from weasyprint import CSS, HTML
from weasyprint.urls import FatalURLFetchingError, URLFetcher

# What the other engine is given as options, and a .page as high as it makes the layout's.
# Whatever does not fit above the foot goes on to another sheet, and the count of sheets tells.
SHEET = """
@page { size: A4; margin: 16mm 10mm 26mm 20mm; }
html { zoom: 1; }
.page { height: 243mm; min-height: 0; overflow: visible; box-decoration-break: clone; }
"""


class OnlyTheText(URLFetcher):
    """What the text brings along is read; a word of anything outside it ends the print."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
        """Content of a data: address; nothing else is opened."""
        if not url.lower().startswith("data:"):
            raise FatalURLFetchingError
        return super().fetch(url, headers)


def tagged(html: str) -> bytes:
    """The PDF of one HTML text."""
    page = HTML(string=html, url_fetcher=OnlyTheText())
    printed: bytes = page.write_pdf(stylesheets=[CSS(string=SHEET)], pdf_variant="pdf/ua-1")
    return printed


if __name__ == "__main__":
    sys.stdout.buffer.write(tagged(sys.stdin.buffer.read().decode()))
