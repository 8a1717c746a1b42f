"""docs/library.md says what the library holds; its table is written from the files."""

from math import ceil
from pathlib import Path

from app.instruments.model import Instrument
from app.instruments.scales import Cutoff, Scale
from tests.factories.authoring import shipped_library

PAGE = Path(__file__).parents[2] / "docs" / "library.md"
LIBRARY = shipped_library()
SECONDS_AN_ITEM = 8

#: The order of the page: what somebody looks for, and what there is.
PURPOSES = {
    "Depression": ("phq9", "phqa", "phq2", "cesd", "sds"),
    "Anxiety": ("gad7", "gad2", "scared", "sas"),
    "Several at once": ("dass21", "mht", "mssmhs", "scl90", "upi"),
    "General signs in children": ("psc17", "psc17y", "sdq"),
    "Distress": ("k10", "k6"),
    "Well-being": ("who5", "swls"),
    "Suicide risk": ("asq",),
    "Stress": ("pss10",),
    "After an event": ("cries8", "pcptsd5"),
    "Sleep": ("isi", "ais", "sci"),
    "Self-esteem, mastery, resilience": ("rses", "gses", "brs"),
    "Support and loneliness": ("mspss", "uls8"),
    "Alcohol": ("audit_c", "audit"),
    "Phone use": ("sassv", "sabas"),
    "Exams": ("westside",),
    "Circumstances and class": ("background", "class_climate"),
    "Guides a talk": ("crisis_interview",),
}
LICENCES = {
    "public_domain": "public domain",
    "free_no_permission": "free, no permission needed",
    "free_with_conditions": "free with conditions",
    "non_commercial": "not commercial",
    "ask_permission": "ask for permission",
    "commercial": "sold",
    "unknown": "unsettled",
}


def table() -> str:
    """One row an instrument, grouped by purpose."""
    lines = [
        "| for | code | what it is | ages | items | minutes | licence | Chinese wording | cut-offs and their source |",  # noqa: E501 -- a table row
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for purpose, codes in PURPOSES.items():
        lines += [_row(purpose, LIBRARY[code]) for code in codes]
    return "\n".join(lines)


def _row(purpose: str, instrument: Instrument) -> str:
    who = {"guardian": " (guardian)", "interviewer": " (counsellor)"}
    items = len(instrument.items)
    cells = [
        purpose,
        f"`{instrument.code}`",
        instrument.title.get("en") + who.get(instrument.informant, ""),
        str(instrument.ages),
        str(items),
        str(ceil(items * SECONDS_AN_ITEM / 60)) if instrument.scales else "10",
        instrument.licence.name or LICENCES[instrument.licence.terms],
        _wording(instrument),
        _cutoffs(instrument),
    ]
    return f"| {' | '.join(cells)} |"


def _wording(instrument: Instrument) -> str:
    if not instrument.has_item_texts:
        return "shell: the site supplies it"
    status = instrument.translations["zh_Hans"].status
    return "**our own, not validated**" if status == "unvalidated" else status


def _cutoffs(instrument: Instrument) -> str:
    if not instrument.scales:
        return "counts nothing"
    with_cutoffs = [scale for scale in instrument.scales if scale.cutoffs]
    if with_cutoffs:
        more = f"; and {len(with_cutoffs) - 1} more scales" if len(with_cutoffs) > 1 else ""
        cutoffs = with_cutoffs[0].cutoffs
        return "; ".join(_cutoff(one, cutoffs[0].set) for one in cutoffs) + more
    described = next((scale for scale in instrument.scales if scale.bands or scale.rules), None)
    if described is None:
        return "none: no bands, no cut-off"
    return f"none: {_bands(described)}"


def _cutoff(cutoff: Cutoff, applied: str) -> str:
    bound = f"≥ {cutoff.at_least:g}" if cutoff.at_least is not None else f"≤ {cutoff.at_most:g}"
    mark = "" if cutoff.set == applied else "*not applied:* "
    return f"{mark}{bound} {cutoff.population} ({cutoff.source})"


def _bands(scale: Scale) -> str:
    if scale.rules:
        return "the published rule decides, every answer calls by itself"
    return f"bands describe ({scale.bands[0].source})"


def test_every_instrument_stands_on_the_page_once():
    listed = [code for codes in PURPOSES.values() for code in codes]

    assert sorted(listed) == sorted(LIBRARY)


def test_the_page_shows_the_library_as_it_is():
    page = PAGE.read_text(encoding="utf-8")

    assert table() in page, f"put this table into docs/library.md:\n{table()}"


def test_eighteen_instruments_come_with_full_wording_in_both_languages():
    full = [
        instrument
        for instrument in LIBRARY.values()
        if instrument.has_item_texts and {"zh_Hans", "en"} <= set(instrument.languages)
    ]

    assert len(full) >= 18
