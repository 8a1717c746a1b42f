"""From item 9 on a phone to the doctor's reply in the case, as people walk it."""

import re
import subprocess
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from app.access.permissions import Role
from app.cases.domain.cases import CaseState
from app.cases.domain.referrals import ReferralState
from app.cases.models import Case, Referral
from app.people.service.logins import hash_password
from app.platform import clock
from app.platform.db import begin_write, db
from app.platform.pdf import available
from tests.e2e.desk import (
    DESK,
    PASSWORD,
    PHONE,
    Visit,
    local_day,
    log_in,
    open_case_from_queue,
    record_contact,
)
from tests.factories import campaigns, people

NAME = "欧阳若翀"


@pytest.fixture
def token(live_app: Flask) -> str:
    """A school with two counsellors and one expected student; the code on the student's slip."""
    with live_app.app_context():
        begin_write()
        site = people.site(duty_phone="0000-555 0101")
        cohort = people.cohort(site, grade=10)
        student = people.student(cohort, name=NAME, birth_date=date(2010, 5, 20))
        today = clock.today()
        running = campaigns.running(
            cohort,
            battery=campaigns.battery("phq9"),
            opens_on=today - timedelta(days=1),
            closes_on=today + timedelta(days=14),
        )
        invitation = campaigns.invitation(running, student)
        for login in ("bob", "dora"):
            people.user(
                Role.COUNSELLOR,
                site.id,
                login=login,
                name=login,
                password_hash=hash_password(PASSWORD),
            )
        db.session.commit()
        return str(invitation.token)


def test_from_item_9_to_the_reply_of_the_hospital(
    open_page: Visit, live_app: Flask, token: str, tmp_path: Path
) -> None:
    with live_app.test_request_context():
        if not available():
            pytest.skip("the slip cannot be printed here: wkhtmltopdf or a font is missing")
    answer_item_9(open_page(**PHONE, java_script_enabled=False), token)

    bob = log_in(open_page(**DESK), "bob")
    open_case_from_queue(bob, NAME)
    record_contact(bob, note="面谈半小时，已全程陪伴。", level="high", state="assessing", next_in=2)
    refer_because_of_danger(bob)
    link = print_slip(bob, tmp_path)

    doctor = open_page(**PHONE)
    answer_as_doctor(doctor, link, live_app)
    assert doctor.goto(link).status == 410

    dora = log_in(open_page(**DESK), "dora")
    sign_as_second(dora, bob.url)
    bob.reload()
    expect(bob.locator("main")).to_contain_text("顾医生")
    with bob.expect_navigation():
        bob.click("form[action$='/read'] .button--primary")
    close_case(bob, dora, live_app)


def answer_item_9(page: Page, token: str) -> None:
    page.goto(f"/i/{token}")
    page.fill("#said", "20100520")
    page.click("[name=next]")
    page.click("[value=alone]")
    page.click("[value=yes]")
    for number in range(1, 10):
        page.check(f"[name='phq9.q{number}'][value='{2 if number == 9 else 1}']")
    page.click("[name=next]")
    page.check("[name='closing.talk'][value='2']")
    page.check("[name='closing.company'][value='1']")
    page.click("[name=next]")
    page.wait_for_url("**/thanks/*")


def refer_because_of_danger(page: Page) -> None:
    page.click("a[href$='/referrals/new']")
    form = "form[action$='/referrals']"
    page.fill(f"{form} [name$=place]", "市第一人民医院")
    page.fill(f"{form} [name$=department]", "心理门诊")
    page.fill(f"{form} [name$=reason]", "谈到想伤害自己，请尽快评估。")
    page.check(f"{form} [name$=legal_basis][value=danger]")
    page.click(f"{form} .button--primary")
    page.wait_for_selector("text=还缺第二人签字")
    page.wait_for_load_state()


def print_slip(page: Page, folder: Path) -> str:
    """Print, and read from the paper the address that its code holds."""
    form = "form[action$='/slip.pdf']"
    answer = page.request.post(
        page.locator(form).get_attribute("action"),
        form={"slip-csrf_token": page.input_value(f"{form} [name$=csrf_token]")}
        | {"csrf_token": page.input_value(f"{form} [name$=csrf_token]")},
    )
    assert answer.headers["content-type"] == "application/pdf"
    slip = folder / "slip.pdf"
    slip.write_bytes(answer.body())
    said = subprocess.run(
        ["pdftotext", "-raw", slip, "-"], check=True, capture_output=True, text=True
    ).stdout
    found = re.search(r"/r/[\w-]{22}", re.sub(r"\s", "", said))
    assert found
    assert NAME in said
    return found[0]


def answer_as_doctor(page: Page, link: str, app: Flask) -> None:
    with app.app_context():
        number = db.session.query(Referral).one().slip_no or ""
    page.goto(link)
    expect(page.locator("main")).to_contain_text(number)
    assert NAME not in page.content()
    page.check("[name=seen][value=seen]")
    page.fill("[name=on]", local_day())
    page.check("[name=assessed][value=outpatient]")
    page.check("[name=advice][value=listen]")
    page.fill("[name=answered_by]", "顾医生")
    page.fill("[name=department]", "心理门诊")
    page.click("[value=check]")
    page.click("[value=send]")
    page.wait_for_url("**/r/done")


def sign_as_second(page: Page, referral: str) -> None:
    page.goto(referral)
    page.click("form[action$='/sign'] .button--primary")
    page.wait_for_selector("text=第二人签字：dora")


def close_case(page: Page, colleague: Page, app: Flask) -> None:
    """The end of a case that was acute: one proposes, a second person signs."""
    page.click(".page-head__action a")
    page.wait_for_url("**/cases/*")
    expect(page.locator(".timeline")).to_contain_text("收到回复")
    case = page.url
    page.click("a[href$='/close']")
    form = "form[action$='/close']"
    page.check(f"{form} [value=in_treatment]")
    page.check(f"{form} [value=taken_over]")
    page.fill(f"{form} [name$=note]", "已由门诊随诊。")
    page.click(f"{form} .button--primary, {form} .button--danger")
    page.wait_for_url(case)
    colleague.goto(case)
    with colleague.expect_navigation():
        colleague.click("form[action*='/case-endings/'][action$='/sign'] button")
    with app.app_context():
        assert db.session.query(Referral).one().state is ReferralState.ANSWERED
        assert db.session.query(Case).one().state is CaseState.CLOSED
