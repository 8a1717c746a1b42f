"""The slip on paper: one page, what was written and no more, and whose word allows it."""

import subprocess

import pytest

from app.cases.domain.errors import FearedConsentError
from app.cases.domain.referrals import Details, LegalBasis, Need, Partner
from app.cases.queries.profiles import profiles_of
from app.cases.service import referrals
from app.cases.service.guardians import note_fear
from app.cases.slips import SlipContent, print_slip
from app.people.models import Guardian
from app.platform.db import db
from app.platform.pdf import available
from tests.factories import results
from tests.integration.cases.referral_world import REASON, TODAY, open_case, refer
from tests.integration.cases.test_stale import talk


@pytest.fixture(autouse=True)
def engine(in_app):
    with in_app.test_request_context():
        if not available():
            pytest.skip("wkhtmltopdf or a font is missing")
        yield


@pytest.fixture
def case(alice, bob):
    alice.site.duty_phone, alice.site.counselling_room = "0000-555 0101", "二楼心语小屋"
    guardian = Guardian(site_id=alice.site_id, student_id=alice.id, relation="母亲")
    guardian.name, guardian.phone = "王静", "13900000009"
    db.session.add(guardian)
    case = open_case(alice, bob)
    for _ in range(6):
        talk(case, bob, reached=True)
    db.session.flush()
    return case


def pages(referral, **chosen):
    """The words of each printed page, without blanks."""
    content = SlipContent(printed_by="鲍勃", locale="zh_Hans", **chosen)
    said = subprocess.run(
        ["pdftotext", "-raw", "-", "-"],
        input=print_slip(referral, content),
        check=True,
        capture_output=True,
    ).stdout.decode()
    return ["".join(page.split()) for page in said.split("\f")[:-1]]


def test_longest_slip_fills_one_page(case, bob, campaign, alice, submit):
    sitting = results.sitting(campaign, alice)
    results.answers(sitting, "phq9", {f"q{n}": 1 for n in range(1, 10)})
    submit(sitting)
    long = "\n".join(["很长的原因" * 8] * 10) + "\n完"
    details = Details("心理科" * 13, "导诊台" * 13, "0000-5550201", "健康路一号" * 12, TODAY)
    referral = refer(case, bob, reason=long, details=details, legal_basis=LegalBasis.DANGER)
    (profile,) = profiles_of(bob, [alice], locale="zh_Hans")

    (page,) = pages(referral, token="t" * 22, profile=profile, with_guardians=True)

    assert referral.slip_no in page
    assert "PHQ-9" in page
    assert "王静13900000009" in page


def test_slip_tells_what_was_chosen_and_no_more(case, bob, campaign, alice, submit):
    sitting = results.sitting(campaign, alice)
    results.answers(sitting, "phq9", {f"q{n}": 1 for n in range(1, 10)})
    submit(sitting)

    (page,) = pages(refer(case, bob), token="t" * 22)

    for told in (REASON, "爱丽丝", "0000-5550101", "母亲王静", "学校留存签字纸质件", "r/tttt"):
        assert told in page
    for kept_back in ("PHQ", "13900000009", "聊了半小时", alice.student_no, "适合"):
        assert kept_back not in page


def test_slip_of_danger_names_the_article_and_leaves_room_for_the_second(case, bob, dora):
    referral = refer(case, bob, legal_basis=LegalBasis.DANGER)

    (before,) = pages(referral, token="t" * 22)
    referrals.sign(actor=dora, referral=referral)
    (after,) = pages(referral, token="t" * 22)

    assert "精神卫生法》第二十八条" in before
    assert "第二人签字、日期" in before
    assert "母亲" not in before
    assert "第二人签字：" in after


@pytest.mark.parametrize(
    ("partner", "details", "told"),
    [
        (Partner.POLICE, Details(called_at=None, reference="A-77"), "A-77"),
        (Partner.CIVIL_AFFAIRS, Details(need=Need.GUARDIANSHIP), "监护缺失或不当"),
        (Partner.LEGAL_AID, Details(need=Need.RIGHTS), "维护学生合法权益"),
        (Partner.LINE_12355, Details(reference="B-12"), "B-12"),
    ],
)
def test_other_partners_get_their_own_fields_and_no_code(case, bob, partner, details, told):
    referral = refer(case, bob, partner=partner, details=details)

    (page,) = pages(referral, token=referrals.take_slip(actor=bob, referral=referral))

    assert told in page
    assert "扫码" not in page


def test_number_of_a_feared_guardian_is_on_no_slip_and_nobody_consents_for_them(case, bob):
    before = refer(case, bob)
    note_fear(actor=bob, case=case)

    (page,) = pages(before, with_guardians=True)

    assert "13900000009" not in page
    with pytest.raises(FearedConsentError):
        refer(case, bob)
