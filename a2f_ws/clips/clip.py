"""A clip file in memory: the poses of one line, for a player."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import Final

from a2f_ws.client_pose import Block, Columns, Pose
from a2f_ws.clips.checking import Checking
from a2f_ws.errors import ConfigError, PeerError
from a2f_ws.output.recording import Recorder, Recording
from a2f_ws.player.pose_player import PosePlayer
from a2f_ws.timebase import PoseRate
from a2f_ws.wire.clip import CLIP_BYTES, ClipHead, parts
from a2f_ws.wire.replies import Opened

SUFFIX: Final = ".a2fclip"
"""How clip files end."""

U: Final = 1
"""The utterance of a clip that is played alone."""


class Clip:
    """One line with its poses. `open_clip` reads it from a file.

    Attributes:
        head: What it is of: sound, emotion, where it comes from.
        opened: What its rows consist of.
        rest: float32 (R,), the row to show before and after it; read only.
        rows: float32 (N, R), its poses; read only.
        first: Index of the first pose in the utterance.
        start_us: Where its sound begins, microseconds.
        sound_end_us: Where that ends.
    """

    def __init__(self, content: bytes | memoryview) -> None:
        """Take the content of a clip file.

        Raises:
            PeerError: It is none, or damaged; the text says what was found and where.
        """
        checked = Checking()
        for part in parts(content):
            checked.take(part)
        checked.finish()
        self.head: ClipHead = checked.head
        self.opened: Opened = checked.opened
        self.rest, self.rows = checked.rest, checked.rows
        self.first, self.start_us = checked.first, checked.start_us
        self.sound_end_us = checked.sound_end_us
        self._columns = Columns(self.opened.curves, PoseRate.of(self.opened.fps))

    @property
    def rate(self) -> PoseRate:
        """Poses per second."""
        return self._columns.rate

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the curves, in row order."""
        return self.opened.curves

    @property
    def end_us(self) -> int:
        """Time of the last pose, microseconds; without any, of the first sample."""
        poses = len(self.rows)
        return self.rate.t_us(self.first + poses - 1) if poses else self.start_us

    def is_of(self, pcm: bytes) -> bool:
        """True when the samples of a sound, in the format that the head tells, are its own."""
        return sha256(pcm).digest() == self.head.sound.hash

    def __iter__(self) -> Iterator[Pose]:
        """Its poses in order."""
        return Block(U, self.first, self.rows, self._columns).poses()

    def feed(self, player: PosePlayer, *, u: int = U, layout: int = 1) -> None:
        """Hand everything to a player, as if a server had sent it.

        Args:
            player: It plays the clip when it is asked for `u`.
            u: Utterance that the clip is to be; it rises within a player.
            layout: Number of its rows; another one for every rig that a player has seen.
        """
        opened = self.opened
        player.opened(
            layout,
            curves=len(opened.curves),
            transforms=len(opened.transforms),
            rate=self.rate,
            idle=opened.idle,
            look_ahead_us=opened.look_ahead_us,
        )
        player.rest(layout, self.rest)
        player.utterance(u, "started", poses=0, t_us=self.start_us)
        player.poses(u, layout, i=self.first, rows=self.rows)
        player.utterance(u, "audio_done", poses=len(self.rows), t_us=self.sound_end_us)
        player.utterance(u, "poses_done", poses=len(self.rows), t_us=self.end_us)

    def player(self) -> PosePlayer:
        """A player that has it as utterance 1 and forgets nothing: it may be sought through."""
        player = PosePlayer(keep_us=None)
        self.feed(player)
        return player

    def recording(self) -> Recording:
        """The same for `write_recording`."""
        opened = self.opened
        recorder = Recorder(
            rig=opened.rig,
            curves=opened.curves,
            rate=self.rate,
            transforms=opened.transforms,
            model=opened.model,
        )
        recorder.begin(U)
        recorder.add(self.rows, self.first)
        return recorder.recording({"source": self.head.source})


def open_clip(path: Path | str) -> Clip:
    """Read a clip file.

    Raises:
        ConfigError: It cannot be read, is none, or is damaged.
    """
    try:
        return Clip(_content(Path(path)))
    except PeerError as fault:
        raise ConfigError(f"{path}: not a clip that can be played: {fault.message}") from None


def _content(path: Path) -> bytes:
    """What is in a file, which has an end: pipes and devices need not have one."""
    try:
        found = path.stat()
        if not S_ISREG(found.st_mode):
            kind = "a folder" if S_ISDIR(found.st_mode) else "a pipe or a device"
            raise ConfigError(f"{path}: found {kind}, wanted a clip file")
        if found.st_size > CLIP_BYTES:
            text = f"found {found.st_size} bytes, wanted at most {CLIP_BYTES}"
            raise ConfigError(f"{path}: {text}")
        with path.open("rb") as file:
            return file.read(CLIP_BYTES + 1)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror or error}") from error
