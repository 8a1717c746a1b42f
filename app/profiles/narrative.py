"""A profile in words: facts are gathered here, and the rules of `wording.yaml` speak of them."""

from collections.abc import Iterator

from app.profiles.model import FlagReason, Profile, ScaleProfile
from app.profiles.phrases import date_text, say, told
from app.scoring.report import number_text


def sitting_facts(profile: Profile) -> frozenset[str]:
    """Return what rules about a whole sitting may ask, as far as it holds."""
    flags = profile.current_flags
    lanes, kinds = {flag.lane for flag in flags}, {flag.kind for flag in flags}
    held = {
        "unfinished": not profile.is_finished,
        "fast": "fast" in lanes,
        "same_day": "same_day" in lanes,
        "message": profile.has_message,
        "unscored": any(s.latest.score is None for s in profile.current_scales),
        "quality": any(instrument.quality for instrument in profile.instruments),
        **{kind: kind in kinds for kind in ("critical", "words", "request", "cutoff", "attention")},
    }
    return frozenset(fact for fact, holds in held.items() if holds)


def scale_facts(scale: ScaleProfile) -> frozenset[str]:
    """Return what rules about one scale may ask, as far as it holds."""
    if scale.latest.score is None:
        return frozenset({"unscored"})
    is_judged = scale.cutoff is not None and scale.is_within_ages
    held = {
        "scored": True,
        "reached": is_judged and scale.latest.reaches_cutoff,
        "below": is_judged and not scale.latest.reaches_cutoff,
        "low_is_worse": scale.higher_is == "better",
        "outside_ages": not scale.is_within_ages,
        "has_bands": bool(scale.zones) and scale.is_within_ages,
        "exactness_known": scale.latest.interval is not None and not scale.is_exactness_local,
        "exactness_local": scale.latest.interval is not None and scale.is_exactness_local,
    }
    facts = {fact for fact, holds in held.items() if holds}
    return frozenset(facts | _norm_facts(scale) | _change_facts(scale))


def _norm_facts(scale: ScaleProfile) -> set[str]:
    score = scale.latest.score
    if not scale.norms or score is None:
        return set()
    mean = scale.norms[0].mean
    if scale.norms[0].is_local:
        return {"local_norm"}
    return {"above_norm" if score > mean else "below_norm" if score < mean else "at_norm"}


def _change_facts(scale: ScaleProfile) -> set[str]:
    if scale.change is None:
        return set()
    if scale.change == 0:
        return {"same"}
    facts = {"changed", "rose" if scale.change > 0 else "fell"}
    if scale.higher_is != "neither":
        facts.add("harder" if (scale.change > 0) == (scale.higher_is == "worse") else "eased")
    if scale.is_reliable_change is not None:
        fact = "reliable" if scale.is_reliable_change else "within_error"
        # What rests on the school's own figures is told as that and decides no other sentence.
        facts.add(f"{fact}_local" if scale.is_exactness_local else fact)
    return facts


def steps(profile: Profile) -> tuple[str, ...]:
    """Return what to do now, the most urgent first; always at least one sentence."""
    return told(profile.locale, "steps", sitting_facts(profile))


def strengths(profile: Profile) -> tuple[str, ...]:
    """Return what is on the strong side: of each scale, then of the sitting."""
    return _beside_each_other(profile, "strengths")


def difficulties(profile: Profile) -> tuple[str, ...]:
    """Return what is hard: of each scale, then of the sitting."""
    return _beside_each_other(profile, "difficulties")


def _beside_each_other(profile: Profile, section: str) -> tuple[str, ...]:
    locale = profile.locale
    of_scales = (
        sentence
        for scale in profile.current_scales
        for sentence in told(locale, f"scale_{section}", scale_facts(scale), label=scale.label)
    )
    return (*of_scales, *told(locale, section, sitting_facts(profile)))


def opening(profile: Profile) -> str:
    """Return what was completed when, in which mode and language."""
    locale = profile.locale
    separator = "、" if locale == "zh_Hans" else ", "
    (sentence,) = told(
        locale,
        "opening",
        sitting_facts(profile),
        date=date_text(profile.taken_on, locale),
        campaign=profile.campaign,
        titles=separator.join(instrument.title for instrument in profile.instruments),
        mode=profile.mode,
        language=profile.language,
    )
    return sentence


def safety(profile: Profile) -> tuple[str, ...]:
    """Return what comes before any score: critical answers, messages, wishes."""
    return told(
        profile.locale,
        "safety",
        sitting_facts(profile),
        reasons=_whys(profile, "critical"),
        wishes=_whys(profile, "request"),
    )


def _whys(profile: Profile, kind: str) -> str:
    flags: list[FlagReason] = [flag for flag in profile.current_flags if flag.kind == kind]
    return say(profile.locale, "sep").join(flag.why for flag in flags)


def closing(profile: Profile) -> tuple[str, ...]:
    """Return what rules made of answers without a scale, and doubts about them."""
    return tuple(_closing(profile))


def _closing(profile: Profile) -> Iterator[str]:
    locale = profile.locale
    for instrument in profile.instruments:
        for outcome in instrument.outcomes:
            named = say(locale, "scale_of", instrument=instrument.title, scale=outcome)
            yield say(locale, "outcome_told", outcome=named)
        if instrument.quality:
            notes = say(locale, "sep").join(instrument.quality)
            yield say(locale, "quality_told", title=instrument.title, notes=notes)


def strong_words(profile: Profile) -> str:
    """Return the strengths in one sentence, nothing without any."""
    found = say(profile.locale, "sep").join(strengths(profile))
    return say(profile.locale, "strengths_told", strengths=found) if found else ""


def scale_words(scale: ScaleProfile, locale: str) -> str:
    """Return the sentences about one scale of the current sitting."""
    if not scale.latest.is_current:
        return ""
    return ("" if locale == "zh_Hans" else " ").join(_scale_sentences(scale, locale))


def _scale_sentences(scale: ScaleProfile, locale: str) -> Iterator[str]:
    facts = scale_facts(scale)
    yield from told(locale, "score", facts, **_score_words(scale))
    yield from told(locale, "band", facts, band=scale.latest.band)
    if "scored" in facts:
        yield from (say(locale, "outcome_told", outcome=outcome) for outcome in scale.outcomes)
    low, high = scale.latest.interval or (0.0, 0.0)
    yield from told(locale, "precision", facts, low=_tenths(low), high=_tenths(high))
    norm = scale.norms[0] if scale.norms else None
    yield from told(
        locale,
        "norm",
        facts,
        mean=_tenths(norm.mean) if norm else "",
        group=norm.population if norm else "",
        rank=norm.rank or norm.text if norm else "",
    )
    yield from told(locale, "change", facts, **_change_braces(scale, locale))


def _score_words(scale: ScaleProfile) -> dict[str, str]:
    return {
        "label": scale.label,
        "score": scale.latest.text,
        "maximum": number_text(scale.maximum),
        "cutoff": scale.cutoff.text if scale.cutoff else "",
    }


def _change_braces(scale: ScaleProfile, locale: str) -> dict[str, str]:
    before, difference = scale.previous, scale.change
    if before is None or difference is None:
        return {}
    return {
        "date": date_text(before.taken_on, locale),
        "before": before.text,
        "difference": number_text(abs(difference)),
        "way": say(locale, "more" if difference > 0 else "less"),
    }


def change_words(scale: ScaleProfile, locale: str) -> str:
    """Return whether the change since the last time is more than chance, nothing without one.

    References
    ----------
    Jacobson NS, Truax P. Clinical significance: a statistical approach to defining meaningful
    change in psychotherapy research. Journal of Consulting and Clinical Psychology 1991;59:12-19.
    """
    least = "" if scale.least_change is None else _tenths(scale.least_change)
    return "".join(told(locale, "reliability", scale_facts(scale), least=least))


def change_mark(scale: ScaleProfile, locale: str) -> str:
    """Return the arrow with its word that marks a reliable change, else nothing."""
    if not scale.is_reliable_change or scale.is_exactness_local or scale.change is None:
        return ""
    return say(locale, "rise" if scale.change > 0 else "fall")


def interval_words(scale: ScaleProfile, locale: str) -> str:
    """Return how exact the latest score is, or that nobody has published it."""
    if scale.latest.score is None:
        return ""
    if scale.latest.interval is None:
        return say(locale, "interval_unknown")
    low, high = scale.latest.interval
    kind = "interval_local" if scale.is_exactness_local else "interval"
    return say(locale, kind, low=_tenths(low), high=_tenths(high))


def _tenths(number: float) -> str:
    return number_text(round(number, 1))
