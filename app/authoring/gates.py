"""What stands between a draft and students: each gate is passed, or says that it is not."""

from collections.abc import Iterator

from app.access.actor import Actor
from app.authoring.checking import Checked, check_files
from app.authoring.domain import Gate
from app.authoring.models import InstrumentDraft
from app.authoring.queries.versions import version_of
from app.instruments.items import Item
from app.instruments.lexicon import find_critical
from app.instruments.model import Instrument
from app.instruments.validate import check_languages
from app.instruments.validate_items import check_lexicon


def closed_gates(draft: InstrumentDraft, reviewer: Actor | None = None) -> tuple[Gate, ...]:
    """The gates that `draft` does not pass; without a reviewer nobody is asked to be another."""
    return tuple(_closed(draft, check_files(draft.files), reviewer))


def calls_somebody(instrument: Instrument) -> bool:
    """Whether an answer calls a person, or a wording speaks of self-harm at all."""
    return any(item.critical or _speaks_of_harm(item) for item in instrument.items)


def _closed(draft: InstrumentDraft, checked: Checked, reviewer: Actor | None) -> Iterator[Gate]:
    if checked.compiled is None:
        yield Gate.READS
    if checked.instrument is not None:
        yield from _closed_by_content(draft, checked.instrument, checked)
    if not (draft.licence_proof or "").strip():
        yield Gate.LICENCE
    if reviewer is not None and reviewer.user_id == draft.author_id:
        yield Gate.SECOND_PERSON


def _closed_by_content(
    draft: InstrumentDraft, instrument: Instrument, checked: Checked
) -> Iterator[Gate]:
    if not instrument.examples or (checked.compiled is not None and checked.problems):
        yield Gate.EXAMPLES
    if any(check_languages(instrument)):
        yield Gate.LANGUAGES
    if any(found for item in instrument.items for found in check_lexicon((), item)):
        yield Gate.CRITICAL
    if calls_somebody(instrument) and not draft.pathway.strip():
        yield Gate.PATHWAY
    if version_of(instrument.code, instrument.version) is not None:
        yield Gate.VERSION


def _speaks_of_harm(item: Item) -> bool:
    texts = [item.text, *(variant.text for variant in item.variants)]
    texts += [option.label for option in item.options]
    return any(find_critical(words) for text in texts if text for words in text.root.values())
