"""The thread that runs the backend, and the one asynchronous border between the stages."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from math import exp
from time import monotonic, perf_counter
from typing import Final, Generic, Protocol, TypeAlias, TypeVar

import numpy as np

from a2f_ws.batching.governor import Governor, Pressure
from a2f_ws.batching.scheduler import Scheduler
from a2f_ws.names import Floats

log = logging.getLogger(__name__)

BUSY_S: Final = 1.0
"""Time over which `Worker.busy` forgets, seconds (ours: that between two `load`)."""

TOGETHER_S: Final = 0.004
"""Least time from one batch to the next where the worker is always busy, seconds; in proportion
less where it has time: windows of sessions that come one by one share the way to the thread and
back, which costs more than a small network does (ours; measured, bench/capacity.py)."""

W = TypeVar("W")
C = TypeVar("C")
R = TypeVar("R")
W_contra = TypeVar("W_contra", contravariant=True)
C_co = TypeVar("C_co", covariant=True)


class Measure(Protocol):
    """Told of batches."""

    def __call__(self, windows: int, *, seconds: float, waited_s: float) -> None:
        """So many windows took so long; one of them had waited so long, and none longer."""


def _unmeasured(windows: int, *, seconds: float, waited_s: float) -> None:
    """Keep nothing."""
    del windows, seconds, waited_s


def _one(cut: object) -> int:
    """Windows cost alike."""
    del cut
    return 1


class Voice(Protocol[W_contra, C_co]):
    """A session as the worker sees it; W is its window, C what the pipeline needs of one."""

    def __hash__(self) -> int:
        """Sessions are told apart by identity."""

    def cut(self, window: W_contra, /) -> C_co | None:
        """What the pipeline needs for a window, or None when nobody needs it any more."""

    def take_faces(self, windows: Sequence[W_contra], faces: Floats, /) -> None:
        """Faces (B, 82) of windows of this session, in order."""

    def fail(self, reason: str, /) -> None:
        """This session's windows cannot be computed."""


_Job: TypeAlias = tuple[Voice[W, C], W, C]


class Worker(Generic[W, C]):
    """Takes batches from its scheduler for as long as `run` runs.

    What one session's window or a bug of ours breaks ends that session and nothing else.

    Attributes:
        scheduler: Windows of all its sessions.
        governor: How many poses of live ones are computed.
        said_cost_s: What one window was said to cost at the start, seconds; 0 = not known.
    """

    def __init__(
        self,
        compute: Callable[[Sequence[C]], Floats],
        *,
        max_batch: int,
        cost_s: float = 0.0,
        measure: Measure = _unmeasured,
        work_of: Callable[[C], int] = _one,
        fixed_hz: float | None = None,
        name: str = "a2f-backend",
    ) -> None:
        """Own a scheduler for one pipeline.

        Args:
            compute: Faces (B, 82) of a batch; called in the worker's thread.
            max_batch: Most windows that it takes at a time.
            cost_s: What one window costs, as far as it is known, seconds; 0 = not known.
            measure: Told of every batch that was computed; called in the worker's thread.
            work_of: What a window costs, in units of `cost_s`, >= 0.
            fixed_hz: See `Governor`.
            name: Of the thread.
        """
        self.scheduler: Scheduler[Voice[W, C], W] = Scheduler(max_batch=max_batch, cost_s=cost_s)
        self.governor: Governor[Voice[W, C]] = Governor(fixed_hz=fixed_hz)
        self._work_of = work_of
        self.said_cost_s = cost_s
        self._busy, self._busy_at = 0.0, perf_counter()
        self._compute_faces, self._measure, self._name = compute, measure, name
        self._work = asyncio.Event()

    @property
    def busy(self) -> float:
        """Share of the last second or so that went into batches, 0 … 1."""
        return self._busy * exp((self._busy_at - perf_counter()) / BUSY_S)

    @property
    def pressure(self) -> Pressure:
        """What the governor has to know."""
        return Pressure(self.scheduler.cost_s, is_late=self.scheduler.is_late, busy=self.busy)

    @property
    def _gather_s(self) -> float:
        """From the batch just taken to the next, at least; none where more waits than it took."""
        return 0.0 if self.scheduler.waiting else TOGETHER_S * self.busy

    def add(
        self, voice: Voice[W, C], window: W, *, due: float | None, now: float, work: int = 1
    ) -> None:
        """Queue a window of a session; see `Scheduler.add`."""
        self.scheduler.add(voice, window, due=due, now=now, work=work)
        self._work.set()

    async def run(self) -> None:
        """Compute until cancelled: one hop to the thread and one back for every batch.

        A batch that runs at the end is not waited for: nobody gets it, and the loop goes on.
        """
        thread = ThreadPoolExecutor(1, thread_name_prefix=self._name)
        try:
            while True:
                batch = self.scheduler.take(now=monotonic())
                if batch:
                    until = perf_counter() + self._gather_s
                    await self._work_off(batch, thread)
                    if (rest_s := until - perf_counter()) > 0.0:
                        await asyncio.sleep(rest_s)
                else:
                    self._work.clear()
                    await self._work.wait()
        finally:
            thread.shutdown(wait=False, cancel_futures=True)

    async def _work_off(
        self, batch: Sequence[tuple[Voice[W, C], W]], thread: ThreadPoolExecutor
    ) -> None:
        """Compute a batch; what belongs to it is let go before the next one is waited for.

        What it costs is all the time until the next one can begin: the way to the thread and back
        and what sessions do with faces count, too, since nothing is computed meanwhile.
        """
        begun = perf_counter()
        jobs = [
            (voice, window, cut)
            for voice, window in batch
            if (cut := _guarded(voice, partial(voice.cut, window))) is not None
        ]
        if jobs:
            start = perf_counter()
            loop = asyncio.get_running_loop()
            faces = await loop.run_in_executor(thread, self._compute, jobs)
            self._spend(start, perf_counter())
            self._hand_out(jobs, faces)
            work = sum(self._work_of(cut) for _, _, cut in jobs)
            if work and all(face is not None for face in faces):
                self.scheduler.measured(work, perf_counter() - begun)

    def _spend(self, start: float, end: float) -> None:
        """Count the time of a batch: a mean that forgets, idle before it and busy in it."""
        idle = self._busy * exp((self._busy_at - start) / BUSY_S)
        self._busy, self._busy_at = 1.0 - (1.0 - idle) * exp((start - end) / BUSY_S), end

    def _compute(self, jobs: list[_Job[W, C]]) -> list[Floats | None]:
        """One face (82,), or None where there is none, for every job; runs in the thread."""
        start = perf_counter()
        try:
            faces = self._compute_faces([cut for _, _, cut in jobs])
            results = [face for _, face in zip(jobs, faces, strict=True)]
        except Exception:
            if len(jobs) == 1:
                log.exception("the backend failed on a window", extra=_about(jobs[0][0]))
                return [None]
        else:
            seconds = perf_counter() - start
            self._measure(len(jobs), seconds=seconds, waited_s=self.scheduler.waited_s)
            return [*results]
        return self._compute_apart(jobs)

    def _compute_apart(self, jobs: list[_Job[W, C]]) -> list[Floats | None]:
        """The same one by one, so that one session's window does not fail those of others."""
        failed: set[Voice[W, C]] = set()
        results: list[Floats | None] = []
        for job in jobs:
            face = None if job[0] in failed else self._compute([job])[0]
            if face is None:
                failed.add(job[0])
            results.append(face)
        return results

    def _hand_out(self, jobs: list[_Job[W, C]], faces: list[Floats | None]) -> None:
        """Give every session its faces in one go, and give those up that miss one."""
        shares: dict[Voice[W, C], tuple[list[W], list[Floats]]] = {}
        failed: set[Voice[W, C]] = set()
        for (voice, window, _), face in zip(jobs, faces, strict=True):
            windows, rows = shares.setdefault(voice, ([], []))
            if face is None:
                failed.add(voice)
            else:
                windows.append(window)
                rows.append(face)
        for voice, (windows, rows) in shares.items():
            if voice in failed:
                _guarded(voice, partial(voice.fail, "the model failed; the server's log says how"))
            else:
                _guarded(voice, partial(voice.take_faces, windows, np.stack(rows)))


def _guarded(voice: Voice[W, C], call: Callable[[], R]) -> R | None:
    """What a call gives; a bug in it is logged and ends the session, not the worker."""
    try:
        return call()
    except Exception:
        log.exception("a bug of ours in a session", extra=_about(voice))
    try:
        voice.fail("a bug of ours; the server's log says more")
    except Exception:
        log.exception("a bug of ours in giving a session up", extra=_about(voice))
    return None


def _about(voice: object) -> dict[str, object]:
    """Connection and session that a line of the log is about, where the voice says so."""
    return dict(getattr(voice, "about", {}))
