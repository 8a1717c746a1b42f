"""What reports are made of is what was answered, in whatever order it came, and stays so."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.access.actor import OPERATOR
from app.access.permissions import Role
from app.assessments.domain import AttributionKind
from app.assessments.models import Attribution
from app.authoring.queries import instrument_of
from app.campaigns.domain import CampaignState
from app.campaigns.models import CampaignCohort, CampaignSite
from app.people.domain import Sex
from app.platform import clock, events
from app.platform.db import begin_write, db
from app.results.queries import versions_of
from app.statistics.models import CampaignCount, ItemCount, ScaleCount
from app.statistics.service.counting import count_campaign
from tests.factories import people, results

STUDENTS = 5
ANSWERS = ([0] * 9, [1] * 9, [3, 0, 2, 1, 3, 0, 2, 1, 0])

number = st.integers(0, STUDENTS - 1)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("sit"), number, st.integers(0, len(ANSWERS) - 1)),
        st.tuples(st.just("detach"), st.integers(0, 7), st.none()),
        st.tuples(st.just("give"), st.integers(0, 7), number),
        st.tuples(st.just("return"), st.integers(0, 7), st.none()),
    ),
    max_size=7,
)


@dataclass
class School:
    """Two classes and a screening, and beside it a plain memory of what was done."""

    owners: list[int | None] = field(default_factory=list)

    def __post_init__(self) -> None:
        site = people.site()
        responder = people.user(Role.COUNSELLOR, site.id)
        cohorts = [people.cohort(site), people.cohort(site)]
        self.students = [
            people.student(cohorts[n % 2], sex=(Sex.FEMALE, Sex.MALE, None)[n % 3])
            for n in range(STUDENTS)
        ]
        self.campaign = results.campaign("phq9")
        self.campaign.sites = [CampaignSite(site_id=site.id, first_responder_id=responder.id)]
        self.campaign.cohorts = [
            CampaignCohort(site_id=site.id, cohort_id=one.id) for one in cohorts
        ]
        self.sittings = []

    def do(self, step: tuple[str, int, int | None]) -> None:
        """One step, with the product and in memory."""
        kind, which, other = step
        if kind == "sit":
            sitting = results.sitting(self.campaign, self.students[which])
            results.answers(sitting, "phq9", results.values(ANSWERS[other]))
            events.publish(results.submitted(sitting))
            self.sittings.append((sitting, which, ANSWERS[other]))
            self.owners.append(which)
        elif which < len(self.sittings):
            owner = {"detach": None, "give": other, "return": self.sittings[which][1]}[kind]
            self.owners[which] = owner
            student = None if owner is None else self.students[owner]
            self._say(self.sittings[which][0], kind, student)

    def _say(self, sitting, kind: str, student) -> None:
        words = {
            "detach": AttributionKind.DETACHED,
            "give": AttributionKind.GIVEN,
            "return": AttributionKind.RETURNED,
        }
        db.session.add(
            Attribution(
                site_id=sitting.site_id,
                assessment_id=sitting.id,
                kind=words[kind],
                student_id=student.id if student else None,
                at=clock.now(),
            )
        )
        db.session.flush()

    def counted(self) -> list[tuple[int, list[int]]]:
        """Each student once, with the first sitting that is theirs."""
        first: dict[int, list[int]] = {}
        for (_sitting, _slip, given_answers), owner in zip(self.sittings, self.owners, strict=True):
            if owner is not None:
                first.setdefault(owner, given_answers)
        return list(first.items())

    def recomputed(self) -> tuple[Counter, Counter, int]:
        """The counts by a walk over the memory."""
        scales: dict = defaultdict(lambda: [0, 0.0, 0.0])
        items: Counter = Counter()
        instrument = instrument_of(versions_of(self.campaign.id)["phq9"])
        bands = instrument.scale("total").bands[0].bands
        for owner, given_answers in self.counted():
            student, total = self.students[owner], float(sum(given_answers))
            band = [one.code for one in bands if one.start is None or one.start <= total][-1]
            cell = scales[student.cohort_id, student.sex, band]
            cell[0], cell[1], cell[2] = cell[0] + 1, cell[1] + total, cell[2] + total**2
            items.update((f"q{n}", float(value)) for n, value in enumerate(given_answers, 1))
        return (
            Counter({key: tuple(cell) for key, cell in scales.items()}),
            items,
            len(self.counted()),
        )

    def kept(self) -> tuple[Counter, Counter, int]:
        """The same from what reports are made of."""
        db.session.expire_all()
        scales = db.session.query(ScaleCount).filter_by(campaign_id=self.campaign.id, scale="total")
        items = db.session.query(ItemCount).filter_by(campaign_id=self.campaign.id)
        whole = db.session.query(CampaignCount).filter_by(campaign_id=self.campaign.id).one()
        return (
            Counter({(o.cohort_id, o.sex, o.band): (o.n, o.total, o.squares) for o in scales}),
            Counter({(one.item_code, one.value): one.n for one in items}),
            whole.answered,
        )


@pytest.mark.usefixtures("fixed_clock")
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=steps, after=steps)
def test_counts_equal_a_recount_and_what_comes_later_changes_nothing(app, before, after):
    with app.app_context():
        begin_write()
        school = School()
        for step in before:
            school.do(step)
        school.campaign.state = CampaignState.CLOSED
        expected = school.recomputed()
        count_campaign(actor=OPERATOR, campaign=school.campaign)

        assert school.kept() == expected
        for step in after:
            school.do(step)
        count_campaign(actor=OPERATOR, campaign=school.campaign)

        assert school.kept() == expected
        db.session.rollback()
