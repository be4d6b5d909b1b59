"""More speech than the machine can compute: everybody who was silent begins to speak at once."""

import pytest

from a2f_ws.wire import replies
from tests.core.desk import TICK_S, Desk, of, poses, ramp

SECOND = 16_000
COST_S = 0.02
"""Of a window: fifty a second, of which three sessions at 15 a second leave a little."""

LATE_S = 0.3
"""How far behind its sound a microphone's newest pose may be: 250 ms, and a tick."""


class Slow(Desk):
    """A server whose backend takes time: no more is computed in a tick than fits into it."""

    def __init__(self, pipeline, *, cost_s, **options):
        super().__init__(pipeline, **options)
        self._cost_s, self._free_at = cost_s, self.now

    def work(self, batches=10_000):
        del batches
        self._free_at = max(self._free_at, self.now - TICK_S)
        while self._free_at < self.now:
            has_begun = self.hand.begin(self.now)
            self._free_at += self._cost_s * len(self.hand._jobs[-1])
            self.hand.complete()
            if not has_begun:
                return


@pytest.fixture
def crowd(scripted):
    """Eight sessions that were let in while they were silent, where three can speak."""
    scripted.backend.cost_s = COST_S
    desk = Slow(scripted, cost_s=COST_S)
    for sid in range(1, 9):
        desk.open(sid=sid, source="mic", want=("status",))
    desk.wait(2.0)
    assert len(of(desk.read(), replies.Opened)) == 8
    return desk


class Microphones:
    """Of sessions that speak, a chunk every tick."""

    def __init__(self, desk):
        self.desk = desk
        self.heard, self.shown = dict.fromkeys(range(1, 9), 0), dict.fromkeys(range(1, 9), 0)

    def speak(self, seconds, sids):
        """Let these speak; (session, how far its newest pose is behind its sound) per second."""
        behind = []
        chunk = round(TICK_S * SECOND)
        for k in range(round(seconds / TICK_S)):
            for sid in sids:
                first = self.heard[sid]
                self.desk.say(ramp(chunk, start=first), sid=sid, first=first)
                self.heard[sid] += chunk
            self.desk.wait(TICK_S)
            for poses_said in of(self.desk.read(), replies.Poses):
                self.shown[poses_said.sid] = poses_said.i + poses_said.n
            if k % 20 == 19:
                behind += [(sid, self.heard[sid] / SECOND - self.shown[sid] / 60) for sid in sids]
        return behind


def rates(desk):
    return {m.counters["rate_hz"] for m in of(desk.log, replies.Status, code="rate")}


def dropped(messages, sid):
    told = of(messages, replies.Status, sid=sid, code="dropped")
    return sum(message.counters["poses"] for message in told)


def test_nobody_falls_behind_for_good_and_all_get_the_same(crowd):
    crowd.log.clear()
    behind = Microphones(crowd).speak(10.0, range(1, 9))
    look_ahead_s = (
        max(m.counters["look_ahead_us"] for m in of(crowd.log, replies.Status, code="rate")) / 1e6
    )
    assert max(late for _, late in behind[8:]) <= look_ahead_s + LATE_S + 0.1
    shown = {sid: len(poses(crowd.log, sid=sid)) for sid in range(1, 9)}
    assert min(shown.values()) > 0.8 * max(shown.values())
    assert min(shown.values()) > 100
    assert all(dropped(crowd.log, sid) for sid in shown)
    assert min(rates(crowd)) == 15.0


def test_what_is_dropped_is_told_and_nothing_comes_twice_or_out_of_order(crowd):
    crowd.log.clear()
    microphones = Microphones(crowd)
    microphones.speak(5.0, range(1, 9))
    for sid in range(1, 9):
        indices = list(poses(crowd.log, sid=sid))
        assert indices == sorted(indices)
        missing = indices[-1] + 1 - len(indices)
        assert 0 < missing <= dropped(crowd.log, sid)
        told = of(crowd.log, replies.Status, sid=sid, code="load")
        assert sum(message.counters["dropped"] for message in told) > 0


def test_those_that_go_on_alone_get_everything_again(crowd):
    microphones = Microphones(crowd)
    microphones.speak(5.0, range(1, 9))
    microphones.speak(3.0, [1, 2])
    crowd.log.clear()
    behind = microphones.speak(5.0, [1, 2])
    assert [dropped(crowd.log, sid) for sid in (1, 2)] == [0, 0]
    assert max(late for _, late in behind) <= 0.3
    for sid in (1, 2):
        indices = list(poses(crowd.log, sid=sid))
        assert indices == list(range(indices[0], indices[-1] + 1))


def test_who_asks_meanwhile_is_told_to_wait_and_bursts_wait_themselves(crowd):
    microphones = Microphones(crowd)
    microphones.speak(2.0, range(1, 9))
    crowd.open(sid=20)
    assert of(crowd.read(), replies.Error, sid=20)[0].code == 4429
    crowd.open(sid=21, pacing="burst")
    crowd.line(ramp(SECOND), sid=21)
    microphones.speak(3.0, range(1, 9))
    assert len(poses(crowd.log, sid=21)) == 0
    microphones.speak(8.0, [1, 2])
    assert len(poses(crowd.log, sid=21)) == 75
