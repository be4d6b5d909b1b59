"""The workers of one model: every session has one of them, and stays with it."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from a2f_ws.batching.worker import Voice, Worker

W = TypeVar("W")
C = TypeVar("C")

OVERLOADED: Final = 0.8
"""Share of the time from which a worker is one to leave, and not to be placed with (ours)."""

IDLE: Final = 0.3
"""Share of the time up to which a worker is one to go to (ours): so much less than `OVERLOADED`
that nobody goes back and forth."""


@dataclass(slots=True)
class _Load:
    """What the sessions of a worker may ask of it.

    Attributes:
        hz: Windows per second of live ones.
        bursts: Sessions that take what is left over.
        sessions: All of them.
    """

    hz: float = 0.0
    bursts: int = 0
    sessions: int = 0


class Pool(Generic[W, C]):
    """Gives sessions their workers.

    Attributes:
        workers: One at least; each has a thread, a scheduler and a governor of its own.
    """

    def __init__(self, workers: Sequence[Worker[W, C]]) -> None:
        """Have no sessions.

        Args:
            workers: One at least.
        """
        self.workers = tuple(workers)
        self._places: dict[Voice[W, C], tuple[Worker[W, C], float]] = {}
        self._retired: set[Worker[W, C]] = set()

    @property
    def taking(self) -> tuple[Worker[W, C], ...]:
        """Those that sessions are placed with."""
        return tuple(one for one in self.workers if one not in self._retired) or self.workers

    @property
    def waiting(self) -> int:
        """Windows that wait for a batch."""
        return sum(worker.scheduler.waiting for worker in self.workers)

    @property
    def busy(self) -> float:
        """Share of the last second or so that went into batches, 0 … 1: the workers' mean."""
        return sum(worker.busy for worker in self.workers) / len(self.workers)

    def standing(self) -> list[tuple[int, int, float]]:
        """Sessions of each worker, windows that wait for it, and how busy it is, 0 … 1."""
        loads = self._loads()
        return [
            (loads[worker].sessions, worker.scheduler.waiting, worker.busy)
            for worker in self.workers
        ]

    def place(self, voice: Voice[W, C], *, hz: float) -> Worker[W, C]:
        """Give a session the worker with the least to do, as far as that can be expected.

        Args:
            voice: The session; if it has a worker already, it stays there.
            hz: Windows per second that it may want, 0 = what is left over (burst).
        """
        found = self._places.get(voice)
        worker = self._best(hz) if found is None else found[0]
        self._places[voice] = (worker, hz)
        return worker

    def of(self, voice: Voice[W, C]) -> Worker[W, C]:
        """The worker of a session; the first one for those that were not placed."""
        found = self._places.get(voice)
        return self.workers[0] if found is None else found[0]

    def better(self, voice: Voice[W, C]) -> Worker[W, C] | None:
        """Where a session would be much better off than with its own worker, if anywhere.

        That is with one that is nearly idle while the own one has too much to do, or with any
        other one where the own one is retired.
        """
        if len(self.workers) == 1 or voice not in self._places:
            return None
        own, hz = self._places[voice]
        others = [worker for worker in self.workers if worker not in (own, *self._retired)]
        if not others:
            return None
        if own in self._retired:
            return self._best(hz)
        idlest = min(others, key=lambda worker: worker.busy)
        return idlest if own.busy >= OVERLOADED and idlest.busy <= IDLE else None

    def move(self, voice: Voice[W, C], worker: Worker[W, C]) -> None:
        """Give a session that worker instead of its own; no window goes with it."""
        self._places[voice] = (worker, self._places[voice][1])

    def retire(self, workers: Iterable[Worker[W, C]]) -> None:
        """Place nobody with these, and no others, while others are left; whom they have stay."""
        self._retired = set(workers)

    def leave(self, voice: Voice[W, C]) -> None:
        """Forget a session; its scheduler and its governor are left by the caller."""
        self._places.pop(voice, None)

    async def run(self) -> None:
        """Compute until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for worker in self.workers:
                tasks.create_task(worker.run())

    def _best(self, hz: float) -> Worker[W, C]:
        """The worker that is expected to have the least to do with one session more."""
        loads = self._loads()

        def expected(worker: Worker[W, C]) -> tuple[float, ...]:
            load = loads[worker]
            # What a window costs counts where workers differ, and is not measured in between: one
            # that has much to do would seem slow.
            live = (load.hz + hz) * (worker.said_cost_s or 1.0)
            order = (live, load.bursts) if hz else (load.bursts, live)
            is_full = worker.busy >= OVERLOADED
            return (worker in self._retired, is_full, *order, worker.scheduler.waiting)

        return min(self.workers, key=expected)

    def _loads(self) -> dict[Worker[W, C], _Load]:
        loads = {worker: _Load() for worker in self.workers}
        for worker, hz in self._places.values():
            load = loads[worker]
            load.hz, load.sessions = load.hz + hz, load.sessions + 1
            load.bursts += not hz
        return loads
