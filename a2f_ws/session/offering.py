"""Which windows of a session should be computed now, when they are due, what comes too late."""

from collections.abc import Callable, Iterator, Sequence
from math import inf
from typing import Final, TypeAlias

from a2f_ws.session.playhead import LATE_TOLD_US, PlayHead, Stretch, distance_us
from a2f_ws.session.saying import Saying
from a2f_ws.session.setup import Setup
from a2f_ws.session.utterance import Utterance
from a2f_ws.session.windows import Window
from a2f_ws.timebase import MICROSECONDS

QUEUED_MAX: Final = 64
"""Windows of one session that wait for the backend at a time: one full `poses` message, so that
an interrupt or a new emotion has little to take back (ours)."""

POSES_PASSED: Final = 256
"""Poses that nobody sees are passed at most so many at a time: their audio is resampled all the
same, which must not hold up the loop (ours)."""

Offer = tuple[Window, float | None]

Known: TypeAlias = Callable[[Utterance, Setup], int]
"""What `Sensing.known` does."""


class Offering:
    """Walks through the alive utterances in order and offers what the play head allows.

    Attributes:
        head: Where the client's sound is.
        queued: Windows that wait for the backend or are in it.
        has_dead: True when some of these wait in vain: they were given up as too late.
        is_held: True when faces have to come before more can be offered, or have made room for it.
    """

    def __init__(self, saying: Saying, head: PlayHead | None = None) -> None:
        """Offer nothing yet."""
        self.head = PlayHead() if head is None else head
        self.queued = 0
        self.has_dead = False
        self.is_held = False
        self._late = self._dropped = 0
        self._saying = saying
        self._gone: list[Stretch] = []
        self._told_behind = 0

    def offer(
        self, alive: Sequence[Utterance], setup: Setup, *, now: float, known: Known
    ) -> Iterator[Offer]:
        """Windows with their dues (None = burst), in order of utterances and poses.

        Args:
            alive: Utterances in order.
            setup: Settings of the session.
            now: Present time, seconds, monotonic.
            known: Index after the last available pose whose emotion is known for good. Burst poses
                wait for that, so that the same sound always gives the same poses; live ones never.
        """
        self.is_held = setup.is_burst
        stretches, head = self.place(alive, now=now)
        if not setup.is_burst:
            self._catch_up(alive, head, now=now)
        for utterance in alive:
            if utterance.line is not None and utterance is not alive[0]:
                self.is_held = True
                return
            head_us, available = None, utterance.available
            if setup.is_burst:
                utterance.forget(utterance.shown)
                available = known(utterance, setup)
            else:
                head_us = -distance_us(stretches, head, u=utterance.u, t_us=0)
            yield from self._poses(
                utterance, available, head_us=head_us, ahead_us=setup.ahead_us, now=now
            )
            if not utterance.is_easing:
                return

    def pass_by(self, alive: Sequence[Utterance], setup: Setup, *, now: float) -> list[Utterance]:
        """Let the play head run through utterances that nobody sees.

        Returns:
            The utterances that are over.
        """
        _, head = self.place(alive, now=now)
        over = []
        for utterance in alive:
            end = utterance.available
            if not setup.is_burst:
                end = min(end, _pose_at(utterance, head))
            end = min(end, utterance.taken + POSES_PASSED)
            utterance.skip_to(end)
            if not utterance.is_ended or end < utterance.speech_poses:
                break
            over.append(utterance)
        return over

    def unqueue(self, windows: int) -> None:
        """Note that the scheduler has dropped the dead windows, so many."""
        self.queued, self.has_dead = self.queued - windows, False

    def retire(self, utterance: Utterance, setup: Setup) -> None:
        """Keep in mind what the sound of an utterance whose poses are done still has to pass.

        Live ones only, and those that take time: so there are never more than fit in `ahead_us`.
        """
        self.is_held = True
        if not setup.is_burst and utterance.end_pose > utterance.first_pose:
            self._gone.append(utterance.stretch())

    def take_counts(self) -> tuple[int, int]:
        """Poses that came late, and poses dropped as too late, since the call before."""
        counts, self._late, self._dropped = (self._late, self._dropped), 0, 0
        return counts

    def position(self, alive: Sequence[Utterance], *, now: float) -> tuple[int, int]:
        """The play head now: utterance, and microseconds after its sample 0."""
        return self.place(alive, now=now)[1]

    def assume(self, alive: Sequence[Utterance], *, now: float) -> None:
        """Let the play head run by itself again, from where it is."""
        self.head.assume(self.position(alive, now=now), now=now)

    def place(
        self, alive: Sequence[Utterance], *, now: float
    ) -> tuple[list[Stretch], tuple[int, int]]:
        """The utterances that the play head has not passed, and the head."""
        stretches = self._gone + [utterance.stretch() for utterance in alive]
        head = self.head.position(stretches, now=now)
        self._gone = [stretch for stretch in self._gone if stretch.u >= head[0]]
        return stretches, head

    def _poses(
        self,
        utterance: Utterance,
        available: int,
        *,
        head_us: int | None,
        ahead_us: int,
        now: float,
    ) -> Iterator[Offer]:
        """Windows of one utterance; `head_us` = the play head on its clock, None = burst."""
        while self.queued < QUEUED_MAX and not utterance.is_easing:
            is_last = utterance.is_ended and utterance.next == utterance.speech_poses
            if not is_last and utterance.next >= available:
                return
            due, since = None, inf
            if head_us is not None:
                wait_us = utterance.fps.t_us(utterance.asked) - head_us
                if wait_us > ahead_us:
                    return
                due = now + max(0, wait_us) / MICROSECONDS / self.head.rate
                allowed = now - (ahead_us - wait_us) / MICROSECONDS / self.head.rate
                since = max(allowed, utterance.came_at(utterance.next))
            self.queued += 1
            window = utterance.offer()
            window.since = since
            yield window, due
        self.is_held |= self.queued >= QUEUED_MAX

    def _catch_up(self, alive: Sequence[Utterance], head: tuple[int, int], *, now: float) -> None:
        """Give up late poses; what later utterances were offered has to come after that."""
        is_later = False
        for utterance in alive:
            utterance.forget(min(utterance.shown, _pose_at(utterance, head)))
            self._judge(utterance, head)
            if is_later:
                utterance.take_back(utterance.shown)
                self.has_dead = True
            is_later |= self._give_up_late(utterance, head, now=now)

    def _judge(self, utterance: Utterance, head: tuple[int, int]) -> None:
        """Count the poses that came after their time; an assumed head is not taken so literally.

        A pose between two computed ones waits for the later one's audio: that is no lateness.
        """
        slack_us = utterance.imposed_us + (0 if self.head.is_told else LATE_TOLD_US)
        if self.head.is_captured:
            bound = _pose_before_newest(utterance, utterance.chunk_us + slack_us)
        else:
            bound = _pose_at(utterance, (head[0], max(0, head[1] - slack_us)))
        self._late += max(0, min(utterance.shown, bound) - utterance.judged)
        if utterance.shown > utterance.judged:
            utterance.judged, utterance.imposed_us = utterance.shown, 0

    def _give_up_late(self, utterance: Utterance, head: tuple[int, int], *, now: float) -> bool:
        """Give up poses that are worthless by now, after having told that it may come to that.

        A pose is worthless when it is older than the play head allows *and* its audio has been
        here for as long: a client that plays before poses can exist still gets them. Those of a
        microphone are worthless when newer audio is here: nobody makes up for the time lost.

        Returns:
            True when offers were taken back.
        """
        if utterance.u > head[0]:
            return False
        late_us = self.head.late_us
        behind_us, to = self._lateness(utterance, head, now=now)
        if behind_us > late_us // 2 and self._told_behind != utterance.u:
            self._told_behind = utterance.u
            text = (
                f"poses come {behind_us // 1000} ms late; beyond {late_us // 1000} they are dropped"
            )
            self._saying.status("behind", text, u=utterance.u, late_us=behind_us)
            if not self.head.is_captured:
                return False
        if behind_us > late_us:
            dropped = to - utterance.shown
            utterance.take_back(to)
            self.has_dead = True
            self._dropped += dropped
            self._saying.status("dropped", f"{dropped} late poses", u=utterance.u, poses=dropped)
            return True
        return False

    def _lateness(
        self, utterance: Utterance, head: tuple[int, int], *, now: float
    ) -> tuple[int, int]:
        """How late the pose computed next is, microseconds, and which one to go on with.

        What came in one chunk with the newest audio of a microphone is as new as that.
        """
        fps, available = utterance.fps, utterance.available
        if self.head.is_captured:
            behind_us = fps.t_us(available) - fps.t_us(utterance.taken) - utterance.chunk_us
            kept_us = max(utterance.chunk_us, self.head.late_us // 2)
            return behind_us, _pose_before_newest(utterance, kept_us)
        waiting_us = round(utterance.waiting_s(now=now) * MICROSECONDS)
        behind_us = min(waiting_us, _head_us(utterance, head) - fps.t_us(utterance.taken))
        return behind_us, min(available, _pose_at(utterance, head))


def _head_us(utterance: Utterance, head: tuple[int, int]) -> int:
    """The play head on an utterance's clock; its end once the head has passed it."""
    return head[1] if utterance.u == head[0] else utterance.fps.t_us(utterance.end_pose)


def _pose_at(utterance: Utterance, head: tuple[int, int]) -> int:
    """First pose of an utterance that is not before the play head."""
    if utterance.u > head[0]:
        return utterance.first_pose
    return utterance.fps.first_at(_head_us(utterance, head), MICROSECONDS)


def _pose_before_newest(utterance: Utterance, before_us: int) -> int:
    """First pose that is no older than so much before the newest one that is available."""
    newest_us = utterance.fps.t_us(utterance.available)
    at = utterance.fps.first_at(max(0, newest_us - before_us), MICROSECONDS)
    return max(utterance.first_pose, at)
