"""Jobs: written with the change, done at least once, and again by the clock."""

from datetime import timedelta
from itertools import count

import pytest

from app.platform import clock, jobs
from app.platform.db import begin_write, db
from app.platform.jobs import Job
from tests.conftest import NOW
from tests.factories.work import elsewhere, run_due

KIND = "test_kind"
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def only_ours(app, monkeypatch):
    """Other rooms' periodic work stays out of these tests."""
    monkeypatch.setattr(jobs, "_handlers", {})
    monkeypatch.setattr(jobs, "_periods", {})


@pytest.fixture
def ctx(app, fixed_clock):
    with app.app_context():
        yield fixed_clock


def ask(**chosen):
    begin_write()
    jobs.enqueue(KIND, **chosen)
    job_id = db.session.query(Job.id).order_by(Job.id.desc()).first()[0]
    db.session.commit()
    return job_id


def waiting():
    return db.session.query(Job).filter(Job.done_at.is_(None)).all()


def test_job_is_done_once_and_with_its_arguments(ctx):
    done = []
    jobs.handle(KIND, lambda **args: done.append(args))
    ask(entry_id=7)

    tried = [run_due(), run_due()]

    assert (tried, done) == ([1, 0], [{"entry_id": 7}])


def test_job_is_not_done_before_its_time(ctx):
    done = []
    jobs.handle(KIND, lambda: done.append(1))
    ask(run_at=NOW + HOUR)

    before = run_due()
    with ctx(NOW + HOUR):
        run_due()

    assert (before, done) == (0, [1])


def test_keyed_job_that_waits_is_hastened_and_never_doubled(ctx):
    jobs.handle(KIND, lambda: None)

    ids = {ask(key="k", run_at=NOW + HOUR), ask(key="k"), ask(key="k", run_at=NOW + 2 * HOUR)}

    assert len(ids) == 1
    assert waiting()[0].run_at == NOW


def test_quick_work_goes_before_slow_and_slow_has_its_turn_all_the_same(ctx, monkeypatch):
    done = []
    monkeypatch.setattr(jobs, "_turns", count(1))
    monkeypatch.setattr(jobs, "_quick", set())
    jobs.handle("slow", lambda: done.append("slow"))
    jobs.handle("quick", lambda: done.append("quick"), is_quick=True)
    begin_write()
    for kind in ("slow", "slow", *["quick"] * 12):
        jobs.enqueue(kind)
    db.session.commit()

    run_due()

    assert done == ["quick"] * 9 + ["slow"] + ["quick"] * 3 + ["slow"]


def test_failed_job_rests_longer_every_time_and_is_never_given_up(ctx):
    jobs.handle(KIND, lambda: 1 / 0)
    ask()
    pauses, moment = [], NOW

    for _ in range(9):
        with ctx(moment):
            run_due()
        rests_until = waiting()[0].leased_until
        pauses.append((rests_until - moment).total_seconds())
        moment = rests_until

    assert pauses == [5, 10, 20, 40, 80, 160, 300, 300, 300]
    assert waiting()[0].error == "ZeroDivisionError"


def test_job_of_a_killed_worker_is_done_when_its_lease_runs_out(ctx):
    done = []
    jobs.handle(KIND, lambda: done.append(1))
    ask()
    jobs.take()  # a worker takes it, and is never heard of again

    still_leased = run_due()
    with ctx(NOW + jobs.LEASE):
        run_due()

    assert (still_leased, done) == (0, [1])


def test_long_work_keeps_its_lease_at_each_transaction_and_is_done_once(ctx, app):
    done, by_others = [], []

    def long() -> None:
        for second in (50, 100, 150):
            with ctx(NOW + timedelta(seconds=second)):
                begin_write()
                db.session.commit()
            by_others.append(elsewhere(app, NOW + timedelta(seconds=second + 30), jobs.take))
        done.append(1)

    jobs.handle(KIND, long)
    ask()

    run_due()

    assert (done, by_others) == ([1], [None] * 3)


def test_job_that_lost_its_lease_stops_and_writes_nothing(ctx, app):
    taken, written = [], []

    def sleeps() -> None:
        taken.append(elsewhere(app, NOW + jobs.LEASE, jobs.take))
        begin_write()
        written.append(1)

    jobs.handle(KIND, sleeps)
    ask()

    jobs.work(jobs.take())

    assert (written, theirs()) == ([], (taken[0].turn, NOW + 2 * jobs.LEASE, None, None))


@pytest.mark.parametrize("ends", [lambda: None, lambda: 1 / 0])
def test_job_that_ends_after_its_lease_was_lost_leaves_it_to_the_other(ctx, app, ends):
    taken = []
    jobs.handle(KIND, lambda: taken.append(elsewhere(app, NOW + jobs.LEASE, jobs.take)) or ends())
    ask()

    jobs.work(jobs.take())

    assert theirs() == (taken[0].turn, NOW + 2 * jobs.LEASE, None, None)


def theirs():
    """The only job, as another worker holds it."""
    job = waiting()[0]
    return job.attempts, job.leased_until, job.done_at, job.error


def test_quick_work_that_hangs_and_work_that_seems_to_hang_are_let_go(ctx, monkeypatch):
    monkeypatch.setattr(jobs, "_quick", {"quick"})
    jobs.handle(KIND, lambda: None)
    jobs.handle("quick", lambda: None)
    begin_write()
    jobs.enqueue("quick")
    db.session.commit()
    ask()
    leases = [jobs.take(), jobs.take()]
    leases[1].moved_at -= jobs.LONGEST_STRETCH.total_seconds() + 1

    with ctx(NOW + timedelta(seconds=50)):
        for lease in leases:
            jobs.keep(lease)
    with ctx(NOW + jobs.LEASE):
        again = [jobs.take(), jobs.take()]

    assert [one.job_id for one in again] == [one.job_id for one in leases]


def test_lease_of_a_clock_that_was_set_back_holds_nobody_up(ctx):
    done = []
    jobs.handle(KIND, lambda: done.append(1))
    ask()
    with ctx(NOW + 24 * HOUR):
        jobs.take()

    run_due()

    assert done == [1]


def test_periodic_work_comes_round_again(ctx):
    done = []
    jobs.every(KIND, HOUR, lambda: done.append(clock.now()))
    jobs.ask_for_periodic()

    for moment in (NOW, NOW, NOW + HOUR, NOW + 2 * HOUR):
        with ctx(moment):
            run_due()

    assert done == [NOW, NOW + HOUR, NOW + 2 * HOUR]
    assert [job.run_at for job in waiting()] == [NOW + 3 * HOUR]


def test_periodic_work_is_asked_for_once_however_often_a_worker_starts(ctx):
    jobs.every(KIND, HOUR, lambda: None)

    for _ in range(3):
        jobs.ask_for_periodic()

    assert len(waiting()) == 1


def test_a_wait_that_a_clock_set_back_has_lengthened_is_shortened_again(ctx):
    jobs.handle(KIND, lambda: None)
    with ctx(NOW + 24 * HOUR):
        ask(run_at=NOW + 25 * HOUR)

    jobs.ask_for_periodic()

    assert waiting()[0].run_at == NOW + HOUR


def test_periodic_work_of_a_clock_that_was_set_back_is_due_now(ctx):
    jobs.every(KIND, HOUR, lambda: None)
    with ctx(NOW + 24 * HOUR):
        jobs.ask_for_periodic()

    jobs.ask_for_periodic()

    assert run_due() == 1


def test_jobs_done_long_ago_are_forgotten_and_waiting_ones_are_not(ctx):
    jobs.handle(KIND, lambda: None)
    ask()
    run_due()
    kept = ask(run_at=NOW + 1000 * HOUR)

    with ctx(NOW + jobs.KEPT + HOUR):
        jobs.purge_done()

    assert [job.id for job in db.session.query(Job)] == [kept]
