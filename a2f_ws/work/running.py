"""What lets sessions go on, whoever they belong to: workers, preparation, recognition, pace."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from a2f_ws.batching.pool import Pool
from a2f_ws.batching.worker import Worker
from a2f_ws.session.setup import Setup
from a2f_ws.session.voice import Voice
from a2f_ws.session.windows import Window
from a2f_ws.shaping.cut import Cut
from a2f_ws.work.listening import Listening, Recognition
from a2f_ws.work.preparing import Prepare, Preparing, prepare_at_once
from a2f_ws.work.unfolding import Unfolder, Unfolding

Workers: TypeAlias = Mapping[str, Pool[Window, Cut]]
"""The workers of every model, by its name."""


class Running:
    """Queues what sessions offer.

    Attributes:
        workers: Who computes, by the names of the models.
    """

    def __init__(
        self,
        workers: Workers,
        *,
        now: Callable[[], float],
        prepare: Prepare = prepare_at_once,
        recognition: Recognition | None = None,
        unfolder: Unfolder | None = None,
    ) -> None:
        """Run nothing yet.

        Args:
            workers: Who computes.
            now: The clock, seconds, monotonic.
            prepare: What prepares pipelines for new face parameters.
            recognition: Who recognises the emotion of voices, or None.
            unfolder: Who unfolds meshes, or None where no model gives them.
        """
        self.workers, self._now = workers, now
        self._everybody = [worker for pool in workers.values() for worker in pool.workers]
        self._preparing = Preparing(prepare, serve=Voice.serve)
        self._listening = Listening(recognition, Voice.serve)
        self._unfolding = Unfolding(unfolder, Voice.serve)

    def worker(self, voice: Voice) -> Worker[Window, Cut]:
        """Who computes a session's faces."""
        return self.workers[voice.session.setup.model.name].of(voice)

    def admit(self, voice: Voice, new: Setup) -> int:
        """The stride of a session with new settings; burst ones are never slowed down.

        It is placed with a worker of the model, with its own one where it has one of that model.
        """
        pool = self.workers[new.model.name]
        worker = pool.place(voice, hz=0.0 if new.is_burst else new.fps.hz)
        if new.is_burst:
            return 1
        for other in self._everybody:
            worker.governor.take_over(voice, other.governor)
        cost_s = worker.scheduler.cost_s
        return worker.governor.admit(voice, new.fps.hz, cost_s=cost_s, now=self._now())

    def join(self, voice: Voice) -> None:
        """Count a session that was admitted."""
        if not voice.session.setup.is_burst:
            self.worker(voice).scheduler.join(voice)

    def change(self, voice: Voice, worker: Worker[Window, Cut]) -> None:
        """Move to another worker, if the session's settings want it, from that one."""
        if self.worker(voice) is worker:
            return
        voice.session.offering.unqueue(worker.scheduler.drop(voice, lambda _: True))
        worker.scheduler.leave(voice)
        worker.governor.leave(voice)
        for pool in self.workers.values():
            if worker in pool.workers:
                pool.leave(voice)
        self.join(voice)

    def begin(self, voice: Voice) -> None:
        """Before a line: let a session go to a worker with much less to do, if there is one."""
        session = voice.session
        pool = self.workers[session.setup.model.name]
        if len(pool.workers) == 1 or not session.is_quiet:
            return
        worker = pool.of(voice)
        if not worker.scheduler.is_empty_of(voice):
            return
        better = pool.better(voice)
        if better is not None:
            worker.scheduler.leave(voice)
            pool.move(voice, better)
            self.admit(voice, session.setup)
            self.join(voice)

    def go_on(self, voice: Voice, *, has_room: bool) -> None:
        """Queue what a session offers, and once more where that takes another pace.

        Args:
            voice: Of the session.
            has_room: False while its client is too slow for more burst poses.
        """
        session, worker, now = voice.session, self.worker(voice), self._now()
        self._preparing.ask(voice)
        self._listening.ask(voice, now=now)
        has_room = has_room and not session.meshing.is_full
        is_new = True
        while is_new:
            for window, due in session.offer(now=now, has_room=has_room):
                worker.add(voice, window, due=due, now=now, work=window.work)
            speaks = session.is_speaking
            is_new = session.pace(
                worker.governor.stride(voice, is_speaking=speaks, pressure=worker.pressure, now=now)
            )
            if is_new or session.offering.has_dead:
                self.drop_dead(voice, worker)
        self._unfolding.ask(voice, now=now)

    def drop_dead(self, voice: Voice, worker: Worker[Window, Cut] | None = None) -> None:
        """Take out of the queue what nobody needs any more."""
        worker = worker or self.worker(voice)
        voice.session.offering.unqueue(worker.scheduler.drop(voice, lambda window: window.is_dead))

    def leave(self, voice: Voice) -> None:
        """Forget a session that is over."""
        worker = self.worker(voice)
        worker.scheduler.leave(voice)
        worker.governor.leave(voice)
        self.workers[voice.session.setup.model.name].leave(voice)
        self._listening.forget(voice)
        self._unfolding.forget(voice)
