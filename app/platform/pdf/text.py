"""The text inside a printed PDF: made searchable again where the engine names glyphs wrongly."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

import pikepdf

# Chinese fonts draw a character and its dictionary radical with one glyph, and the engine names
# the glyph after the radical: 大 would be copied, searched and read aloud as ⼤.
_KANGXI = {
    radical: ord(unicodedata.normalize("NFKC", chr(radical))) for radical in range(0x2F00, 0x2FD6)
}
# Unicode folds only the Kangxi radicals; other pairs that share a glyph need writing out.
_SUPPLEMENT = (
    "⺂乛⺃乚⺅亻⺉刂⺏尣⺐尢⺒巳⺓幺⺔彑⺕彐⺖忄⺘扌⺙攵⺛旡⺞歺⺟母⺠民⺡氵⺣灬⺤爫⺦丬⺨犭⺭礻"
    "⺯糹⺰纟⺱罓⺹耂⺺肀⺾艹⺿艹⻀艹⻂衤⻅见⻆角⻈讠⻉贝⻋车⻌辶⻐钅⻑長⻒镸⻓长⻔门⻖阝⻘青⻙韦⻚页"
    "⻛风⻜飞⻝食⻟飠⻠饣⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻮齿⻯竜⻰龙⻱龜⻲亀⻳龟⼾户㫚曶㬵胶㬺幐㮣槩"
)
_CHARACTERS = _KANGXI | {
    ord(radical): ord(character)
    for radical, character in zip(_SUPPLEMENT[::2], _SUPPLEMENT[1::2], strict=True)
}
_CHARACTERS[0x09] = 0x20  # the engine calls the space a tab
# Nor are these written in any of our texts: a dash and a slash that share their glyph with others.
_CHARACTERS |= {0x2012: ord("–"), 0x2215: ord("／")}

_RANGE = re.compile(
    rb"<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]{4})> (?:<([0-9A-Fa-f]+)>|\[([0-9A-Fa-f<> ]+)\])"
)
_BLOCK = 100  # entries that a reader must accept in one go
_HEAD = b"""/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
"""
_TAIL = b"""endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""


def mend_text(pdf: pikepdf.Pdf) -> None:
    """Let every font of a file fresh from wkhtmltopdf say the character that was written.

    Other engines name their glyphs rightly, and what was bound once is mended already.
    """
    if not str(pdf.docinfo.get("/Creator", "")).startswith("wkhtmltopdf"):
        return
    for font in pdf.objects:
        if isinstance(font, pikepdf.Dictionary) and "/ToUnicode" in font:
            names = font["/ToUnicode"]
            names.write(_write(_read(names.read_bytes())))


def _read(cmap: bytes) -> Iterator[tuple[int, str]]:
    """Glyph numbers and the text they stand for, out of the ranges that the engine writes."""
    body = cmap.partition(b"endcodespacerange")[2]
    for first, last, start, listed in _RANGE.findall(body):
        glyphs = range(int(first, 16), int(last, 16) + 1)
        if listed:
            yield from zip(glyphs, map(_decode, listed.strip(b"<> ").split(b"> <")), strict=True)
        else:
            text = _decode(start)
            yield from (
                (glyph, text[:-1] + chr(ord(text[-1]) + n)) for n, glyph in enumerate(glyphs)
            )


def _write(names: Iterable[tuple[int, str]]) -> bytes:
    entries = [b"<%04X> <%s>\n" % (glyph, _encode(text)) for glyph, text in names]
    blocks = [entries[start : start + _BLOCK] for start in range(0, len(entries), _BLOCK)]
    lists = [b"%d beginbfchar\n%sendbfchar\n" % (len(block), b"".join(block)) for block in blocks]
    return b"".join([_HEAD, *lists, _TAIL])


def _decode(code: bytes) -> str:
    return bytes.fromhex(code.decode()).decode("utf-16-be")


def _encode(text: str) -> bytes:
    return text.translate(_CHARACTERS).encode("utf-16-be").hex().upper().encode()
