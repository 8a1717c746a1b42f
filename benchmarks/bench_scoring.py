"""How fast the engine scores, held against three ways of doing the same job by hand.

    OPENBLAS_NUM_THREADS=1 python benchmarks/bench_scoring.py [--rows N] [--million] [-o OUT.json]

The instrument has 90 items and 10 subscales with reversed items, prorated missing answers, T scores
by sex and grade, four bands each, a cut-off each and a critical item. The baselines do all of it
for this one instrument: plain NumPy, pandas, and Python row by row. Every result is compared.
"""

import argparse
import json
import math
import resource
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from app.instruments.loader import parse_instrument
from app.scoring import CompiledInstrument

SCALES, PER_SCALE = 10, 9
ITEMS = SCALES * PER_SCALE
REVERSED = (2, 5)
AT_LEAST = 7
EDGES = (45, 55, 65)
BANDS = ("low", "middle", "raised", "high")
CUTOFF = 65
GRADES = (7, 8, 9)
MEANS = {(sex, grade): 11.0 + sex + grade / 4 for sex in (1, 2) for grade in GRADES}
SD = 4.0
BLOCK = 50_000


def instrument_text() -> tuple[str, str]:
    """Return the instrument and its norms."""
    head = """\
code: bench
version: '1.0.0'
title: {en: Benchmark}
student_title: {en: How you felt}
languages: [en]
ages: {}
licence: {terms: public_domain, statement: Free for all., source: Made}
citation: Nobody
translations: {en: {status: original, source: Made}}
recall: {en: now}
instructions: {en: Choose.}
option_sets:
  degree: [{value: 0}, {value: 1}, {value: 2}, {value: 3}]
items:
  - {codes: q1..q89, options: degree}
  - code: q90
    options: degree
    critical: [{answers: [1, 2, 3, refused], lane: same_day}]
scales:
"""
    scale = """\
  - code: s{n}
    title: {{en: Scale}}
    method: sum
    items: q{first}..q{last}
    reverse: [q{r1}, q{r2}]
    missing: {{rule: prorate, at_least: 7, round: half_up}}
    convert: {{method: t, norms: made, round: half_up}}
    range: [0, 120]
    higher_is: worse
    bands:
      - set: made
        source: Made
        population: Nobody
        bands:
          - {{code: low, label: {{en: low}}}}
          - {{code: middle, from: 45, label: {{en: middle}}}}
          - {{code: raised, from: 55, label: {{en: raised}}}}
          - {{code: high, from: 65, label: {{en: high}}}}
    cutoffs:
      - set: made
        at_least: 65
        meaning: {{en: at the cut-off}}
        source: Made
        population: Nobody
"""
    body = "".join(
        scale.format(
            n=n,
            first=n * PER_SCALE + 1,
            last=(n + 1) * PER_SCALE,
            r1=n * PER_SCALE + REVERSED[0] + 1,
            r2=n * PER_SCALE + REVERSED[1] + 1,
        )
        for n in range(SCALES)
    )
    sexes = {1: "male", 2: "female"}
    groups = "".join(
        f"        - {{for: {{sex: {sexes[sex]}, grades: [{grade}]}}, size: 100, "
        f"mean: {mean}, sd: {SD}}}\n"
        for (sex, grade), mean in MEANS.items()
    )
    norms = (
        "instrument: bench\nnorms:\n  - code: made\n    version: '1.0.0'\n    source: Made\n"
        "    population: Nobody\n    collected: never\n    scales:\n"
        + "".join(f"      s{n}:\n{groups}" for n in range(SCALES))
    )
    return head + body, norms


def hand_numpy(x: np.ndarray, sex: np.ndarray, grade: np.ndarray) -> tuple[np.ndarray, ...]:
    """The same job written for this one instrument."""
    answered = ~np.isnan(x)
    numbers = np.where(answered, x, 0.0)
    for scale in range(SCALES):
        for item in REVERSED:
            column = scale * PER_SCALE + item
            numbers[:, column] = np.where(answered[:, column], 3.0 - numbers[:, column], 0.0)
    raw = numbers.reshape(len(x), SCALES, PER_SCALE).sum(axis=2)
    count = answered.reshape(len(x), SCALES, PER_SCALE).sum(axis=2)
    with np.errstate(invalid="ignore", divide="ignore"):
        full = np.where(count == PER_SCALE, raw, np.floor(raw * PER_SCALE / count + 0.5))
    means = np.full((3, 10), np.nan)
    for (one, year), mean in MEANS.items():
        means[one, year] = mean
    t = np.floor(50 + 10 * (full - means[sex, grade][:, None]) / SD + 0.5)
    t = np.where(count >= AT_LEAST, t, np.nan)
    band = np.where(np.isnan(t), -1, np.digitize(t, EDGES))
    return t, band, t >= CUTOFF, x[:, ITEMS - 1] >= 1


def hand_pandas(frame: pd.DataFrame) -> tuple[np.ndarray, ...]:
    """The same job as an analyst writes it with data frames."""
    scores, bands, cutoffs = {}, {}, {}
    means = frame.set_index(["sex", "grade"]).index.map(MEANS).to_numpy(dtype=float)
    for scale in range(SCALES):
        names = [f"q{scale * PER_SCALE + item + 1}" for item in range(PER_SCALE)]
        part = frame[names].copy()
        for item in REVERSED:
            part[names[item]] = 3 - part[names[item]]
        count, raw = part.notna().sum(axis=1), part.sum(axis=1)
        full = raw.where(count == PER_SCALE, np.floor(raw * PER_SCALE / count + 0.5))
        t = np.floor(50 + 10 * (full - means) / SD + 0.5).where(count >= AT_LEAST)
        scores[scale] = t
        bands[scale] = pd.cut(t, [-np.inf, *EDGES, np.inf], right=False, labels=False)
        cutoffs[scale] = t >= CUTOFF
    band = pd.DataFrame(bands).fillna(-1).to_numpy()
    critical = (frame[f"q{ITEMS}"] >= 1).to_numpy()
    return pd.DataFrame(scores).to_numpy(), band, pd.DataFrame(cutoffs).to_numpy(), critical


def row_by_row(rows: list[list[float]], sexes: list[int], grades: list[int]) -> list[list[float]]:
    """The same job as a loop over people."""
    results = []
    for row, sex, grade in zip(rows, sexes, grades, strict=True):
        mean = MEANS[sex, grade]
        scores, flags = [], []
        for scale in range(SCALES):
            total, count = 0.0, 0
            for item in range(PER_SCALE):
                value = row[scale * PER_SCALE + item]
                if value == value:  # noqa: PLR0124 -- false for NaN alone
                    total += 3 - value if item in REVERSED else value
                    count += 1
            if count < AT_LEAST:
                scores.append(math.nan)
                continue
            if count < PER_SCALE:
                total = math.floor(total * PER_SCALE / count + 0.5)
            t = math.floor(50 + 10 * (total - mean) / SD + 0.5)
            band = sum(t >= edge for edge in EDGES)
            if t >= CUTOFF:
                flags.append((scale, band))
            scores.append(t)
        results.append(scores)
    return results


def seconds(job: Callable[[], object], repeats: int) -> float:
    """Return the CPU seconds of the best of `repeats` runs."""
    best = math.inf
    for _ in range(repeats):
        begun = time.process_time()
        job()
        best = min(best, time.process_time() - begun)
    return best


def sample(rows: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return answers with 3 % missing, sexes and grades."""
    chance = np.random.default_rng(1)
    x = chance.integers(0, 4, (rows, ITEMS)).astype(float)
    x[chance.random(x.shape) < 0.03] = np.nan
    return x, chance.integers(1, 3, rows), chance.choice(GRADES, rows)


def peak_megabytes() -> float:
    """Return the most memory this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def bench_cohort(compiled: CompiledInstrument, rows: int) -> dict[str, float]:
    """Score `rows` people with the engine and with the baselines, and compare."""
    x, sex, grade = sample(rows)
    sexes, grades = sex.astype(float), grade.astype(float)
    frame = pd.DataFrame(x, columns=[f"q{n + 1}" for n in range(ITEMS)])
    frame["sex"], frame["grade"] = sex, grade
    ours = compiled.score(x, sex=sexes, grade=grades)
    t, band, cutoff, critical = hand_numpy(x, sex, grade)
    for n in range(SCALES):
        np.testing.assert_array_equal(ours.scales[f"s{n}"].score, t[:, n])
        np.testing.assert_array_equal(ours.scales[f"s{n}"].band, band[:, n])
        np.testing.assert_array_equal(ours.flags[f"cutoff_s{n}"], cutoff[:, n])
    np.testing.assert_array_equal(ours.flags[f"critical_q{ITEMS}"], critical)
    np.testing.assert_array_equal(hand_pandas(frame)[0], t)
    rows_as_lists = x.tolist()
    np.testing.assert_array_equal(
        np.array(row_by_row(rows_as_lists[:500], sex[:500].tolist(), grade[:500].tolist())), t[:500]
    )
    hand = seconds(lambda: hand_numpy(x, sex, grade), 5)
    engine = seconds(lambda: compiled.score(x, sex=sexes, grade=grades), 5)
    return {
        "rows": rows,
        "engine_s": engine,
        "hand_numpy_s": hand,
        "pandas_s": seconds(lambda: hand_pandas(frame), 2),
        "row_by_row_s": seconds(lambda: row_by_row(rows_as_lists, sex.tolist(), grade.tolist()), 1),
        "engine_to_hand": engine / hand,
    }


def bench_million(compiled: CompiledInstrument) -> dict[str, float]:
    """Score a million people in blocks; memory must stay flat."""
    x, sex, grade = sample(BLOCK)
    sexes, grades = sex.astype(float), grade.astype(float)
    compiled.score(x, sex=sexes, grade=grades)
    before = peak_megabytes()
    begun = time.process_time()
    for _ in range(1_000_000 // BLOCK):
        compiled.score(x, sex=sexes, grade=grades)
    return {
        "million_s": time.process_time() - begun,
        "million_extra_mb": peak_megabytes() - before,
    }


def bench_submit(compiled: CompiledInstrument) -> dict[str, float]:
    """Score one submitted sheet of 90 items, with reasons."""
    answers: dict[str, float | None] = {f"q{n + 1}": float(n % 4) for n in range(ITEMS)}
    runs = 300
    return {
        "submit_ms": seconds(lambda: [compiled.score_one(answers) for _ in range(runs)], 3)
        / runs
        * 1000
    }


def main() -> None:
    """Run, print, and write JSON where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=55_000)
    parser.add_argument("--million", action="store_true")
    parser.add_argument("-o", type=Path)
    options = parser.parse_args()
    text, norms = instrument_text()
    instrument = parse_instrument(text, norms=norms)
    compiled = CompiledInstrument(instrument)
    results = bench_cohort(compiled, options.rows) | bench_submit(compiled)
    if options.million:
        results |= bench_million(compiled)
    results["peak_mb"] = peak_megabytes()
    print(json.dumps(results, indent=2))
    if options.o:
        options.o.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
