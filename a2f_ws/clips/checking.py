"""What stands in a clip file, and in which order: bounded, whoever wrote it."""

from typing import Final, NoReturn

import numpy as np

from a2f_ws.clips.rows_said import fault_in
from a2f_ws.errors import PeerError
from a2f_ws.names import Floats
from a2f_ws.timebase import PoseRate
from a2f_ws.wire.clip import ClipHead, Part
from a2f_ws.wire.codes import Code
from a2f_ws.wire.fields import VERSION
from a2f_ws.wire.replies import Opened, Poses, Rest, Utterance

ORDER: Final = (ClipHead, Opened, Rest, Utterance)
"""What comes first, in this order; then poses and states (protocol §22)."""


class Checking:
    """Takes the parts of a clip one by one.

    Attributes:
        head: The first part.
        opened: What rows consist of.
        rest: float32 (R,), the rest row.
        first: Index of the first pose.
        start_us: `t_us` of "started".
        sound_end_us: `t_us` of "audio_done"; without it, as `start_us`.
    """

    head: ClipHead
    opened: Opened
    rest: Floats
    rate: PoseRate

    def __init__(self) -> None:
        """Have nothing."""
        self.first = self.start_us = self.sound_end_us = 0
        self._taken = self._count = 0
        self._u = 0
        self._rows: list[Floats] = []
        self._is_heard = self._is_over = False

    @property
    def rows(self) -> Floats:
        """float32 (N, R), all poses, read only."""
        blank: Floats = np.zeros((0, self.opened.row), np.float32)
        whole: Floats = np.concatenate([blank, *self._rows])
        whole.flags.writeable = False
        return whole

    def take(self, part: Part) -> None:
        """The next part.

        Raises:
            PeerError: It does not belong there, or says something else than those before.
        """
        if self._is_over:
            self._refuse(f"found {_op(part)}, wanted nothing behind the poses")
        if self._taken < len(ORDER):
            if not isinstance(part, ORDER[self._taken]):
                self._refuse(f"found {_op(part)}, wanted {_op(ORDER[self._taken])}")
            self._begin(part)
        elif isinstance(part, Poses):
            self._poses(part)
        elif isinstance(part, Utterance):
            self._state(part)
        else:
            self._refuse(f"found {_op(part)}, wanted poses or utterance")
        self._taken += 1

    def finish(self) -> None:
        """There is nothing more.

        Raises:
            PeerError: Something is missing.
        """
        if not self._is_over:
            self._refuse("found its end, wanted utterance poses_done before it")

    def _begin(self, part: Part) -> None:
        match part:
            case ClipHead():
                if part.protocol != VERSION:
                    self._refuse(f"protocol: found {part.protocol}, wanted {VERSION}")
                self.head = part
            case Opened():
                self._open(part)
            case Rest():
                self._same(part)
                self.rest = self._floats(part.data, 1)[0]
            case Utterance():
                self._same(part)
                if part.state != "started":
                    self._refuse(f"state: found {part.state}, wanted started")
                self._u = part.u
                self.start_us = self.sound_end_us = part.t_us

    def _open(self, part: Opened) -> None:
        try:
            self.rate = PoseRate.of(part.fps)
        except ValueError as error:
            self._refuse(str(error))
        fault = fault_in(part)
        if fault is not None:
            self._refuse(fault)
        self.opened = part

    def _poses(self, part: Poses) -> None:
        self._same(part)
        if not self._count:
            self.first = part.i
        wanted = self.first + self._count
        if part.i != wanted:
            self._refuse(f"i: found {part.i}, wanted {wanted}")
        if part.t_us != self.rate.t_us(part.i):
            self._refuse(f"t_us: found {part.t_us}, wanted {self.rate.t_us(part.i)}")
        self._rows.append(self._floats(part.data, part.n))
        self._count += part.n

    def _state(self, part: Utterance) -> None:
        self._same(part)
        if part.state == "audio_done" and not self._is_heard and part.t_us >= self.start_us:
            self._is_heard, self.sound_end_us = True, part.t_us
        elif part.state == "poses_done":
            last = self.first + self._count - 1
            last_us = self.rate.t_us(last) if self._count else self.start_us
            for name, found in (("poses", part.poses), ("head.poses", self.head.poses)):
                if found != self._count:
                    self._refuse(f"{name}: found {found}, wanted {self._count}, which are there")
            if part.t_us != last_us:
                self._refuse(f"t_us: found {part.t_us}, wanted {last_us}")
            self._is_over = True
        else:
            self._refuse(f"found {part.state} at {part.t_us}, which cannot be here")

    def _same(self, part: Rest | Utterance | Poses) -> None:
        """One session, one layout, one utterance."""
        for name, wanted in (("sid", self.opened.sid), ("layout", self.opened.layout)):
            found = getattr(part, name, wanted)
            if found != wanted:
                self._refuse(f"{name}: found {found}, wanted {wanted}")
        if self._u and not isinstance(part, Rest) and part.u != self._u:
            self._refuse(f"u: found {part.u}, wanted {self._u}")

    def _floats(self, data: bytes, count: int) -> Floats:
        """float32 (count, R), read only."""
        row = self.opened.row
        if len(data) != 4 * row * count:
            self._refuse(f"data: found {len(data)} bytes, wanted {count} rows of {row} floats")
        rows = np.frombuffer(data, "<f4").reshape(count, row)
        if not np.isfinite(rows).all():
            self._refuse("data: found a value that is not finite")
        return rows.astype(np.float32, copy=False)

    def _refuse(self, text: str) -> NoReturn:
        raise PeerError(Code.BAD_VALUE, f"part {self._taken}: {text}")


def _op(part: object) -> str:
    kind = part if isinstance(part, type) else type(part)
    return str(getattr(kind, "__struct_config__").tag)  # noqa: B009
