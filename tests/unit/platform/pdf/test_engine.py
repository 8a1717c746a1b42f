"""The engine prints true Chinese, and nothing it could misuse reaches it."""

import io
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest

from app.platform.pdf import PdfFailed, PdfUnavailable, PrintDocument, available, render_pdf
from app.platform.pdf.cage import Cage, network_namespace
from app.platform.pdf.wkhtmltopdf import Wkhtmltopdf

MakeDocument = Callable[..., PrintDocument]
RARE = "龘犇翀颢玥䶮"
LONG_ITEM = "在过去的两周里，你有多少天感到做事时提不起劲或没有兴趣？" * 4

needs_poppler = pytest.mark.skipif(
    not shutil.which("pdftotext"), reason="needs pdftotext and pdffonts: apt install poppler-utils"
)


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Put a shell script in wkhtmltopdf's place."""

    def install(script: str) -> None:
        program = tmp_path / "wkhtmltopdf"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")

    return install


def is_running(process: str) -> bool:
    """Whether there is such a process; one that has ended but lingers has no command line."""
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes() != b""
    except OSError:
        return False


def poppler(program: str, content: bytes, *arguments: str) -> str:
    command = [program, *arguments, "-"] + (["-"] if program == "pdftotext" else [])
    return subprocess.run(command, input=content, capture_output=True, check=True).stdout.decode()


@needs_poppler
@pytest.mark.usefixtures("printer")
def test_engine_prints_readable_chinese(make_document: MakeDocument) -> None:
    document = make_document(facts=[("姓名", RARE)], rows=[("睡得安稳吗？", "几乎每天")])

    text = poppler("pdftotext", render_pdf([document], title="档案", language="zh_Hans"))

    assert [word for word in (RARE, "睡得安稳吗？", "几乎每天") if word not in text] == []


@needs_poppler
@pytest.mark.usefixtures("printer")
def test_engine_text_is_what_was_written(make_document: MakeDocument) -> None:
    written = {chr(code) for code in range(0x4E00, 0x9FA6)} - {"壿"}  # the font draws it as 墫
    in_order = "".join(sorted(written))
    rows = [(in_order[start : start + 30], "") for start in range(0, len(in_order), 30)]

    content = render_pdf([make_document(rows=rows)], title="字表", language="zh_Hans")

    assert sorted(written - set(poppler("pdftotext", content))) == []


@needs_poppler
@pytest.mark.usefixtures("printer")
def test_engine_embeds_every_font(make_document: MakeDocument) -> None:
    content = render_pdf([make_document()], title="档案", language="zh_Hans")

    fonts = poppler("pdffonts", content).splitlines()[2:]

    assert fonts
    assert [font for font in fonts if font.split()[-5] != "yes"] == []


@pytest.mark.usefixtures("printer")
def test_engine_keeps_the_planned_pages(make_document: MakeDocument) -> None:
    long = make_document(rows=[(LONG_ITEM[: 9 + 3 * number], "几乎每天") for number in range(120)])
    wordy = make_document(rows=[("When I am worried about something " * 9, "WWWW " * 30)] * 40)
    note = make_document(rows=[("我想说的话。" * 900, "")])
    documents = [long, make_document(), wordy, note]

    content = render_pdf(documents, title="一班", language="zh_Hans")

    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert len(pdf.pages) == sum(document.pages for document in documents)


@pytest.mark.usefixtures("printer")
def test_engine_clips_nothing_silently(make_document: MakeDocument) -> None:
    overfull = make_document(facts=[("备注", "很长的一句话。" * 2000)])

    with pytest.raises(PdfFailed, match="longer than its page"):
        render_pdf([overfull], title="x", language="zh_Hans")


def test_engine_sees_no_secret_of_ours(
    stand_in: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in("echo %PDF; env")
    monkeypatch.setenv("XINQIAO_KEYRING_FILE", "/secret/keyring.json")

    seen = Wkhtmltopdf(Cage())("<p>").decode()

    assert "PATH=" in seen
    assert "XINQIAO" not in seen


def test_engine_leaves_no_page_behind(stand_in: Callable[[str], None]) -> None:
    stand_in('echo %PDF; echo "$TMPDIR"; ls "$TMPDIR"')

    _, folder, left_inside = Wkhtmltopdf(Cage())("<p>").decode().split()

    assert left_inside == "page.html"
    assert not Path(folder).exists()


def test_engine_takes_no_option_from_the_page(stand_in: Callable[[str], None]) -> None:
    stand_in('echo %PDF; for word in "$@"; do echo "$word"; done')
    engine = Wkhtmltopdf(Cage())

    with_option = engine('<meta name="pdfkit-allow" content="/">')

    assert with_option == engine("<p>")


@pytest.mark.skipif(not shutil.which("prlimit"), reason="needs prlimit (util-linux)")
def test_engine_runs_under_limits(stand_in: Callable[[str], None]) -> None:
    stand_in("echo %PDF; ulimit -v; ulimit -t; ulimit -c")

    printed = Wkhtmltopdf.caged()("<p>").decode().split()

    assert printed == ["%PDF", str(2 * 1024**2), "20", "0"]


@pytest.mark.skipif(not network_namespace(), reason="this kernel allows no network namespaces")
def test_engine_has_no_network(stand_in: Callable[[str], None]) -> None:
    stand_in("echo %PDF; sed 1,2d /proc/net/dev | cut -d: -f1")

    printed = Wkhtmltopdf(Cage(network_namespace()))("<p>").decode().split()

    assert printed == ["%PDF", "lo"]


def test_engine_reads_a_long_page_slowly(stand_in: Callable[[str], None]) -> None:
    stand_in("echo %PDF; sleep 0.5; wc -c")

    printed = Wkhtmltopdf(Cage())("字" * 1_000_000).split()

    assert printed == [b"%PDF", b"3000000"]


def test_engine_stops_after_its_time(stand_in: Callable[[str], None], tmp_path: Path) -> None:
    stand_in(f"sleep 60 & echo $! > {tmp_path}/child; wait")

    with pytest.raises(PdfFailed, match="took too long"):
        Wkhtmltopdf(Cage(wall_seconds=2))("<p>")

    child = (tmp_path / "child").read_text().strip()
    assert not is_running(child)


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs /proc to watch memory")
def test_engine_stops_when_it_takes_too_much_memory(stand_in: Callable[[str], None]) -> None:
    stand_in("sleep 60")

    with pytest.raises(PdfFailed, match="too much memory"):
        Wkhtmltopdf(Cage(resident_bytes=1))("<p>")


def test_engine_failure_does_not_quote_the_page(stand_in: Callable[[str], None]) -> None:
    stand_in("cat >&2; exit 1")

    with pytest.raises(PdfFailed) as failure:
        Wkhtmltopdf(Cage())("<p>李雷</p>")

    assert "ended with code 1" in str(failure.value)
    assert "李雷" not in str(failure.value)


def test_available_names_the_missing_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")

    state = available()

    assert not state
    assert state.reason == (
        "Printing needs wkhtmltopdf. To install it: "
        "sudo apt-get install --no-install-recommends wkhtmltopdf fonts-noto-cjk"
    )


def test_available_names_the_missing_font(
    stand_in: Callable[[str], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in("")
    monkeypatch.setenv("PATH", str(tmp_path))

    assert available().reason.startswith("Printing needs a Chinese font.")


def test_render_pdf_without_program_says_how_to_get_it(
    make_document: MakeDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")

    with pytest.raises(PdfUnavailable, match="sudo apt-get install"):
        render_pdf([make_document()], title="x", language="en")
