"""Reference values for tests/reference/test_irt.py: graded models by the Python package `mirt`.

Run it with a Python of its own that has mirt 1.2.0 (never a dependency of this project):
`python tests/reference/make_irt_mirt.py` from the root. 201 Gauss-Hermite points: with the usual
21 to 61 its likelihood of steep items is off in the second decimal. The answers are made up.
"""

import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

import mirt
import numpy as np

HERE = Path(__file__).parent
CALL = {"n_quadpts": 201, "max_iter": 5000, "tol": 1e-7}
SHOWN = 40


def made_up(
    people: int, items: int, steps: list[float], seed: int, missing: float = 0.0
) -> np.ndarray:
    random = np.random.default_rng(seed)
    trait = random.normal(size=people)
    slopes, shifts = random.uniform(0.8, 3.0, items), random.normal(0, 0.3, items)
    at = slopes * (trait[:, None] - shifts)
    above = 1 / (1 + np.exp(-(at[:, :, None] - slopes[:, None] * np.array(steps))))
    answers = (random.random((people, items))[:, :, None] < above).sum(axis=2).astype(float)
    answers[random.random(answers.shape) < missing] = np.nan
    return answers


def fitted(name: str, answers: np.ndarray) -> dict[str, Any]:
    found = mirt.fit_mirt(answers, model="GRM", **CALL)
    places = {
        method: mirt.fscores(found, answers[:SHOWN], method=method, n_quadpts=201)
        for method in ("EAP", "MAP")
    }
    return {
        "name": name,
        "data": [[None if np.isnan(one) else int(one) for one in row] for row in answers],
        "log_likelihood": found.log_likelihood,
        "discrimination": np.ravel(found.model.parameters["discrimination"]).tolist(),
        "discrimination_error": np.ravel(found.standard_errors["discrimination"]).tolist(),
        "thresholds": np.array(found.model.parameters["thresholds"]).tolist(),
        "thresholds_error": np.array(found.standard_errors["thresholds"]).tolist(),
    } | {
        method.lower(): {
            "theta": np.ravel(place.theta).tolist(),
            "error": np.ravel(place.standard_error).tolist(),
        }
        for method, place in places.items()
    }


worry = json.loads((HERE / "irt.json").read_text(encoding="utf-8"))["cases"][1]["data"]
cases = [
    fitted("worry", np.array(worry, dtype=float) - 1),
    fitted("symptoms_of_the_well", made_up(500, 9, [0.4, 1.3, 2.0], seed=1)),
    fitted("seven_steps_with_gaps", made_up(300, 6, [-2, -1.2, -0.4, 0.4, 1.2, 2], 2, missing=0.1)),
]
told = {
    "made_with": {
        "python": f"mirt {version('mirt')}, numpy {version('numpy')}",
        "call": "mirt.fit_mirt(answers, model='GRM', n_quadpts=201, max_iter=5000, tol=1e-7); "
        "mirt.fscores(fit, answers[:40], method, n_quadpts=201)",
    },
    "cases": cases,
}
(HERE / "irt_mirt.json").write_text(json.dumps(told) + "\n", encoding="utf-8")
