"""Which sessions are let in: so many that those who speak can all be served."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import inf
from typing import Final, Literal, NoReturn, TypeAlias

from a2f_ws.batching.governor import SHARE, Demand
from a2f_ws.errors import PeerError
from a2f_ws.hall.gauge import LOOK_S, Gauge
from a2f_ws.hall.pulse import Pulse
from a2f_ws.hall.room import Room
from a2f_ws.hall.waits import Waits
from a2f_ws.session.setup import Setup
from a2f_ws.session.voice import Voice
from a2f_ws.wire.codes import Code
from a2f_ws.work.running import Workers

RETRY_NEW_S: Final = 1
"""When to ask again, seconds, where those that are new will have shown by then whether they speak
(ours)."""

SESSIONS: Final = "sessions"
LOOP: Final = "sockets"
"""What is full when there are too many sessions, and when the thread that serves all sockets has no
room, beside the names of models."""

Limit: TypeAlias = int | Literal["auto"]


@dataclass(slots=True)
class _Look:
    """What all sessions need at a moment.

    Attributes:
        rooms: By model: what is taken of each worker, and the cost of a window there, seconds.
        poses: Poses a second.
    """

    rooms: dict[str, list[tuple[Room, float]]] = field(default_factory=dict)
    poses: Demand = field(default_factory=Demand)


class Admission:
    """Counts open sessions, and what those are expected to need; owns no clock.

    Burst sessions need nothing: they wait. Live ones need the workers of their model, at the least
    rate that the governor leaves them, and the one thread that serves the sockets.

    Attributes:
        limit: Most sessions that may be open; auto = as many as there is room for.
        pulse: What the loop has to do.
        refused: How often sessions were refused, by what was full.
    """

    def __init__(self, workers: Workers, *, now: Callable[[], float], limit: Limit) -> None:
        """Let everybody in as yet.

        Args:
            workers: Who computes.
            now: The clock, seconds, monotonic.
            limit: Most open sessions.
        """
        self.limit, self.pulse = limit, Pulse()
        self.refused: Counter[str] = Counter()
        self._workers, self._now = workers, now
        self._inside: set[Voice] = set()
        self._gauges = {worker: Gauge() for pool in workers.values() for worker in pool.workers}
        self._sockets, self._waits = Gauge(), Waits()
        self._look_at = self._entered_at = -inf

    def __len__(self) -> int:
        """Sessions that are open."""
        return len(self._inside)

    def enter(self, voice: Voice) -> None:
        """Count a session that was let in."""
        self._inside.add(voice)
        self._entered_at = self._now()

    def leave(self, voice: Voice) -> None:
        """Forget one that is over."""
        self._inside.discard(voice)

    def check_open(self, new: Setup) -> None:
        """Refuse a session that there is no room for.

        Raises:
            PeerError: 4429, with the seconds to wait.
        """
        if self.limit != "auto" and len(self) >= self.limit:
            text = f"found {len(self)} sessions open, wanted at most {self.limit} on this server"
            self._refuse(SESSIONS, text, since=self._entered_at)
        if not new.is_burst:
            self._check(new, windows_hz=self._least_hz(new), poses_hz=new.fps.hz)

    def check_change(self, old: Setup, new: Setup) -> None:
        """Refuse settings with which a session needs more than there is room for.

        Raises:
            PeerError: 4429, with the seconds to wait.
        """
        windows_hz, poses_hz = self._least_hz(new), new.fps.hz - old.fps.hz
        if new.model is old.model:
            windows_hz -= self._least_hz(old)
        if not new.is_burst and max(windows_hz, poses_hz) > 0.0:
            self._check(new, windows_hz=windows_hz, poses_hz=poses_hz)

    def check_watch(self, hz: float) -> None:
        """Refuse a watcher of so many poses a second that the sockets have no room for.

        Raises:
            PeerError: 4429, with the seconds to wait.
        """
        self._check_sockets(self._look().poses, hz)

    def taken(self) -> Mapping[str, float]:
        """What is taken of each model's workers and of the sockets; at 1 nobody is let in."""
        look = self._look()
        taken = {name: min(room.taken for room, _ in rooms) for name, rooms in look.rooms.items()}
        return taken | {LOOP: self._loop(look.poses)[0].taken}

    def tick(self) -> None:
        """See now and then what everything costs; called some twenty times a second."""
        now = self._now()
        if now < self._look_at:
            return
        self._look_at, poses = now + LOOK_S, self._watched()
        for worker, gauge in self._gauges.items():
            windows, shown = worker.governor.demand(now=now)
            poses += shown
            each_s, busy = worker.scheduler.cost_s, worker.busy
            gauge.look(now=now, each_s=each_s, busy=busy, needed_hz=windows.speaking)
        pose_s, busy = self.pulse.pose_s, self.pulse.busy
        self._sockets.look(now=now, each_s=pose_s, busy=busy, needed_hz=poses.speaking)
        if any(one.session.setup.is_burst and one.session.utterances for one in self._inside):
            self.pulse.mix()

    def _check(self, new: Setup, *, windows_hz: float, poses_hz: float) -> None:
        """Refuse so many more windows and poses a second where there is no room for them."""
        look, name = self._look(), new.model.name
        if windows_hz > 0.0:
            mine = [(room, windows_hz * each_s / SHARE) for room, each_s in look.rooms[name]]
            self._check_rooms(name, mine, text=f"model {name!r} has no room")
        if poses_hz > 0.0:
            self._check_sockets(look.poses, poses_hz)

    def _check_sockets(self, poses: Demand, hz: float) -> None:
        """Refuse so many more poses a second where the thread of all sockets has no room."""
        text, (room, pose_s) = "the server has no room", self._loop(poses)
        if self.pulse.is_late and poses.speaking:
            self._refuse(LOOP, f"{text} for another session that speaks")
        self._check_rooms(LOOP, [(room, hz * pose_s / SHARE)], text=text)

    def _check_rooms(self, name: str, rooms: list[tuple[Room, float]], *, text: str) -> None:
        """Refuse where none of some rooms has so much more room."""
        text = f"{text} for another session that speaks"
        fitting = [(room, mine) for room, mine in rooms if room.holds(mine)]
        if not fitting:
            self._refuse(name, text)
        self._waits.end(name)
        if not any(room.holds_new(mine) for room, mine in fitting):
            self._refuse(name, text, wait_s=RETRY_NEW_S)

    def _loop(self, poses: Demand) -> tuple[Room, float]:
        """What is taken of the thread that serves all sockets, and what a pose costs, seconds."""
        pose_s = self._sockets.each_s or self.pulse.pose_s
        return Room.of(poses, pose_s, gauge=self._sockets), pose_s

    def _watched(self) -> Demand:
        """Poses a second that watchers get of those who speak."""
        shown = [
            sum(one.rate.hz for one in voice.audience.watchers)
            for voice in self._inside
            if voice.audience is not None and voice.session.utterances
        ]
        return Demand(now=sum(shown))

    def _least_hz(self, setup: Setup) -> float:
        """Windows a second of a session, at its least rate."""
        worker = self._workers[setup.model.name].workers[0]
        return worker.governor.least_hz(setup.fps.hz)

    def _look(self) -> _Look:
        """See what all sessions need."""
        now, look = self._now(), _Look(poses=self._watched())
        for name, pool in self._workers.items():
            taking, rooms = pool.taking, look.rooms.setdefault(name, [])
            for worker in pool.workers:
                windows, poses = worker.governor.demand(now=now)
                look.poses += poses
                if worker in taking:
                    gauge = self._gauges[worker]
                    each_s = gauge.each_s or worker.scheduler.cost_s
                    is_full = worker.governor.slowed(now=now) > 0
                    room = Room.of(windows, each_s, gauge=gauge, is_full=is_full)
                    rooms.append((room, each_s))
        return look

    def _refuse(
        self, reason: str, text: str, *, wait_s: int | None = None, since: float | None = None
    ) -> NoReturn:
        self.refused[reason] += 1
        if wait_s is None:
            wait_s = self._waits.ask(reason, now=self._now(), since=since)
        raise PeerError(Code.BUSY, f"{text}; retry in {wait_s} s", retry_s=wait_s)
