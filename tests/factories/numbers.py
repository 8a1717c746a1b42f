"""Numbers for names: each once, and the same whatever the worker ran before."""

from itertools import count


class Numbers:
    """Counts from one in each test module."""

    def __init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        self._next = count(1)

    def fresh(self) -> int:
        return next(self._next)


numbers = Numbers()
