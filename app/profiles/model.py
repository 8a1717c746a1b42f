"""What a profile says, in one language."""

from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True)
class Zone:
    """A band on the axis, from edge to edge, with its name; rank 0 is the least worrying."""

    low: float
    high: float
    name: str
    rank: int


@dataclass(frozen=True)
class CutoffLine:
    """Where following up begins: the edge on the axis, the threshold in words, and whose it is."""

    edge: float
    text: str
    label: str
    source: str
    population: str


@dataclass(frozen=True)
class NormLine:
    """Where the mean of a norm group lies on the axis, and whose mean it is."""

    mean: float
    text: str
    is_local: bool
    size: int
    source: str
    population: str
    collected: str
    #: Where the latest score stands in a local group, in words with its interval.
    rank: str = ""


@dataclass(frozen=True)
class Rescored:
    """That a score was worked out anew, by the version it now names; when, and why."""

    on: date
    reason: str = field(repr=False)


@dataclass(frozen=True)
class Point:
    """One score of the person, at one campaign."""

    taken_on: date
    campaign: str
    score: float | None
    text: str
    band: str
    answered: int
    items: int
    is_prorated: bool
    reaches_cutoff: bool
    version: str
    mode: str
    is_current: bool
    #: In 95 of 100 cases the true score lies inside; None where no reliability is cited.
    interval: tuple[float, float] | None = None
    #: For the counsellor alone.
    rescored: Rescored | None = None


@dataclass(frozen=True)
class ScaleProfile:
    """One scale over time against its bands, the newest point last."""

    instrument: str
    scale: str
    title: str
    label: str
    minimum: float
    maximum: float
    higher_is: str
    direction: str
    zones: tuple[Zone, ...]
    zones_title: str
    bands_source: str
    bands_population: str
    cutoff: CutoffLine | None
    #: What the instrument's own rules made of the newest answers, in words.
    outcomes: tuple[str, ...]
    points: tuple[Point, ...]
    is_within_ages: bool
    #: The smallest difference that is no chance (Jacobson & Truax 1991), None without a citation.
    least_change: float | None = None
    #: Whose reliability the interval and the least change rest on, empty where none is cited.
    reliability_source: str = ""
    #: Whether it is the school's own figure, because none is published.
    is_exactness_local: bool = False
    #: Published norms first, local ones after them.
    norms: tuple[NormLine, ...] = ()
    #: Who answered, in words; empty for the student.
    informant: str = ""
    #: Whether the change since the last time is more than chance, in words with an arrow.
    change_words: str = ""
    #: The arrow with its word, where the change is reliable.
    change_mark: str = ""
    #: How exact the latest score is, or that nobody has published it.
    interval_words: str = ""
    #: The narrative's sentences about this scale; empty where the current sitting did not score it.
    words: str = ""

    @property
    def latest(self) -> Point:
        """The newest point, that of the current sitting where it is scored already."""
        return self.points[-1]

    @property
    def change(self) -> float | None:
        """How far the latest score lies from the one before, None where one of them is missing."""
        if self.latest.score is None or self.previous is None or self.previous.score is None:
            return None
        return self.latest.score - self.previous.score

    @property
    def is_reliable_change(self) -> bool | None:
        """Whether the change is larger than chance allows; None where no figure is published."""
        if self.least_change is None or self.change is None:
            return None
        return abs(self.change) >= self.least_change

    @property
    def previous(self) -> Point | None:
        """The scored point before the latest one."""
        return next((point for point in self.points[-2::-1] if point.score is not None), None)


@dataclass(frozen=True, repr=False)
class CriticalAnswer:
    """What was answered to a critical item of the current sitting."""

    instrument: str
    item: str
    text: str
    answer: str
    is_critical: bool


@dataclass(frozen=True, repr=False)
class FlagReason:
    """A flag in words: what fired, exactly why, and how fast somebody is to look."""

    kind: str
    lane: str | None
    title: str
    why: str
    raised_at: datetime
    taken_on: date
    note: str
    is_current: bool
    #: By instrument and scale, what the flag is about; None where it is about no score.
    about: tuple[str, str] | None = None
    #: What else is known of the score: it explains, and raises or lowers nothing.
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, repr=False)
class FlagGroup:
    """Flags of one sitting that share their title and haste."""

    title: str
    lane: str | None
    flags: tuple[FlagReason, ...]


@dataclass(frozen=True)
class Instance:
    """One instrument of the current sitting: which version, and how well it was answered."""

    code: str
    title: str
    version: str
    engine_version: str
    recall: str
    quality: tuple[str, ...]
    #: What its own rules made of the answers, where it has no scale beside which to say it.
    outcomes: tuple[str, ...] = ()


@dataclass(frozen=True, repr=False)
class Profile:
    """One person's picture in one language."""

    locale: str
    campaign: str
    taken_on: date
    mode: str
    language: str
    is_finished: bool
    instruments: tuple[Instance, ...]
    scales: tuple[ScaleProfile, ...]
    critical: tuple[CriticalAnswer, ...]
    flags: tuple[FlagReason, ...]
    steps: tuple[str, ...]
    #: The narrative's parts: how it was taken, what comes before scores and after them, its limits.
    opening: str
    safety: tuple[str, ...]
    closing: tuple[str, ...]
    caveat: str
    strengths: tuple[str, ...]
    difficulties: tuple[str, ...] = ()
    strong_words: str = ""
    #: Whether the student wrote to the counsellor; the words themselves stay with the room.
    has_message: bool = False

    @property
    def current_flags(self) -> tuple[FlagReason, ...]:
        """The flags of the current sitting."""
        return tuple(flag for flag in self.flags if flag.is_current)

    @property
    def narrative(self) -> tuple[str, ...]:
        """The whole narrative, one paragraph an element."""
        words = (scale.words for scale in self.scales if scale.words)
        strong = (self.strong_words,) if self.strong_words else ()
        return (self.opening, *self.safety, *words, *self.closing, *strong, self.caveat)

    @property
    def current_scales(self) -> tuple[ScaleProfile, ...]:
        """The scales that the current sitting scored."""
        return tuple(scale for scale in self.scales if scale.latest.is_current)

    @property
    def grouped_flags(self) -> tuple[FlagGroup, ...]:
        """The current flags, those of one title and haste together."""
        groups: dict[tuple[str, str | None], list[FlagReason]] = {}
        for flag in self.current_flags:
            groups.setdefault((flag.title, flag.lane), []).append(flag)
        return tuple(FlagGroup(title, lane, tuple(g)) for (title, lane), g in groups.items())

    @property
    def is_urgent(self) -> bool:
        """Whether somebody has to look within minutes or before school is over."""
        return any(flag.lane for flag in self.current_flags)

    @property
    def earlier_flags(self) -> tuple[FlagReason, ...]:
        """The flags of earlier sittings."""
        return tuple(flag for flag in self.flags if not flag.is_current)
