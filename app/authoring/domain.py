"""Words about instruments: published versions, and the drafts they come from."""

from collections.abc import Mapping
from enum import StrEnum

from app.instruments.loader import EXAMPLES_FILE, INSTRUMENT_FILE, NORMS_FILE

#: The files of an instrument in the order in which they are written; the first is never missing.
FILES = (INSTRUMENT_FILE, EXAMPLES_FILE, NORMS_FILE)

#: {file name: text}, exactly as written.
Files = Mapping[str, str]


#: What the program itself asks for: the safety interview, and what drills are held with.
NEEDED = frozenset({"crisis_interview", "phq9"})


class DraftState(StrEnum):
    """Where a draft stands."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


#: What may become of a draft in each state; published and withdrawn ones rest.
NEXT: Mapping[DraftState, frozenset[DraftState]] = {
    DraftState.DRAFT: frozenset({DraftState.IN_REVIEW, DraftState.WITHDRAWN}),
    DraftState.IN_REVIEW: frozenset(
        {DraftState.DRAFT, DraftState.RETURNED, DraftState.PUBLISHED, DraftState.WITHDRAWN}
    ),
    DraftState.RETURNED: frozenset({DraftState.IN_REVIEW, DraftState.WITHDRAWN}),
    DraftState.PUBLISHED: frozenset(),
    DraftState.WITHDRAWN: frozenset(),
}

#: States in which the author writes.
OPEN = frozenset({DraftState.DRAFT, DraftState.RETURNED})


class DraftOrigin(StrEnum):
    """What a draft began as."""

    BLANK = "blank"
    STARTER = "starter"
    PASTE = "paste"
    COPY = "copy"


class Gate(StrEnum):
    """What a draft has to pass before it may serve."""

    READS = "reads"
    EXAMPLES = "examples"
    LANGUAGES = "languages"
    CRITICAL = "critical"
    PATHWAY = "pathway"
    LICENCE = "licence"
    VERSION = "version"
    SECOND_PERSON = "second_person"


class VersionTakenError(ValueError):
    """A published version never changes: other content needs another version number."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(
            f"already published with other content: {', '.join(names)}; "
            "give the changed file a new version."
        )


class UnknownInstrumentError(LookupError):
    """No instrument of that code is in service."""

    def __init__(self, code: str) -> None:
        super().__init__(f"no instrument is called “{code}”; publish the library first.")


class DraftStateError(ValueError):
    """The draft has moved on: in its state this cannot be done."""


class NeededError(ValueError):
    """Without this version the program could not hold a safety interview or a drill."""


class DraftChangedError(ValueError):
    """Somebody saved the draft since it was read: neither text may replace the other unseen."""


class GatesClosedError(ValueError):
    """The draft is not fit to serve; `gates` are those it does not pass."""

    def __init__(self, gates: tuple[Gate, ...]) -> None:
        self.gates = gates
        super().__init__(f"does not pass: {', '.join(gates)}")
