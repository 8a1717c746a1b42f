"""Indices of careless answers against their definitions in R (careless.json)."""

import numpy as np
import pytest

from app.psychometrics.careless import careless_indices
from tests.reference.stored import stored

REFERENCE = stored("careless")
INDICES = (
    "longstring",
    "mean_run",
    "irv",
    "mahalanobis",
    "mahalanobis_p",
    "even_odd",
    "person_total",
)


@pytest.mark.parametrize("index", INDICES)
def test_index_is_that_of_the_definition(index: str) -> None:
    turned = np.array(REFERENCE["turned"], dtype=float)

    found = careless_indices(
        REFERENCE["data"], scales=[turned[:, 5 * s : 5 * s + 5] for s in range(5)]
    )

    assert getattr(found, index).tolist() == pytest.approx(REFERENCE[index], abs=1e-9)
