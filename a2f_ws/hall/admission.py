"""Which sessions are let in: so many that those who speak can all be served."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from a2f_ws.batching.governor import ROUNDING, SHARE, Demand
from a2f_ws.errors import PeerError
from a2f_ws.hall.pulse import Pulse
from a2f_ws.session.setup import Setup
from a2f_ws.session.voice import Voice
from a2f_ws.wire.codes import Code
from a2f_ws.work.running import Workers

NEW_PART: Final = 0.1
"""What a session counts for that is new and has not spoken yet: of many that are opened together
few speak at once, and whoever does counts in full from then on (ours: with the embedded model on
two cores a thousand may be opened as fast as connections take them, some fifty a second)."""

RETRY_NEW_S: Final = 1
RETRY_S: Final = 5
"""When to ask again, seconds: when those that are new have shown whether they speak; when some of
those that speak may have stopped (ours)."""

SESSIONS: Final = "sessions"
LOOP: Final = "sockets"
"""What is full when there are too many sessions, and when the thread that serves all sockets has no
room, beside the names of models."""

Limit: TypeAlias = int | Literal["auto"]


@dataclass(frozen=True, slots=True)
class Room:
    """What of a thing is taken, as shares of what it can do: 1 = all of it.

    Attributes:
        speaking: By sessions that speak, or spoke lately.
        new: By those that are new and have not spoken, if they do.
    """

    speaking: float
    new: float

    @classmethod
    def of(cls, demand: Demand, each_s: float) -> "Room":
        """What is taken of a thing that works so long on each of what is needed, seconds."""
        return cls(demand.speaking * each_s / SHARE, demand.new * each_s / SHARE)

    @property
    def taken(self) -> float:
        """What is taken, 0 … ; 1 and more = nobody else fits."""
        return self.speaking + NEW_PART * self.new

    def wait_s(self, mine: float) -> int:
        """Seconds after which to ask again for so much more; 0 = it fits.

        Whoever finds nobody there fits always, however slow the machine.
        """
        is_alone = self.speaking < mine / 2
        if not is_alone and self.speaking + mine > 1.0 + ROUNDING:
            return RETRY_S
        is_full = self.new > 0.0 and self.taken + NEW_PART * mine > 1.0 + ROUNDING
        return RETRY_NEW_S if is_full else 0


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
        watchers: Sessions that are watched, by watcher.
    """

    def __init__(self, workers: Workers, *, now: Callable[[], float], limit: Limit) -> None:
        """Let everybody in as yet.

        Args:
            workers: Who computes.
            now: The clock, seconds, monotonic.
            limit: Most open sessions.
        """
        self.limit, self.pulse, self.watchers = limit, Pulse(), 0
        self.refused: Counter[str] = Counter()
        self._workers, self._now = workers, now
        self._inside: set[Voice] = set()

    def __len__(self) -> int:
        """Sessions that are open."""
        return len(self._inside)

    def enter(self, voice: Voice) -> None:
        """Count a session that was let in."""
        self._inside.add(voice)

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
            self._refuse(SESSIONS, text, wait_s=RETRY_S)
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
        return taken | {LOOP: self._sockets(look.poses).taken}

    def _check(self, new: Setup, *, windows_hz: float, poses_hz: float) -> None:
        """Refuse so many more windows and poses a second where there is no room for them."""
        look, name = self._look(), new.model.name
        if windows_hz > 0.0:
            rooms = look.rooms[name]
            wait_s = min(room.wait_s(windows_hz * each_s / SHARE) for room, each_s in rooms)
            if wait_s:
                text = f"model {name!r} has no room for another session that speaks"
                self._refuse(name, text, wait_s=wait_s)
        if poses_hz > 0.0:
            self._check_sockets(look.poses, poses_hz)

    def _check_sockets(self, poses: Demand, hz: float) -> None:
        """Refuse so many more poses a second where the thread of all sockets has no room."""
        wait_s = self._sockets(poses).wait_s(hz * self.pulse.pose_s / SHARE)
        if self.pulse.is_late and poses.speaking:
            wait_s = RETRY_S
        if wait_s:
            text = "the server has no room for another session that speaks"
            self._refuse(LOOP, text, wait_s=wait_s)

    def _sockets(self, poses: Demand) -> Room:
        """What is taken of the thread that serves all sockets: for watchers as for speakers."""
        shown = 1.0 + self.watchers / max(1, len(self))
        return Room.of(poses, self.pulse.pose_s * shown)

    def _least_hz(self, setup: Setup) -> float:
        """Windows a second of a session, at its least rate."""
        worker = self._workers[setup.model.name].workers[0]
        return worker.governor.least_hz(setup.fps.hz)

    def _look(self) -> _Look:
        """See what all sessions need."""
        now, look = self._now(), _Look()
        for name, pool in self._workers.items():
            taking, rooms = pool.taking, look.rooms.setdefault(name, [])
            for worker in pool.workers:
                windows, poses = worker.governor.demand(now=now)
                look.poses += poses
                if worker in taking:
                    each_s = worker.scheduler.cost_s
                    rooms.append((Room.of(windows, each_s), each_s))
        return look

    def _refuse(self, reason: str, text: str, *, wait_s: int) -> None:
        self.refused[reason] += 1
        raise PeerError(Code.BUSY, f"{text}; retry in {wait_s} s", retry_s=wait_s)
