"""A stored score says in which norms it was read."""

from sqlalchemy import select

from app.access.actor import OPERATOR
from app.authoring.service import publish_instruments
from app.instruments.loader import parse_instrument
from app.platform.db import db
from app.results.models import Administration
from tests.factories import people, results

PULSE = """\
code: pulse
version: '1.0.0'
title: {zh_Hans: 状态, en: Pulse}
student_title: {zh_Hans: 最近的状态, en: How you are}
languages: [zh_Hans, en]
ages: {}
licence: {terms: public_domain, statement: Free for all., source: Made for this test}
citation: Nobody
translations:
  zh_Hans: {status: unvalidated, source: Made for this test}
  en: {status: original, source: Made for this test}
recall: {zh_Hans: 现在, en: now}
instructions: {zh_Hans: 请选择。, en: Choose.}
option_sets:
  degree:
    - {value: 0, label: {zh_Hans: 没有, en: never}}
    - {value: 1, label: {zh_Hans: 有时, en: sometimes}}
items:
  - {code: q1, text: {zh_Hans: 累, en: tired}, options: degree}
  - {code: q2, text: {zh_Hans: 困, en: sleepy}, options: degree}
scales:
  - code: total
    title: {zh_Hans: 总分, en: Total}
    method: sum
    items: [q1, q2]
    missing: {rule: refuse}
    convert: {method: t, norms: town_2020, round: half_up}
    range: [0, 100]
    higher_is: worse
"""
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
