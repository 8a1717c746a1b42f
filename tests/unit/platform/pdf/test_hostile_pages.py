"""A page that wants to read files or reach the network gets nothing (P40)."""

import io
import struct
import subprocess
import threading
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pikepdf
import pytest
from markupsafe import Markup

from app.platform.pdf import PdfFailed, PrintDocument, render_pdf
from app.platform.pdf.cage import Cage, network_namespace
from app.platform.pdf.engine import Engine
from app.platform.pdf.weasyprint import Weasyprint
from app.platform.pdf.wkhtmltopdf import Wkhtmltopdf

pytestmark = pytest.mark.usefixtures("printer")

CANARY = "CANARY7391"
PATIENCE = 4  # seconds; some payloads wait for a network that never answers

# URL is the listener, TEXT and IMAGE are files beside the test; each line must come to nothing.
FRAMES = """
<iframe src="file://TEXT"></iframe>
<iframe src="URL/iframe"></iframe>
<iframe src="URL/redirect?file://TEXT"></iframe>
<iframe srcdoc="&lt;img src='URL/srcdoc'&gt;"></iframe>
<iframe src="data:text/html,<img src='URL/data-iframe'>"></iframe>
<iframe src="javascript:location='URL/javascript'"></iframe>
<iframe src="view-source:file://TEXT"></iframe>
<iframe src="\\\\\\\\127.0.0.1\\\\share"></iframe>
<object data="file://TEXT" type="text/plain"></object>
<object data="URL/object"></object>
<object data="URL/redirect?file://TEXT" type="text/html"></object>
<object><param name="movie" value="URL/param"></object>
<embed src="URL/embed">
<embed src="file://TEXT">
<applet code="x" archive="URL/applet"></applet>
<frameset><frame src="URL/frame"></frameset>
"""
RESOURCES = """
<img src="URL/img">
<img src="file://IMAGE">
<img src="URL/redirect?file://IMAGE">
<img srcset="URL/srcset 1x, URL/srcset2 2x" src="URL/srcset-fallback">
<picture><source srcset="URL/source"><img src="URL/picture"></picture>
<img src="//LISTENER/scheme-relative">
<img src="ftp://LISTENER/ftp">
<input type="image" src="URL/input">
<video src="URL/video" poster="URL/poster" autoplay></video>
<audio src="URL/audio" autoplay></audio>
<body background="URL/background">
<table background="URL/table"><tr><td background="URL/cell">x</td></tr></table>
<link rel="prefetch" href="URL/prefetch">
<link rel="dns-prefetch" href="URL/dns">
<link rel="icon" href="URL/icon">
<a href="URL/link" ping="URL/ping">x</a>
<form action="URL/form"><input name="q"></form>
"""
STYLES = """
<link rel="stylesheet" href="URL/stylesheet">
<link rel="stylesheet" href="file://TEXT">
<style>@import "URL/import";</style>
<style>@import url("file://TEXT");</style>
<style>@font-face{font-family:f;src:url(URL/font)} p{font-family:f}</style><p>x</p>
<p style="background:url(URL/css)">x</p>
<p style="background:url('file://IMAGE')">x</p>
<p style="list-style:url(URL/list);display:list-item">x</p>
<p style="content:url(URL/content)">x</p>
<p style="border-image:url(URL/border) 1 round;border:1px solid">x</p>
<p style="-webkit-mask-image:url(URL/mask)">x</p>
<p style="cursor:url(URL/cursor),auto">x</p>
"""
VECTORS = """
<svg width="9" height="9"><image xlink:href="URL/svg" width="9" height="9"/></svg>
<svg width="9" height="9"><image xlink:href="file://IMAGE" width="9" height="9"/></svg>
<svg width="9" height="9"><use xlink:href="URL/use#x"/></svg>
<svg width="9" height="9"><style>@import url(URL/svg-style);</style></svg>
<svg width="9" height="9"><rect width="9" height="9" fill="url(URL/fill#x)"/></svg>
<svg width="9" height="9"><foreignObject width="9" height="9"><iframe src="URL/foreign"/></foreignObject></svg>
<svg width="9" height="9"><script xlink:href="URL/svg-script"/></svg>
<img src="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink'><image xlink:href='URL/nested'/></svg>">
"""  # noqa: E501
SCRIPTS = """
<script>new Image().src = "URL/script";</script>
<script src="URL/script-src"></script>
<script>var x = new XMLHttpRequest(); x.open("GET", "file://TEXT", false); x.send(); document.write(x.responseText);</script>
<script>document.write("<iframe src='file://TEXT'></iframe>");</script>
<img src="x:" onerror="new Image().src='URL/onerror'">
<svg onload="new Image().src='URL/onload'"></svg>
"""  # noqa: E501
DOCUMENTS = """
<meta http-equiv="refresh" content="0;url=URL/refresh">
<meta http-equiv="refresh" content="0;url=file://TEXT">
<base href="URL/base/"><img src="relative">
<meta name="pdfkit-enable-local-file-access" content=""><iframe src="file://TEXT"></iframe>
<meta name="pdfkit-proxy" content="None"><img src="URL/pdfkit-proxy">
<meta name="pdfkit-post-file" content="x TEXT"><meta name="pdfkit-cover" content="URL/cover">
<meta name="pdfkit-allow" content="/"><iframe src="file://TEXT"></iframe>
<meta name="pdfkit-user-style-sheet" content="TEXT">
<meta name="pdfkit-run-script" content="location='URL/run-script'">
"""
#: WeasyPrint puts such files into the PDF.
ATTACHED = (
    '<link rel="attachment" href="file://TEXT">',
    '<a rel="attachment" href="file://TEXT">x</a>',
)
CORPUS = {
    "frames": FRAMES,
    "resources": RESOURCES,
    "styles": STYLES,
    "vectors": VECTORS,
    "scripts": SCRIPTS,
    "documents": DOCUMENTS,
}


def red_square() -> bytes:
    """A PNG that would be seen as an image in the PDF."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        crc = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", crc)

    header = struct.pack(">IIBBBBB", 2, 2, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0\xff\0\0\xff\0\0" * 2)
    chunks = chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


@dataclass
class Bait:
    """A listener that counts its visitors, and two files that nobody may read."""

    address: str
    text: Path
    image: Path
    visitors: list[str] = field(default_factory=list)

    def payloads(self, kind: str) -> list[str]:
        lines = CORPUS[kind].strip().splitlines()
        return [
            line.replace("URL", f"http://{self.address}")
            .replace("LISTENER", self.address)
            .replace("TEXT", str(self.text))
            .replace("IMAGE", str(self.image))
            for line in lines
        ]


@pytest.fixture
def bait(tmp_path: Path) -> Iterator[Bait]:
    visitors: list[str] = []

    class Listener(BaseHTTPRequestHandler):
        timeout = 1  # a visitor who speaks FTP waits for a greeting

        def handle(self) -> None:
            visitors.append(self.client_address[0])
            super().handle()

        def do_GET(self) -> None:
            self.send_response(302 if "redirect" in self.path else 200)
            self.send_header("Location", self.path.partition("?")[2])
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    text, image = tmp_path / "canary.txt", tmp_path / "canary.png"
    text.write_text(CANARY)
    image.write_bytes(red_square())
    yield Bait(f"127.0.0.1:{server.server_port}", text, image, visitors)
    server.shutdown()
    server.server_close()


def sheet(payload: str) -> str:
    return f'<!doctype html><html><head><meta charset="utf-8"></head><body>{payload}</body></html>'


def attempt(engine: Engine, html: str) -> bytes:
    """The PDF, or nothing: refusing a hostile page is as good as printing it empty."""
    try:
        return engine(html)
    except PdfFailed:
        return b""


def what_leaked(content: bytes) -> list[str]:
    if not content:
        return []
    leaks = []
    text = subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True)
    if CANARY.encode() in text.stdout:
        leaks.append("text file")
    with pikepdf.open(io.BytesIO(content)) as pdf:
        images = [image for page in pdf.pages for image in page.get_images(recursive=True).values()]
        # A missing picture is drawn as a larger icon.
        leaks += ["image file" for image in images if image.Width == 2]
        leaks += ["attached file" for _name in pdf.attachments]
    return leaks


def print_naively(html: str) -> bytes:
    command = ["wkhtmltopdf", "--quiet", "--enable-local-file-access", "-", "-"]
    return subprocess.run(command, input=html.encode(), capture_output=True, check=False).stdout


@pytest.mark.parametrize("kind", list(CORPUS))
def test_bait_works_on_an_engine_without_a_cage(kind: str, bait: Bait) -> None:
    first = next(payload for payload in bait.payloads(kind) if bait.address in payload)

    print_naively(sheet(first))

    assert bait.visitors


def test_bait_files_are_seen_when_read(bait: Bait) -> None:
    reading = f'<iframe src="file://{bait.text}"></iframe><img src="file://{bait.image}">'

    content = print_naively(sheet(reading))

    assert what_leaked(content) == ["text file", "image file"]


@pytest.mark.parametrize("kind", list(CORPUS))
def test_hostile_page_reaches_nothing_by_the_options_alone(kind: str, bait: Bait) -> None:
    engine = Wkhtmltopdf(Cage(wall_seconds=PATIENCE))

    with ThreadPoolExecutor(2) as pool:
        printed = pool.map(lambda payload: attempt(engine, sheet(payload)), bait.payloads(kind))

    assert [leak for content in printed for leak in what_leaked(content)] == []
    assert bait.visitors == []


@pytest.mark.skipif(not network_namespace(), reason="this kernel allows no network namespaces")
@pytest.mark.parametrize("kind", list(CORPUS))
def test_hostile_page_reaches_nothing_from_the_cage(kind: str, bait: Bait) -> None:
    engine = Wkhtmltopdf(replace(Wkhtmltopdf.caged().cage, wall_seconds=PATIENCE))

    content = attempt(engine, sheet("".join(bait.payloads(kind))))

    assert (what_leaked(content), bait.visitors) == ([], [])


@pytest.mark.parametrize("kind", ["resources", "styles", "vectors"])
def test_bait_works_on_the_second_engine_without_its_fetcher(kind: str, bait: Bait) -> None:
    weasyprint = pytest.importorskip("weasyprint")

    for payload in bait.payloads(kind):
        weasyprint.HTML(string=sheet(payload)).write_pdf()

    assert bait.visitors


@pytest.mark.parametrize("kind", list(CORPUS))
def test_hostile_page_reaches_nothing_through_the_fetcher_alone(kind: str, bait: Bait) -> None:
    pytest.importorskip("weasyprint")
    from app.platform.pdf.weasyprint_page import FatalURLFetchingError, tagged

    printed = []
    for payload in [*ATTACHED, *bait.payloads(kind)]:
        with suppress(FatalURLFetchingError):
            printed.append(tagged(sheet(payload.replace("TEXT", str(bait.text)))))

    assert [leak for content in printed for leak in what_leaked(content)] == []
    assert bait.visitors == []


def test_hostile_page_gets_no_file_out_of_the_second_cage(bait: Bait) -> None:
    pytest.importorskip("weasyprint")

    reading = sheet(f'<link rel="attachment" href="file://{bait.text}"><p>x</p>')

    assert attempt(Weasyprint.caged(), reading) == b""


def test_hostile_words_print_as_words(
    bait: Bait, make_document: Callable[..., PrintDocument]
) -> None:
    payloads = [payload for kind in CORPUS for payload in bait.payloads(kind)]
    documents = [
        make_document(title=payload, facts=[("姓名", payload)], rows=[(payload, payload)])
        for payload in payloads
    ]

    content = render_pdf(documents, title=payloads[0], language="zh_Hans")

    assert len(payloads) >= 40
    assert bait.visitors == []
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert len(pdf.pages) == len(payloads)
        assert {tuple(round(side) for side in page.mediabox[2:]) for page in pdf.pages} == {
            (595, 842)
        }


def test_words_in_a_template_are_escaped(
    bait: Bait, make_document: Callable[..., PrintDocument]
) -> None:
    payload = f'<iframe src="http://{bait.address}/"></iframe>'

    document = make_document(facts=[("姓名", payload)], rows=[(payload, payload)])

    assert Markup("<iframe") not in document.body
    assert document.body.count("&lt;iframe") == 3
