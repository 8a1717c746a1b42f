"""State machines against the services: one database for all lives, and each life is undone."""

import gc
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

from hypothesis import HealthCheck, Phase, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from app.platform import clock
from app.platform.db import db
from tests.conftest import NOW


@dataclass(frozen=True)
class Offer:
    """When a deed may be done, and with what."""

    when: Callable[[Any], Any]
    arguments: st.SearchStrategy[dict[str, Any]]


def may_happen(
    when: Callable[[Any], Any] = lambda _life: True, **arguments: st.SearchStrategy[Any]
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """A method that a life may do at any step `when` it makes sense.

    It is no rule of its own: Hypothesis switches about half of the rules off in each life ("swarm
    testing"). A second signature needs four deeds in a row, and half a machine hardly ever gets
    there.
    """

    def offer(method: Callable[..., None]) -> Callable[..., None]:
        method.offer = Offer(when, st.fixed_dictionaries(arguments))  # type: ignore[attr-defined]
        return method

    return offer


class Life(RuleBasedStateMachine):
    """Deeds in any order through the services, inside a savepoint; the clock moves with them.

    Every deed reports what came of it exactly once, so that a test can ask whether the machine
    has been where it matters.
    """

    seen: ClassVar[Counter[str]]
    #: What the services may say no with; anything else is an error of theirs.
    refusals: ClassVar[tuple[type[Exception], ...]]
    offers: ClassVar[dict[str, Offer]]

    def __init_subclass__(cls) -> None:
        methods = {name: getattr(cls, name) for name in sorted(dir(cls))}
        cls.offers = {name: each.offer for name, each in methods.items() if hasattr(each, "offer")}

    def __init__(self) -> None:
        super().__init__()
        self.now, self.held = NOW, ExitStack()
        #: What changes whenever something may have; and when the promises were last looked at.
        self.state, self.looked_at, self.found = 0, -1, Counter[str]()
        self.set_clock(NOW)
        self.undo, self.known = db.session.begin_nested(), set(db.session)
        self.step, self.last = 0, {}
        self.read: dict[str, tuple[int, Any]] = {}

    def teardown(self) -> None:
        self.held.close()
        self.undo.rollback()
        # Rows of this life that were read again are not new to the session: it would keep them.
        for row in set(db.session) - self.known:
            db.session.expunge(row)
        db.session.expire_all()

    @rule(data=st.data())
    def something_happens(self, data: st.DataObject) -> None:
        """One of the deeds that make sense now."""
        possible = [name for name, offer in self.offers.items() if offer.when(self)]
        name = data.draw(st.sampled_from(possible), "deed")
        getattr(self, name)(**data.draw(self.offers[name].arguments, name))

    def set_clock(self, moment: datetime) -> None:
        self.held.close()
        self.now = moment
        self.state += 1
        self.held.enter_context(clock.frozen(moment))

    def let_pass(self, hours: int) -> None:
        self.set_clock(self.now + timedelta(hours=hours))
        self.happens("time passes")

    def attempt(self, what: str, deed: Callable[[], Any]) -> bool:
        """Do it; what is refused leaves no trace."""
        before = None
        try:
            with db.session.begin_nested():
                before = _written()
                deed()
        except self.refusals as refusal:
            is_as_before = before is not None and _written() == before
            self.happens(f"{what}: {type(refusal).__name__}", changes=not is_as_before)
            return False
        self.happens(what)
        return True

    def check_invariants(self, *given: Any) -> None:
        """Promises are about rows and hours: where none changed, what was found still stands."""
        if self.looked_at == self.state:
            self.seen.update(self.found)
        else:
            before = self.seen.copy()
            super().check_invariants(*given)
            self.found = self.seen - before
            # Before its first deed a life is still being prepared, and nobody reports that.
            self.looked_at = self.state if self.step else -1

    def happens(self, what: str, *, changes: bool = True) -> None:
        self.step += 1
        self.state += changes
        self.last[what.partition(":")[0]] = self.step
        self.seen[what] += 1
        self.seen["steps"] += 1
        event(what)

    def once(self, what: str, read: Callable[[], Any]) -> Any:
        """Between two deeds nothing changes: what was read need not be read again."""
        if self.read.get(what, (-1, None))[0] != self.state:
            self.read[what] = self.state, read()
        return self.read[what][1]

    def rests(self, what: str, steps: int) -> bool:
        """Whether nobody has tried it in the last steps: not everything need be frequent."""
        return self.step - self.last.get(what, -steps) >= steps


def _written() -> int | None:
    """How many rows this connection has written so far, undone or not; only SQLite knows."""
    driver = db.session.connection().connection.dbapi_connection
    return getattr(driver, "total_changes", None)


def live(
    machine: type[Life], *, lives: int, steps: int, shrinks: bool = False, **world: Any
) -> Counter[str]:
    """So many lives of so many steps, the same ones every time; what came about in them.

    Who looks for the reason of a failure lets it be made shorter, which takes some minutes.
    """
    chosen = type(machine.__name__, (machine,), {"seen": Counter(), **world})
    gc.freeze()  # what was there before need not be looked through again and again
    run_state_machine_as_test(
        chosen,
        settings=settings(
            max_examples=lives,
            stateful_step_count=steps,
            phases=[Phase.generate, Phase.shrink] if shrinks else [Phase.generate],
            report_multiple_bugs=False,
            # A life takes about a second and draws some hundred numbers, by design.
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )
    gc.unfreeze()
    return chosen.seen
