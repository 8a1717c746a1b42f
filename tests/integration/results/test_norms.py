"""A stored score says in which norms it was read."""

from sqlalchemy import select

from app.access.actor import OPERATOR
from app.authoring.service import publish_instruments
from app.instruments.loader import parse_instrument
from app.platform.db import db
from app.results.models import Administration
from tests.factories import authoring, people, results

PULSE = authoring.TWO_ITEMS.replace("CODE", "pulse").replace(
    "range: [0, 4]", "range: [0, 100]\n    convert: {method: t, norms: town_2020, round: half_up}"
)
NORMS = """\
instrument: pulse
norms:
  - code: town_2020
    version: '2.1.0'
    source: Made for this test
    population: Pupils of one town
    collected: 2020, spring term
    scales:
      total:
        - {size: 210, mean: 1, sd: 1}
"""
EXAMPLES = """\
instrument: pulse
examples:
  - name: One above the mean
    source: T = 50 + 10 x (2 - 1) / 1
    answers: [1, 1]
    expect: {scores: {total: 60}, flags: []}
"""


def test_norms_are_kept_with_the_score(in_app, fixed_clock, answer, submit):
    instrument = parse_instrument(PULSE, examples=EXAMPLES, norms=NORMS)
    (version,) = publish_instruments(actor=OPERATOR, instruments=[instrument])
    campaign = results.campaign_of(version)
    sitting = results.sitting(campaign, people.student(people.cohort(people.site())))
    answer(sitting, "pulse", results.values([1, 1]))

    submit(sitting)

    administration = db.session.scalars(select(Administration)).one()
    assert administration.norm_version == "town_2020 2.1.0"
    assert administration.scores[0].score == 60
