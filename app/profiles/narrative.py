"""Rules that put a profile into a few sentences: what now, what was seen, what is strong."""

from collections.abc import Iterator

from app.profiles.model import FlagReason, Profile, ScaleProfile
from app.profiles.phrases import date_text, say
from app.scoring.report import number_text


def steps(profile: Profile) -> tuple[str, ...]:
    """Return what to do now, the most urgent first; always at least one sentence."""
    flags = profile.current_flags
    lanes = {flag.lane for flag in flags}
    kinds = {flag.kind for flag in flags}
    rules = (
        ("step_fast", "fast" in lanes),
        ("step_same_day", "same_day" in lanes and "fast" not in lanes),
        ("step_talk", "request" in kinds and "fast" not in lanes),
        ("step_cutoff", "cutoff" in kinds),
        ("step_attention", "attention" in kinds),
        ("step_unscored", any(s.latest.score is None for s in profile.current_scales)),
        ("step_quality", any(instrument.quality for instrument in profile.instruments)),
    )
    chosen = tuple(say(profile.locale, phrase) for phrase, applies in rules if applies)
    return chosen or (say(profile.locale, "step_none"),)


def strengths(profile: Profile) -> tuple[str, ...]:
    """Return what is on the strong side, from scores below their cut-off and what was dared."""
    locale = profile.locale
    found = [
        say(locale, "s_below", label=scale.label)
        for scale in profile.current_scales
        if _is_strong(scale)
    ]
    if any(flag.kind == "request" for flag in profile.current_flags):
        found.append(say(locale, "s_wish"))
    return tuple(found)


def opening(profile: Profile) -> str:
    """Return what was completed when, in which mode and language."""
    locale = profile.locale
    if not profile.is_finished:
        day = date_text(profile.taken_on, locale)
        return say(locale, "n_unfinished", date=day, campaign=profile.campaign)
    separator = "、" if locale == "zh_Hans" else ", "
    return say(
        locale,
        "n_taken",
        date=date_text(profile.taken_on, locale),
        campaign=profile.campaign,
        titles=separator.join(instrument.title for instrument in profile.instruments),
        mode=profile.mode,
        language=profile.language,
    )


def safety(profile: Profile) -> tuple[str, ...]:
    """Return what comes before any score: critical answers, messages, wishes."""
    return tuple(_safety(profile))


def scale_words(scale: ScaleProfile, locale: str) -> str:
    """Return the sentences about one scale of the current sitting."""
    if not scale.latest.is_current:
        return ""
    return ("" if locale == "zh_Hans" else " ").join(_scale_sentences(scale, locale))


def closing(profile: Profile) -> tuple[str, ...]:
    """Return what rules made of answers without a scale, doubts about them, and what is strong."""
    return tuple(_closing(profile))


def _closing(profile: Profile) -> Iterator[str]:
    locale = profile.locale
    for instrument in profile.instruments:
        for outcome in instrument.outcomes:
            named = say(locale, "scale_of", instrument=instrument.title, scale=outcome)
            yield say(locale, "n_outcome", outcome=named)
        if instrument.quality:
            notes = say(locale, "sep").join(instrument.quality)
            yield say(locale, "n_quality", title=instrument.title, notes=notes)
    if found := strengths(profile):
        yield say(locale, "n_strengths", strengths=say(locale, "sep").join(found))


def _safety(profile: Profile) -> Iterator[str]:
    locale = profile.locale
    critical = _whys(profile, "critical")
    if critical:
        yield say(locale, "n_critical", reasons=critical)
    if any(flag.kind == "words" for flag in profile.current_flags):
        yield say(locale, "n_words")
    if wishes := _whys(profile, "request"):
        yield say(locale, "n_request", reasons=wishes)


def _whys(profile: Profile, kind: str) -> str:
    flags: list[FlagReason] = [flag for flag in profile.current_flags if flag.kind == kind]
    return say(profile.locale, "sep").join(flag.why for flag in flags)


def _scale_sentences(scale: ScaleProfile, locale: str) -> Iterator[str]:
    latest = scale.latest
    if latest.score is None:
        yield say(locale, "n_unscored", label=scale.label)
        return
    yield _score_sentence(scale, locale)
    if not scale.is_within_ages:
        yield say(locale, "n_no_band")
    elif scale.zones:
        yield say(locale, "n_band", band=latest.band)
    for outcome in scale.outcomes:
        yield say(locale, "n_outcome", outcome=outcome)
    if scale.previous:
        yield _change_sentence(scale, locale)


def _score_sentence(scale: ScaleProfile, locale: str) -> str:
    words = {
        "label": scale.label,
        "score": scale.latest.text,
        "maximum": number_text(scale.maximum),
    }
    if scale.cutoff is None or not scale.is_within_ages:
        return say(locale, "n_plain", **words)
    phrase = "n_below"
    if scale.latest.reaches_cutoff:
        phrase = "n_reached_le" if scale.higher_is == "better" else "n_reached"
    return say(locale, phrase, cutoff=scale.cutoff.text, **words)


def _change_sentence(scale: ScaleProfile, locale: str) -> str:
    before, difference = scale.previous, scale.change
    if before is None or difference is None:
        return ""
    day = date_text(before.taken_on, locale)
    if difference == 0:
        return say(locale, "n_same", date=day)
    way = "up" if difference > 0 else "down"
    return say(
        locale,
        f"n_{way}_{scale.higher_is}",
        date=day,
        before=before.text,
        difference=number_text(abs(difference)),
    )


def change_words(scale: ScaleProfile, locale: str) -> str:
    """Return whether the change since the last time is more than chance, nothing without one.

    References
    ----------
    Jacobson NS, Truax P. Clinical significance: a statistical approach to defining meaningful
    change in psychotherapy research. Journal of Consulting and Clinical Psychology 1991;59:12-19.
    """
    if not scale.change:
        return ""
    if scale.least_change is None:
        return say(locale, "change_unknown")
    least = number_text(round(scale.least_change, 1))
    if not scale.is_reliable_change:
        return say(locale, "change_small", least=least)
    return say(locale, "change_up" if scale.change > 0 else "change_down", least=least)


def _is_strong(scale: ScaleProfile) -> bool:
    return (
        scale.cutoff is not None
        and scale.is_within_ages
        and scale.latest.score is not None
        and not scale.latest.reaches_cutoff
    )
