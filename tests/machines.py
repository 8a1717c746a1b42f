"""State machines against the services: one database for all lives, and each life is undone."""

import gc
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any, ClassVar

from hypothesis import HealthCheck, Phase, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from app.platform import clock
from app.platform.db import db
from tests.conftest import NOW


class AllRules:
    """Every rule may come in every life.

    Hypothesis would switch about half of the rules off in each life ("swarm testing"). A second
    signature needs four of them in a row, and half a machine hardly ever gets there.
    """

    @staticmethod
    def is_enabled(_name: str) -> bool:
        return True


class Life(RuleBasedStateMachine):
    """Deeds in any order through the services, inside a savepoint; the clock moves with them.

    Every rule reports what came of it exactly once, so that a test can ask whether the machine
    has been where it matters.
    """

    seen: ClassVar[Counter[str]]
    #: What the services may say no with; anything else is an error of theirs.
    refusals: ClassVar[tuple[type[Exception], ...]]

    def __init__(self) -> None:
        super().__init__()
        self._rules_strategy.enabled_rules_strategy = st.just(AllRules())
        self.now, self.held = NOW, ExitStack()
        self.set_clock(NOW)
        self.undo, self.known = db.session.begin_nested(), set(db.session)
        self.step, self.last = 0, {}

    def teardown(self) -> None:
        self.held.close()
        self.undo.rollback()
        # Rows of this life that were read again are not new to the session: it would keep them.
        for row in set(db.session) - self.known:
            db.session.expunge(row)
        db.session.expire_all()

    def set_clock(self, moment: datetime) -> None:
        self.held.close()
        self.now = moment
        self.held.enter_context(clock.frozen(moment))

    def let_pass(self, hours: int) -> None:
        self.set_clock(self.now + timedelta(hours=hours))
        self.happens("time passes")

    def attempt(self, what: str, deed: Callable[[], Any]) -> bool:
        """Do it; what is refused leaves no trace."""
        try:
            with db.session.begin_nested():
                deed()
        except self.refusals as refusal:
            self.happens(f"{what}: {type(refusal).__name__}")
            return False
        self.happens(what)
        return True

    def happens(self, what: str) -> None:
        self.step += 1
        self.last[what.partition(":")[0]] = self.step
        self.seen[what] += 1
        self.seen["steps"] += 1
        event(what)

    def rests(self, what: str, steps: int) -> bool:
        """Whether nobody has tried it in the last steps: not everything need be frequent."""
        return self.step - self.last.get(what, -steps) >= steps


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
