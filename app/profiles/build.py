"""From measurements, flags and answers to one person's profile."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from app.instruments.items import Item
from app.instruments.model import Instrument
from app.instruments.scales import RELIABLE, Scale
from app.profiles import axis
from app.profiles.inputs import Answered, LocalNorms, Measured, Raised, Sitting
from app.profiles.model import CriticalAnswer, Instance, Point, Profile, ScaleProfile
from app.profiles.narrative import (
    change_mark,
    change_words,
    closing,
    difficulties,
    interval_words,
    opening,
    safety,
    scale_words,
    steps,
    strengths,
    strong_words,
)
from app.profiles.norms import norm_lines, with_local_exactness
from app.profiles.phrases import has_word, say, score_text
from app.profiles.reasons import answer_text, beside_score, flag_reasons, short_title
from app.scoring.flags import reaches
from app.scoring.report import number_text


def build_profile(
    sitting: Sitting,
    *,
    measured: Sequence[Measured],
    flags: Sequence[Raised],
    answers: Sequence[Answered],
    instruments: Mapping[str, Instrument],
    locale: str,
    has_message: bool = False,
    local_norms: Mapping[str, LocalNorms] = MappingProxyType({}),
) -> Profile:
    """Return the profile of one person in one language.

    Parameters
    ----------
    sitting
        The current sitting; while it is under way it has flags but no scores.
    measured
        Everything of the person that was scored, the oldest first.
    flags
        Every flag of these sittings, as stored; the scores are not flagged again here.
    answers
        The answers of the current sitting to critical items.
    instruments
        By code, what flags and answers of unscored sittings were about.
    has_message
        Whether the student wrote to the counsellor in the current sitting.
    local_norms
        By instrument, norms that the school made of its own data and a person approved. They stand
        beside published ones, and hold for the version they were made with only.

    Notes
    -----
    A scale is drawn over all sittings that used an instrument of the same code, on the axis of its
    newest version; bands and cut-offs are those that were meant for the person at each sitting.
    """
    current = [m for m in measured if m.sitting == sitting]
    scales = tuple(
        _scale_profile(
            m,
            scale,
            [o for o in measured if o.instrument.code == code],
            sitting,
            locale,
            _of_version(local_norms.get(code), m.instrument),
        )
        for code, m in _newest(measured, current).items()
        for scale in _drawn_scales(m.instrument)
    )
    by_code = {**instruments, **{m.instrument.code: m.instrument for m in measured}}
    critical = _critical_answers(by_code, answers, locale)
    reasons = flag_reasons(flags, by_code, sitting, locale)
    profile = Profile(
        locale=locale,
        campaign=sitting.campaign,
        taken_on=sitting.taken_on,
        mode=say(locale, f"mode_{sitting.mode}"),
        language=say(locale, f"language_{sitting.language}"),
        is_finished=sitting.is_finished,
        instruments=tuple(_instance(m, locale) for m in current),
        scales=scales,
        critical=critical,
        flags=reasons,
        steps=(),
        opening="",
        safety=(),
        closing=(),
        caveat=say(locale, "caveat"),
        strengths=(),
        has_message=has_message,
    )
    return _with_words(profile)


def _of_version(local: LocalNorms | None, instrument: Instrument) -> LocalNorms | None:
    return local if local is not None and local.version == instrument.version else None


def _with_words(profile: Profile) -> Profile:
    scales = tuple(
        replace(
            s,
            words=scale_words(s, profile.locale),
            change_words=change_words(s, profile.locale),
            change_mark=change_mark(s, profile.locale),
            interval_words=interval_words(s, profile.locale),
        )
        for s in profile.scales
    )
    return replace(
        profile,
        scales=scales,
        flags=tuple(
            replace(f, beside=beside_score(f, scales, profile.locale)) for f in profile.flags
        ),
        steps=steps(profile),
        opening=opening(profile),
        safety=safety(profile),
        closing=closing(profile),
        strengths=strengths(profile),
        difficulties=difficulties(profile),
        strong_words=strong_words(profile),
    )


def _newest(measured: Sequence[Measured], current: Sequence[Measured]) -> dict[str, Measured]:
    """The newest measurement of each instrument, those of the current sitting first."""
    newest = {m.instrument.code: m for m in measured}
    order = [*(m.instrument.code for m in current), *newest]
    return {code: newest[code] for code in order}


def _instance(measured: Measured, locale: str) -> Instance:
    instrument = measured.instrument
    return Instance(
        code=instrument.code,
        title=instrument.title.get(locale),
        version=instrument.version,
        engine_version=measured.engine_version,
        recall=instrument.recall.get(locale),
        quality=_quality(measured, locale),
        outcomes=() if _drawn_scales(instrument) else _outcomes(measured, locale),
    )


def _quality(measured: Measured, locale: str) -> tuple[str, ...]:
    rules = {rule.code: rule.title.get(locale) for rule in measured.instrument.flags}
    return tuple(
        rules[code] if code in rules else _quality_words(code, number, locale)
        for code, number in measured.quality.items()
        if code in rules or has_word(f"quality_{code}")
    )


def _quality_words(code: str, number: float | None, locale: str) -> str:
    share = 0 if number is None else round(number * 100)
    seconds = "" if number is None else number_text(number)
    return say(locale, f"quality_{code}", share=share, seconds=seconds)


def _scale_profile(
    newest: Measured,
    scale: Scale,
    measured: Sequence[Measured],
    sitting: Sitting,
    locale: str,
    local: LocalNorms | None,
) -> ScaleProfile:
    instrument, published = newest.instrument, scale
    scale = with_local_exactness(scale, local, locale)
    bands = axis.bands_for(scale, newest.person)
    cutoff = axis.cutoff_for(scale, newest.person)
    title = short_title(instrument, locale)
    points = tuple(_point(m, scale, sitting, locale) for m in measured if scale.code in m.scores)
    return ScaleProfile(
        instrument=instrument.code,
        scale=scale.code,
        title=scale.title.get(locale),
        label=_scale_label(instrument, scale, title, locale),
        minimum=float(scale.range[0]),
        maximum=float(scale.range[1]),
        higher_is=scale.higher_is,
        direction=say(locale, f"direction_{scale.higher_is}"),
        zones=axis.zones(scale, bands, locale) if bands else (),
        zones_title=axis.common_title(bands, locale) if bands else "",
        bands_source=bands.source if bands else "",
        bands_population=bands.population if bands else "",
        cutoff=axis.cutoff_line(cutoff, bands, locale) if cutoff else None,
        outcomes=_outcomes(newest, locale) if published == _drawn_scales(instrument)[0] else (),
        points=points,
        is_within_ages=newest.person.age is None or instrument.ages.contains(newest.person.age),
        least_change=scale.least_change,
        reliability_source=_reliability_source(scale),
        is_exactness_local=scale.reliability != published.reliability,
        norms=norm_lines(
            published, instrument, local, newest.scores[scale.code].score, newest.person, locale
        ),
        informant="" if instrument.informant == "self" else say(locale, instrument.informant),
    )


def _reliability_source(scale: Scale) -> str:
    if scale.reliability is None:
        return ""
    return f"{scale.reliability.source}; {scale.reliability.population}"


def _drawn_scales(instrument: Instrument) -> list[Scale]:
    """The scales with an axis; an outcome of rules is a sentence beside them."""
    return [scale for scale in instrument.scales if scale.method != "rules"]


def _outcomes(measured: Measured, locale: str) -> tuple[str, ...]:
    """The outcomes of rules, told beside the first drawn scale, or the instrument without any."""
    return tuple(
        say(locale, "outcome", scale=by_rules.title.get(locale), outcome=rule.label.get(locale))
        for by_rules in measured.instrument.scales
        for rule in by_rules.rules
        if by_rules.code in measured.scores and measured.scores[by_rules.code].band == rule.band
    )


def _scale_label(instrument: Instrument, scale: Scale, title: str, locale: str) -> str:
    if len(_drawn_scales(instrument)) == 1:
        return title
    return say(locale, "scale_of", instrument=title, scale=scale.title.get(locale))


def _point(measured: Measured, scale: Scale, current: Sitting, locale: str) -> Point:
    score = measured.scores[scale.code]
    return Point(
        taken_on=measured.sitting.taken_on,
        campaign=measured.sitting.campaign,
        score=score.score,
        text=score_text(score.score, locale),
        band=_band_label(measured, score.band, scale, locale),
        answered=score.answered,
        items=score.answered + score.missing,
        is_prorated=score.prorated,
        reaches_cutoff=_reaches(measured, score.score, scale),
        version=measured.instrument.version,
        mode=say(locale, f"mode_{measured.sitting.mode}"),
        is_current=measured.sitting == current,
        interval=_interval(score.score, scale),
        rescored=measured.rescored,
    )


def _interval(score: float | None, scale: Scale) -> tuple[float, float] | None:
    """Return score ± 1.96 standard errors of measurement, inside the scale's range."""
    if score is None or scale.reliability is None:
        return None
    half = RELIABLE * scale.reliability.standard_error
    return max(float(scale.range[0]), score - half), min(float(scale.range[1]), score + half)


def _band_label(measured: Measured, code: str | None, scale: Scale, locale: str) -> str:
    entry = axis.bands_for(scale, measured.person)
    band = next((b for b in entry.bands if b.code == code), None) if entry else None
    return band.label.get(locale) if band else say(locale, "no_band")


def _reaches(measured: Measured, score: float | None, scale: Scale) -> bool:
    cutoff = axis.cutoff_for(scale, measured.person)
    if cutoff is None or score is None:
        return False
    age = measured.person.age
    if age is not None and not measured.instrument.ages.contains(age):
        return False
    return bool(reaches(np.array([score]), cutoff)[0])


def _critical_answers(
    instruments: dict[str, Instrument], answers: Sequence[Answered], locale: str
) -> tuple[CriticalAnswer, ...]:
    rows = []
    for answered in answers:
        item = instruments[answered.instrument].item(answered.item)
        rows.append(
            CriticalAnswer(
                instrument=answered.instrument,
                item=item.code,
                text=item.text.get(locale) if item.text else item.code,
                answer=answer_text(item, answered.value, refused=answered.refused, locale=locale),
                is_critical=_is_critical(item, answered),
            )
        )
    return tuple(rows)


def _is_critical(item: Item, answered: Answered) -> bool:
    if answered.refused:
        return item.critical_rule("refused") is not None
    return answered.value is not None and item.critical_rule(answered.value) is not None
