"""A report on a campaign, or on one school of it, from the counts."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from operator import itemgetter

from sqlalchemy import String, select, type_coerce

from app.authoring.models import InstrumentVersion
from app.authoring.queries import instrument_of
from app.campaigns.models import Campaign
from app.instruments.model import Instrument
from app.instruments.scales import Scale
from app.people.domain import Sex
from app.platform.db import db
from app.psychometrics.comparison import Moments
from app.results.queries import versions_of
from app.statistics.domain.items import ItemShare, item_shares
from app.statistics.domain.participation import Part, Participation, parts_of
from app.statistics.domain.report import (
    FEWEST_INSIDE,
    FEWEST_OUTSIDE,
    Cell,
    Place,
    PlaceKind,
    ScaleCells,
    ScaleFacts,
    ScaleReport,
    Shown,
    report_on,
)
from app.statistics.models import CampaignCount, CohortCount, ItemCount, ScaleCount
from app.statistics.queries.places import campaigns_before, class_key, is_counted, tree_of

#: Girls first: the difference is theirs minus the boys'.
SEXES = (Sex.FEMALE.value, Sex.MALE.value)

ScaleKey = tuple[str, str]


@dataclass(frozen=True)
class InstrumentReport:
    """What one instrument says of a place."""

    instrument: Instrument
    scales: Sequence[tuple[Scale, ScaleReport]]
    #: The last earlier campaign in which it was asked, as far as it is counted.
    before: Campaign | None
    items: Sequence[ItemShare]


@dataclass(frozen=True)
class GroupReport:
    """All that a report says, whatever it is written as."""

    campaign: Campaign
    place: Place
    #: A report that leaves the school shows no count below 10, one inside none below 5.
    fewest: int
    participation: Participation
    instruments: Sequence[InstrumentReport]
    #: Of a school's grades and classes by their keys; empty of other places, and of a school that
    #: was counted before classes were.
    parts: Mapping[str, Part] = field(default_factory=dict)


def report_of(campaign: Campaign, key: str, *, leaves: bool = False) -> GroupReport | None:
    """The report on one place of a campaign; None where the campaign has no such place.

    `leaves` says that it goes out of the school even if it is about one school only.
    """
    tree = tree_of(campaign)
    place = tree.find(key)
    if place is None or not is_counted(campaign):
        return None
    # What leaves a school goes by the stricter rule; the rule decides over the whole campaign.
    is_outside = leaves or place.kind in {PlaceKind.CAMPAIGN, PlaceKind.COUNTY}
    versions, cells = versions_of(campaign.id), _cells(campaign, tree)
    before = _last_times(campaign, versions, _site_ids(place))
    # Most often all instruments were asked in one and the same campaign before.
    then = {one.id: _cells(one, tree_of(one)) for one in set(before.values())}
    instruments = []
    for code, version in versions.items():
        last = before.get(code)
        scales = _scales(
            instrument_of(version), cells, then[last.id] if last else {}, place, is_outside
        )
        items = _items(campaign, last, instrument_of(version), place)
        instruments.append(InstrumentReport(instrument_of(version), scales, last, items))
    return GroupReport(
        campaign,
        place,
        FEWEST_OUTSIDE if is_outside else FEWEST_INSIDE,
        _participation(campaign, place),
        _equally_sized([one for one in instruments if one.scales]),
        _parts(campaign, place) if place.kind is PlaceKind.SITE else {},
    )


def _equally_sized(instruments: Sequence[InstrumentReport]) -> list[InstrumentReport]:
    """What one scale keeps to itself of how many were counted in a place, every other does.

    Most who answer one questionnaire answer all: beside another size it could be worked out.
    """
    scales = [says for one in instruments for _scale, says in one.scales]
    untold = frozenset[str]().union(*(says.sizeless for says in scales))
    return [
        replace(one, scales=[(scale, says.without_sizes(untold)) for scale, says in one.scales])
        for one in instruments
    ]


def _last_times(
    campaign: Campaign, versions: Mapping[str, InstrumentVersion], site_ids: Collection[int]
) -> dict[str, Campaign]:
    """By instrument, the last campaign counted there before in which it was asked."""
    found: dict[str, Campaign] = {}
    for one in campaigns_before(campaign, site_ids):
        if found.keys() >= versions.keys():
            break
        for code in versions_of(one.id):
            if code in versions:
                found.setdefault(code, one)
    return found


def facts_of(instrument: Instrument, scale: Scale) -> ScaleFacts | None:
    """What a report needs of a scale; None for one without bands by score."""
    if not scale.bands:
        return None
    bands = scale.bands[0].bands
    return ScaleFacts(
        instrument.code,
        scale.code,
        tuple(band.code for band in bands),
        _split(scale),
        scale.higher_is == "better",
    )


def _split(scale: Scale) -> int | None:
    """The first band on the far side of the cut-off, where the cut-off parts two bands."""
    if not scale.cutoffs:
        return None
    cutoff, bands = scale.cutoffs[0], scale.bands[0].bands
    for number, band in enumerate(bands[1:], start=1):
        last, start = bands[number - 1].end, band.start
        if start is None:
            continue
        if cutoff.at_least is not None and start == cutoff.at_least:
            return number
        if cutoff.at_most is not None and last is not None and last <= cutoff.at_most < start:
            return number
    return None


def _cells(campaign: Campaign, tree: Place) -> Mapping[ScaleKey, ScaleCells]:
    """Every banded scale of the campaign with its counts."""
    facts = {
        (code, scale.code): found
        for code, version in versions_of(campaign.id).items()
        for scale in instrument_of(version).scales
        if (found := facts_of(instrument_of(version), scale))
    }
    return {
        key: ScaleCells(found, tree, _cells_of(campaign, found)) for key, found in facts.items()
    }


def _cells_of(campaign: Campaign, facts: ScaleFacts) -> Mapping[str, Mapping[str, Cell]]:
    """The cells of one scale; each class and sex comes with all its bands one after the other."""
    query = (
        select(
            ScaleCount.cohort_id,
            # A word is as good as the enumeration here, and there are tens of thousands.
            type_coerce(ScaleCount.sex, String),
            ScaleCount.band,
            ScaleCount.n,
            ScaleCount.total,
            ScaleCount.squares,
        )
        .where(
            ScaleCount.campaign_id == campaign.id,
            ScaleCount.instrument_code == facts.instrument,
            ScaleCount.scale == facts.scale,
            ScaleCount.band.in_(facts.bands),
        )
        .order_by(ScaleCount.cohort_id, ScaleCount.sex)
    )
    places = {band: number for number, band in enumerate(facts.bands)}
    cells: dict[str, dict[str, Cell]] = defaultdict(dict)
    rows = db.session.execute(query).all()
    for (cohort_id, sex), bands in groupby(rows, key=itemgetter(0, 1)):
        counts = [0] * len(places)
        number, total, squares = 0, 0.0, 0.0
        for _cohort, _sex, band, n, of_scores, of_squares in bands:
            counts[places[band or ""]] += n
            number, total, squares = number + n, total + of_scores, squares + of_squares
        cells[class_key(cohort_id)][sex or ""] = Cell(
            tuple(counts), Moments(number, total, squares)
        )
    return cells


def _scales(
    instrument: Instrument,
    cells: Mapping[ScaleKey, ScaleCells],
    then: Mapping[ScaleKey, ScaleCells],
    place: Place,
    is_outside: bool,
) -> list[tuple[Scale, ScaleReport]]:
    found = []
    for scale in instrument.scales:
        counted = cells.get((instrument.code, scale.code))
        if counted is None:
            continue
        last = then.get((instrument.code, scale.code))
        before = Shown(last, is_outside=is_outside) if last else None
        shown = Shown(counted, is_outside=is_outside)
        found.append((scale, report_on(shown, place, before, SEXES)))
    return found


def _items(
    campaign: Campaign, before: Campaign | None, instrument: Instrument, place: Place
) -> Sequence[ItemShare]:
    """Items of one school; over several schools one could be subtracted from the others."""
    if place.kind is not PlaceKind.SITE:
        return []
    (site_id,) = _site_ids(place)
    then = _item_counts(before, site_id, instrument.code) if before else {}
    return item_shares(instrument, _item_counts(campaign, site_id, instrument.code), then)


def _item_counts(campaign: Campaign, site_id: int, code: str) -> Mapping[str, Mapping[float, int]]:
    query = select(ItemCount.item_code, ItemCount.value, ItemCount.n).where(
        ItemCount.campaign_id == campaign.id,
        ItemCount.site_id == site_id,
        ItemCount.instrument_code == code,
    )
    counts: dict[str, dict[float, int]] = defaultdict(dict)
    for item, value, n in db.session.execute(query):
        counts[item][value] = n
    return counts


def _participation(campaign: Campaign, place: Place) -> Participation:
    query = select(
        CampaignCount.invited,
        CampaignCount.finished,
        CampaignCount.answered,
        CampaignCount.careless,
    ).where(CampaignCount.campaign_id == campaign.id, CampaignCount.site_id.in_(_site_ids(place)))
    return sum((Participation(*row) for row in db.session.execute(query)), Participation())


def _parts(campaign: Campaign, school: Place) -> dict[str, Part]:
    """By the stricter rule, for they are asked for by what leaves the school."""
    query = select(
        CohortCount.cohort_id, CohortCount.invited, CohortCount.finished, CohortCount.answered
    ).where(CohortCount.campaign_id == campaign.id, CohortCount.site_id.in_(_site_ids(school)))
    classes = {class_key(cohort): Participation(*row) for cohort, *row in db.session.execute(query)}
    return parts_of(school, classes, fewest=FEWEST_OUTSIDE)


def _site_ids(place: Place) -> list[int]:
    """The schools of a place, itself included."""
    inside = (one for _depth, one in place.walk() if one.kind is PlaceKind.SITE)
    return [int(one.key.removeprefix("site:")) for one in inside]
