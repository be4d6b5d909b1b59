"""The row to show now."""

from typing import Final

from a2f_ws.errors import MisuseError
from a2f_ws.names import Floats
from a2f_ws.player.blend import REST_BLEND_US, Blend
from a2f_ws.player.gate import AHEAD_US, Gate, Sight, State
from a2f_ws.player.head import Head
from a2f_ws.player.layout import Layout, Roles
from a2f_ws.player.track import LATE_US, Track
from a2f_ws.player.utterances import Utterances
from a2f_ws.timebase import PoseRate

STOP_BLEND_US: Final = 150_000
LATE_BLEND_US: Final = 250_000
KEEP_US: Final = 500_000
"""Numbers of protocol §19 (*PosePlayer*)."""


class PosePlayer:
    """Shows the poses of one session at the play head; owns neither clock nor sound.

    The client hands in what the server sends (`opened`, `rest`, `poses`, `utterance`), says what
    it does itself (`interrupt`, `cue`, `listen` and the public attributes), and asks with
    `sample` once per frame. Times are integers in microseconds; `now_us` is any steady clock.

    Decisions where the protocol leaves room:

    - Messages change nothing that is shown; the next `sample` does. A blend begins at that sample
      with the row shown before it, so the same question at the same time has the same answer.
    - Poses may come in any order and more than once: the last one that came for an index counts.
      Rows of a layout other than the one opened last have been overtaken and are dropped. Rows
      taken before a new `opened` play to their end in their own layout (attribute `layout`); the
      rest row changes its layout with the `rest` that follows `opened`.
    - A pose is late from the time at which it was due, measured on `now_us`, so that it does not
      depend on the frame rate; a pause stops that count. Until it is given up, the last row
      stands. Holes wider than 100 ms, and what has been forgotten, count as late poses.
    - Sound that goes away eases to rest like an interrupt. Past the last pose of an utterance
      that is done, the rest row shows; should it differ from that pose, as a new rest row does.
    - A face on its way to rest is never slowed: a second cause (the server's `interrupted` after
      the client's own) replaces the blend only where that ends sooner. A new rest row always
      begins its own blend, and does nothing while an utterance shows.
    - A newer `u` takes over with the first `sample` that names it, however far the older one had
      come; all that is known of older ones is deleted, and naming one again shows the rest row
      (state stop). `interrupt` is final: messages still under way do not revive an utterance.
    - Time that goes backwards stands still. A play head may go back freely: that is a jump.
    - While paused or stalled the play head is expected to stand; to scrub it is a jump like others.
    - While `is_visible` is False the server sends no poses: the gate waits for none.

    Attributes:
        rate: Play speed, as in `played`; 0 stands.
        is_paused: True while the sound stands still by the client's will (not in a stall).
        is_visible: As last told to the server by `set`.
        av_offset_us: How much later the sound is heard than the play head says; may be negative.
        keep_us: How far behind the play head poses are kept; None keeps all.
        look_ahead_us: As the server last said, for a microphone's play head.
        gate: Margin and state of the sound.
        state: The gate's state for the `u` that was sampled last.
    """

    def __init__(self, *, keep_us: int | None = KEEP_US, av_offset_us: int = 0) -> None:
        self.rate = 1.0
        self.is_paused = False
        self.is_visible = True
        self.av_offset_us = av_offset_us
        self.keep_us = keep_us
        self.look_ahead_us = 0
        self.gate = Gate()
        self.state = State.WAIT
        self._opened = Layout(id=0, curves=0, transforms=0, rate=PoseRate(60, 1), idle={})
        self._utterances = Utterances()
        self._blend = Blend(self._opened)
        self._head = Head()

    @property
    def layout(self) -> Layout:
        """Layout of the row that `sample` gave last."""
        return self._blend.layout

    @property
    def rows(self) -> int:
        """Number of rows kept, of all utterances."""
        return self._utterances.rows

    def opened(
        self,
        layout: int,
        *,
        curves: int,
        transforms: int,
        rate: PoseRate,
        idle: Roles,
        look_ahead_us: int = 0,
        ahead_us: int = AHEAD_US,
    ) -> None:
        """Take an `opened`: the rows that follow have this layout.

        Args:
            layout: `opened.layout`.
            curves: Number of curves.
            transforms: Number of transforms.
            rate: Poses per second.
            idle: Role -> (index, gain).
            look_ahead_us: Of the model, for a microphone's play head.
            ahead_us: As the client asked for in `open`, 0.25 … 60 s.
        """
        is_first = self._opened.id == 0
        self._opened = Layout(
            id=layout, curves=curves, transforms=transforms, rate=rate, idle=dict(idle)
        )
        self.look_ahead_us = look_ahead_us
        self.gate.limit(ahead_us)
        if is_first:
            self._blend.take_rest(self._opened.neutral(), self._opened)

    def rest(self, layout: int, row: Floats) -> None:
        """Take a `rest`: the row between utterances from now on.

        Args:
            layout: Its layout; ignored unless opened last.
            row: float32 (R,).

        Raises:
            MisuseError: The row has another length than the layout says.
        """
        if layout == self._opened.id:
            self._check(row)
            self._blend.take_rest(row, self._opened)

    def poses(self, u: int, layout: int, *, i: int, rows: Floats) -> None:
        """Take `poses`.

        Args:
            u: Utterance.
            layout: Layout of the rows; ignored unless opened last.
            i: Index of the first row, >= 0.
            rows: float32 (n, R).

        Raises:
            MisuseError: The rows have another length than the layout says.
        """
        if layout == self._opened.id and self._utterances.is_wanted(u) and len(rows):
            self._check(rows)
            self._utterances.track(u).add(self._opened, i, rows=rows)

    def utterance(self, u: int, state: str, *, poses: int, t_us: int) -> None:
        """Take an `utterance`, its fields as in the message; unknown states are ignored."""
        if self._utterances.is_wanted(u):
            self._utterances.track(u).tell(state, poses=poses, t_us=t_us)

    def interrupt(self, u: int) -> None:
        """The client interrupts every utterance up to `u`: what is shown of one eases to rest."""
        self._utterances.interrupt(u)

    def cue(self, u: int, play_us: int) -> None:
        """The sound of `u` will start here, not at its first sample (a line taken up again)."""
        if self._utterances.is_wanted(u):
            self._utterances.track(u).cue_us = play_us

    def listen(self, u: int, captured_us: int) -> None:
        """`u` is a microphone that nobody hears here.

        Args:
            u: Utterance.
            captured_us: Time at which its sample 0 was captured, on the clock of `now_us`.
        """
        if self._utterances.is_wanted(u):
            self._utterances.track(u).captured_us = captured_us

    def live_us(self, u: int, *, now_us: int) -> int | None:
        """The play head of a microphone, to be given to `sample`; None while it does not run."""
        if u < 1 or u != self._utterances.current:
            return None
        zero_us = self._zero_us(self._utterances.track(u))
        return None if zero_us is None else self.gate.live_us(now_us, live_zero_us=zero_us)

    def sample(self, u: int, play_us: int | None, *, now_us: int) -> Floats:
        """The row to show.

        Args:
            u: Utterance that sounds or is to sound next, >= 1; 0 when there is none.
            play_us: Play head from sample 0 of `u`; None without sound.
            now_us: The client's clock, >= 0.

        Returns:
            float32 (R,) in `layout`, new array, without idle life. Empty before any `opened`.
        """
        now_us = self._head.clock(now_us)
        current = self._utterances.current
        if u < max(1, current):
            self.state = State.STOP
            self._head.leave()
            return self._blend.to_rest(STOP_BLEND_US, now_us=now_us)
        if u > current:
            self._utterances.enter(u)
            self.gate.enter()
            self._head.leave()
        return self._follow(self._utterances.track(u), play_us, is_new=u > current)

    def _follow(self, track: Track, play_us: int | None, *, is_new: bool) -> Floats:
        head = self._head
        is_standing = self.is_paused or self.gate.state is State.STALL
        head.move(
            None if play_us is None else play_us - self.av_offset_us,
            speed=0.0 if is_standing else self.rate,
        )
        found = None if head.at_us is None else track.at(head.at_us)
        late_us = 0 if found is None else found.late_us
        missing_us = head.missing_us(late_us, rate=self.rate, is_paused=self.is_paused)
        self._ask_gate(track, play_us, missing_us=missing_us)
        if head.at_us is not None and self.keep_us is not None:
            track.forget(head.at_us - self.keep_us)
        now_us = head.now_us or 0
        if found is None or head.at_us is None:
            return self._blend.to_rest(STOP_BLEND_US, now_us=now_us)
        if track.is_done and head.at_us > track.end_us:
            return self._blend.to_rest(REST_BLEND_US, now_us=now_us)
        if missing_us > LATE_US:
            return self._blend.to_rest(LATE_BLEND_US, now_us=now_us)
        is_apart = is_new or head.has_jumped
        return self._blend.to_pose(found.row, found.layout, is_apart=is_apart, now_us=now_us)

    def _ask_gate(self, track: Track, play_us: int | None, *, missing_us: int) -> None:
        head = self._head
        start_us = track.start_us - self.av_offset_us if head.last_us is None else head.last_us
        zero_us = self._zero_us(track)
        self.gate.update(
            Sight(
                head_us=start_us if head.at_us is None else head.at_us,
                has_sound=head.at_us is not None,
                reach_us=track.reach_us,
                is_done=track.is_done or not self.is_visible,
                is_over=track.is_over(head.at_us, play_us),
                missing_us=missing_us,
                even_us=head.even_us,
                now_us=head.now_us or 0,
            ),
            live_zero_us=None if zero_us is None else zero_us + self.av_offset_us,
        )
        self.state = self.gate.state

    def _zero_us(self, track: Track) -> int | None:
        return None if track.captured_us is None else track.captured_us + self.look_ahead_us

    def _check(self, rows: Floats) -> None:
        found, wanted = rows.shape[-1], self._opened.row
        if found != wanted:
            raise MisuseError(f"layout {self._opened.id}: found {found} floats, wanted {wanted}")
