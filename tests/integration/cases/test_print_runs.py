"""Printing a release: a pile with cover and lists, in steps that a kill or a person can stop."""

import io
import re
import shutil
import subprocess
from datetime import timedelta

import pikepdf
import pytest
from flask_babel import force_locale
from sqlalchemy import select

from app.access.actor import SYSTEM
from app.access.permissions import Role
from app.campaigns.models import CampaignCohort
from app.cases.domain.printing import EnvelopeOrder, Rendering, RunState, lay
from app.cases.models import PrintRun, SummaryRelease
from app.cases.piles import files
from app.cases.printing import Print, print_documents, summary_documents
from app.cases.queries.profiles import profiles_of
from app.cases.queries.releases import students_in
from app.cases.service import printing
from app.cases.words.profiles import order_name
from app.people.models import Cohort
from app.platform import jobs
from app.platform.audit import AuditEvent
from app.platform.db import begin_write, db
from app.platform.pdf import PdfFailed, available
from tests.conftest import NOW
from tests.factories import people
from tests.integration.cases import profile_world

RARE = "王𪚥"
needs_printer = pytest.mark.skipif(
    not (available() and shutil.which("pdftotext")),
    reason="needs wkhtmltopdf, a Chinese font and poppler-utils",
)


@pytest.fixture
def world(app, fixed_clock):
    return profile_world.build(app)


@pytest.fixture
def second_class(app, world):
    """A class more, with one student whose name no font here draws."""
    with app.app_context():
        begin_write()
        cohort = people.cohort(world.site, name="初二（4）班")
        campaign = db.session.merge(world.campaign)
        row = CampaignCohort(campaign_id=campaign.id, site_id=cohort.site_id, cohort_id=cohort.id)
        db.session.add(row)
        student = people.student(cohort, name=RARE, student_no="20260003")
        profile_world.take(campaign, student, [1] * 9, [3] * 5, {"company": 0})
        db.session.commit()
        return cohort.public_id


@pytest.fixture
def staff(world, as_):
    return as_(Role.SITE_STAFF, user=world.staff)


@pytest.fixture
def release(app, world, as_):
    """`release(rendering)`: both students' summaries, or those of `classes` of the school."""

    def send(rendering: str, classes: list[str] | None = None, **chosen) -> str:
        form = {
            "campaign": world.campaign.public_id,
            "cohort": (world.site if classes else world.cohort).public_id,
            "students": classes or [world.alice.public_id, world.bob.public_id],
            "rendering": rendering,
            "has_names": "yes",
            "copies": 1,
            "days": 3,
        }
        as_(Role.COUNSELLOR, user=world.counsellor).post("/releases", data=form | chosen)
        with app.app_context():
            return db.session.scalars(select(SummaryRelease.public_id)).one()

    return send


@pytest.fixture
def start(release, as_, world):
    """`start(rendering)`: the address of the page of a printing that was just asked for."""

    def send(rendering: str = "guardian", **chosen) -> str:
        address = f"/releases/{release(rendering, **chosen)}/print"
        return as_(Role.SITE_STAFF, user=world.staff).post(address).headers["Location"]

    return send


@pytest.fixture
def blank(blank_engine, monkeypatch):
    """What the engine without a browser was given; the pages hold it for the real one."""
    monkeypatch.setattr("app.cases.routes.print_runs.available", lambda: True)
    return blank_engine


def step(app, count: int = 50) -> None:
    """Let the worker do so many steps of printing, or all."""
    with app.app_context():
        for _step in range(count):
            query = select(jobs.Job).where(
                jobs.Job.kind == "print_step", jobs.Job.done_at.is_(None)
            )
            job = db.session.scalars(query).first()
            if job is None:
                return
            run_id = job.args["run_id"]
            db.session.rollback()
            begin_write()
            db.session.get_one(jobs.Job, job.id).done_at = NOW
            db.session.commit()
            printing.print_step(run_id)


def stored(app) -> PrintRun:
    with app.app_context():
        run = db.session.scalars(select(PrintRun)).one()
        _ = run.release.copies_left, run.release.password
        return run


def order_word(order: str) -> str:
    with force_locale("zh_Hans"):
        return order_name(EnvelopeOrder(order))


def text_of(content: bytes) -> str:
    command = ["pdftotext", "-layout", "-", "-"]
    return subprocess.run(command, input=content, capture_output=True, check=True).stdout.decode()


def test_pile_begins_with_the_cover_and_each_class_with_its_list():
    pile = [(p.part, p.index, p.before) for p in lay([1, 2, 1], [[[7, 2], [7, 3]], [[8, 2]]])]

    assert pile == [(0, 0, 0), (0, 1, 1), (1, 0, 3), (1, 1, 5), (0, 2, 8), (2, 0, 9)]


@needs_printer
def test_pile_of_two_classes_on_paper(app, world, second_class, start, staff):
    page = start("counsellor", classes=[world.cohort.public_id, second_class])
    step(app)

    content = staff.post(f"{page}/fetch").data

    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(io.BytesIO(content))
    with app.app_context():
        password = db.session.scalars(select(SummaryRelease)).one().password
        printed_by = world.staff.name
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(content), password=password) as pdf:
        pages = len(pdf.pages)
        with pdf.open_outline() as outline:
            tree = [(one.title, [child.title for child in one.children]) for one in outline.root]
        pdf.save(target, encryption=False)
    assert tree == [
        ("封面", []),
        ("初二（3）班", ["初二（3）班", "龘犇翀", "李明"]),
        ("初二（4）班", ["初二（4）班", RARE]),
    ]
    text = text_of(target.getvalue())
    numbers = re.findall(r"总第 (\d+) 张，共 (\d+) 张", text)
    assert numbers == [(str(n), str(pages)) for n in range(1, pages + 1)]
    cover, first_list, *_rest = text.split("\f")
    assert "U+2A6A5" in cover
    assert "〓" in cover
    assert "<br>" not in text
    assert re.findall(r"初二（3）班 +2 +4\n", cover)
    assert first_list.index("龘犇翀") < first_list.index("李明")
    assert text.count(printed_by) >= pages
    fonts = subprocess.run(
        ["pdffonts", "-"], input=target.getvalue(), capture_output=True, check=True
    ).stdout.decode()
    assert {line.split()[-5] for line in fonts.splitlines()[2:]} == {"yes"}


@pytest.fixture
def teachers(app, world, second_class):
    """Each class has a class teacher; by their names the second class comes first."""
    with app.app_context():
        begin_write()
        second = db.session.scalars(select(Cohort).where(Cohort.public_id == second_class)).one()
        for cohort_id, name in ((world.cohort.id, "赵老师"), (second.id, "白老师")):
            user = people.user(Role.CLASS_TEACHER, world.site.id, cohort_id=cohort_id)
            user.name = name
        db.session.commit()


@pytest.mark.parametrize(
    ("order", "labels"),
    [
        ("roll", ["龘犇翀", "李明", RARE]),
        ("name", ["李明", "龘犇翀", RARE]),
        ("teacher", [RARE, "龘犇翀", "李明"]),
    ],
)
def test_envelopes_lie_in_the_order_that_was_chosen(
    app, world, blank, second_class, teachers, release, staff, order, labels
):
    chosen = release("guardian", classes=[world.cohort.public_id, second_class])
    staff.post(f"/releases/{chosen}/print", data={"order": order})
    step(app, 1)
    with app.app_context():  # meanwhile the roll changes, and the pile stays as it lies
        begin_write()
        db.session.get_one(type(world.alice), world.alice.id).position = 99
        db.session.commit()
    step(app)

    with app.app_context():
        run = db.session.scalars(select(PrintRun)).one()
        assert [one.name for one in students_in(run.student_ids)] == labels
        assert run.envelope_order == order
        word = order_word(order)
    fronts = blank[0]
    assert word in fronts
    assert ("白老师" in fronts) == (order == "teacher")


def test_sheets_without_names_do_not_lie_by_name(app, world, blank, release, staff):
    chosen = release("guardian", has_names="no")

    page = staff.get("/releases").text
    staff.post(f"/releases/{chosen}/print", data={"order": "name"})

    assert 'value="name"' not in page
    assert 'value="teacher"' in page
    assert stored(app).envelope_order == "roll"


def test_unknown_order_is_refused(release, staff):
    answer = staff.post(f"/releases/{release('guardian')}/print", data={"order": "height"})

    assert answer.status_code == 400


def test_page_shows_how_far_it_is_and_the_file_when_it_is_ready(app, blank, start, staff):
    page = start()

    begun = staff.get(page).text
    step(app, 1)
    further = staff.get(page).text
    step(app)
    ready = staff.get(page).text

    shares = [int(re.search(r'value="(\d+)"', text)[1]) for text in (begun, further)]
    assert shares[0] < shares[1]
    assert "data-live=" in begun
    assert f"{page}/fetch" in ready


def test_killed_step_is_done_again_to_the_same_end(app, blank, start, staff, monkeypatch):
    page = start()
    step(app, 2)

    def killed(*_args):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(printing, "_note", killed)
        with app.app_context():
            run_id = db.session.scalars(select(PrintRun.id)).one()
            db.session.rollback()
            with pytest.raises(SystemExit):  # after the file, before the row
                printing.print_step(run_id)
            db.session.rollback()
    step(app)

    with pikepdf.open(io.BytesIO(staff.post(f"{page}/fetch").data)) as pdf:
        assert len(pdf.pages) == stored(app).pages == 4


def test_file_that_was_not_written_whole_is_none(app, world, monkeypatch):
    with app.app_context():
        files.write("run", "1.pdf", b"before")
        with monkeypatch.context() as patch:
            patch.setattr("os.fsync", lambda _file: (_ for _ in ()).throw(OSError("full")))
            with pytest.raises(OSError, match="full"):
                files.write("run", "1.pdf", b"half")

        assert files.read("run", "1.pdf") == b"before"


def test_what_lies_on_the_disk_is_sealed(app, world, blank, start):
    start("counsellor")
    step(app, 2)

    with app.app_context():
        folder = files._folder(stored(app).public_id)
    lying = b"".join(path.read_bytes() for path in folder.iterdir())

    assert lying
    assert not [word for word in ("龘犇翀", "李明", "PHQ") if word.encode() in lying]


def test_cancelled_printing_leaves_nothing_and_gives_the_copy_back(app, blank, start, staff):
    page = start()
    step(app, 1)

    staff.post(f"{page}/cancel")
    step(app)

    run = stored(app)
    assert (run.state, run.release.copies_left) == (RunState.CANCELLED, 1)
    with app.app_context():
        assert not files._folder(run.public_id).exists()
    assert staff.post(f"{page}/fetch").status_code == 302


def test_printing_cancelled_during_a_step_stays_cancelled(app, blank, start, staff, monkeypatch):
    page = start()
    note = printing._note

    def cancelled_meanwhile(run, made):
        run.state = RunState.CANCELLED
        note(run, made)

    monkeypatch.setattr(printing, "_note", cancelled_meanwhile)
    step(app)

    assert stored(app).state is RunState.CANCELLED
    with app.app_context():
        assert not files._folder(stored(app).public_id).exists()
    assert "/fetch" not in staff.get(page).text


def test_withdrawn_release_ends_its_printing(app, world, blank, start, staff, as_):
    page = start()
    step(app)

    release = stored(app).release.public_id
    as_(Role.COUNSELLOR, user=world.counsellor).post(f"/releases/{release}/withdraw")

    assert stored(app).state is RunState.OVER
    assert staff.post(f"{page}/fetch").mimetype != "application/pdf"


def test_file_is_gone_a_quarter_of_an_hour_after_it_was_fetched(
    app, world, blank, start, as_, fixed_clock
):
    page = start()
    step(app)
    fetch = f"{page}/fetch"
    before = as_(Role.SITE_STAFF, user=world.staff).get(page).text
    first = as_(Role.SITE_STAFF, user=world.staff).post(fetch)
    after = as_(Role.SITE_STAFF, user=world.staff).get(page).text

    with fixed_clock(NOW + timedelta(minutes=14)):
        again = as_(Role.SITE_STAFF, user=world.staff).post(fetch)
    with fixed_clock(NOW + timedelta(minutes=16)):
        late = as_(Role.SITE_STAFF, user=world.staff).post(fetch)

    assert [one.mimetype for one in (first, again)] == ["application/pdf"] * 2
    assert ["文件已备好" in said for said in (before, after)] == [True, False]
    kept = 'attachment; filename="summaries-2026-10-12.pdf"'
    assert first.headers["Content-Disposition"] == kept
    assert late.status_code == 302


def test_copies_are_counted_and_a_release_ends(app, world, blank, release, as_, fixed_clock):
    address = f"/releases/{release('guardian', copies=2)}/print"

    for _copy in range(3):
        as_(Role.SITE_STAFF, user=world.staff).post(address)
    with fixed_clock(NOW + timedelta(days=3, minutes=1)):
        as_(Role.SITE_STAFF, user=world.staff).post(address)

    with app.app_context():
        assert len(db.session.scalars(select(PrintRun)).all()) == 2


def test_engine_that_fails_gives_the_copy_back(app, blank, start, monkeypatch):
    def fail(*_args, **_chosen):
        raise PdfFailed("the engine failed")

    monkeypatch.setattr(printing, "print_parts", fail)
    start()
    step(app)

    run = stored(app)
    assert (run.state, run.release.copies_left) == (RunState.FAILED, 1)


def test_every_step_is_recorded_before_the_file_leaves(app, blank, start, staff):
    page = start()
    step(app)
    staff.post(f"{page}/fetch")

    with app.app_context():
        said = list(db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.seq)))
    assert said[-3:] == ["release_summaries", "print_release", "fetch_print"]


def test_guardian_feared_meanwhile_gets_no_letter(app, world, blank, start, monkeypatch):
    start()
    monkeypatch.setattr(
        printing,
        "may_be_written_home",
        lambda students: [one for one in students if one.id != world.alice.id],
    )
    step(app)

    assert stored(app).state is RunState.READY
    assert "龘犇翀" not in "".join(blank)
    assert "李明" in "".join(blank)


def test_sheets_without_names_carry_class_and_number(app, world, blank, start):
    start("counsellor", has_names="no")
    step(app)

    printed = "".join(blank)
    assert printed.count('<div class="watermark">') == printed.count('<div class="page">')
    assert "初二（3）班" in printed
    assert not [word for word in ("龘犇翀", "李明", "20260001") if word in printed]


def test_letters_home_have_a_receipt_and_say_no_result(app, world, blank, start):
    start("guardian")
    step(app)

    printed = "".join(blank)
    assert printed.count("回执") == 2
    assert '<div class="watermark">' not in printed
    assert not [word for word in ("PHQ", "抑郁", "分数段", "关注提示") if word in printed]


def test_printing_is_closed_to_others(app, blank, start, as_, world):
    page = start()
    with app.app_context():
        begin_write()
        elsewhere = people.site()
        db.session.commit()
        stranger = as_(Role.SITE_STAFF, site=elsewhere)

    assert stranger.get(page).status_code == 404
    assert stranger.post(f"{page}/cancel").status_code == 404
    assert stranger.post(f"{page}/fetch").status_code == 404
    assert as_(Role.COUNSELLOR, user=world.counsellor).post(f"{page}/fetch").status_code == 404


@needs_printer
def test_letter_home_with_the_longest_names_keeps_to_its_page(app, world):
    with app.app_context():
        begin_write()
        alice = db.session.merge(world.alice)
        alice.name = "阿卜杜热合曼·买买提依明·古丽米娜热·阿不都克里木江"
        alice.site.name = "某某省某某市某某区实验外国语中学附属第二初级中学（东校区）"
        alice.site.counselling_room = "综合楼三层东侧心理辅导室 305"
        how = Print(Rendering.GUARDIAN, "en", "王老师", NOW)
        found = profiles_of(SYSTEM, [alice], locale="en")

        content = print_documents(summary_documents(found, how), locale="en")

    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert len(pdf.pages) == 1
    assert "Signature of the guardian" in text_of(content)
