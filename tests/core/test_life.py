"""Whatever a client does, in any order: every utterance is told as the protocol says."""

from dataclasses import dataclass, field

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from a2f_ws.timebase import PoseRate
from a2f_ws.wire import replies, requests
from tests.core.desk import Desk, ramp
from tests.data.windowed import windowed_bundle
from tests.fakes import scripted_pipeline

RATE_HZ = 8_000
FPS = PoseRate(30, 1)
GAP = 2 * RATE_HZ
BUNDLE = windowed_bundle()
FINAL = ("poses_done", "interrupted")


@dataclass
class Told:
    """What a client was told of one utterance."""

    states: list = field(default_factory=list)
    rows: int = 0
    last: int = -1
    is_whole: bool = True


@dataclass
class Sent:
    """What a client has sent of one utterance."""

    first: int
    end: int
    may_miss: bool
    is_ended: bool = False


class Client:
    """One session as its client sees it, and what it may expect."""

    def __init__(self, desk, sid, *, pacing):
        self.desk, self.sid, self.pacing = desk, sid, pacing
        self.open()

    def open(self):
        self.desk.open(sid=self.sid, rate=RATE_HZ, fps=FPS.wire, pacing=self.pacing)
        self.is_visible = True
        self.sent, self.told, self.newest = {}, {}, 0
        self.latest_pose = 0

    def expect(self, u, first, *, end):
        """Note audio that is sent; the server ends older utterances by itself."""
        entry = self.sent.get(u)
        if entry is None and u > self.newest and self.alive() < 8:
            self.newest = u
            for older in self.sent.values():
                older.is_ended = True
            self.sent[u] = Sent(first, end, not self.is_visible)
        elif entry and self.takes_audio(u) and first - entry.end <= GAP:
            entry.end = max(entry.end, end)

    def alive(self):
        return sum(1 for u in self.sent if not self.final(u))

    def final(self, u):
        return self.told[u].states[-1] in FINAL if u in self.told else False

    def takes_audio(self, u):
        return not self.sent[u].is_ended and not self.final(u)

    def hear(self, message):
        if isinstance(message, replies.Closed):
            assert all(self.final(u) for u in self.told)
        if not isinstance(message, replies.Poses | replies.Utterance):
            return
        told = self.told.setdefault(message.u, Told())
        assert not set(told.states) & set(FINAL), "something came after the final state"
        if isinstance(message, replies.Poses):
            self.hear_poses(message, told)
        else:
            self.hear_state(message, told)

    def hear_poses(self, message, told):
        assert told.states, "poses before `started`"
        assert message.u >= self.latest_pose, "an older utterance after a newer one"
        assert message.t_us == FPS.t_us(message.i)
        assert message.i > told.last
        first = FPS.first_at(self.sent[message.u].first, RATE_HZ)
        if message.i != (told.last + 1 if told.rows else first):
            told.is_whole = False
        self.latest_pose = message.u
        told.rows += message.n
        told.last = message.i + message.n - 1

    def hear_state(self, message, told):
        assert message.state not in told.states
        assert (message.state == "started") == (told.states == [])
        told.states.append(message.state)
        if message.state not in FINAL:
            return
        sent = self.sent[message.u]
        assert message.poses == told.rows
        start_us = sent.first * 1_000_000 // RATE_HZ
        assert message.t_us == (FPS.t_us(told.last) if told.rows else start_us)
        if message.state == "poses_done" and not sent.may_miss:
            self.check_whole(sent, told)

    def check_whole(self, sent, told):
        first = FPS.first_at(sent.first, RATE_HZ)
        speech = max(0, FPS.first_at(sent.end, RATE_HZ) - first) if sent.end > sent.first else 0
        assert told.is_whole
        assert told.rows == (speech + FPS.ease_poses if speech else 0)


WHO = st.integers(0, 1)


class Life(RuleBasedStateMachine):
    @initialize()
    def begin(self):
        self.desk = Desk(scripted_pipeline(BUNDLE), max_batch=7)
        self.clients = [
            Client(self.desk, 1, pacing="live"),
            Client(self.desk, 2, pacing="burst"),
        ]
        self.begun = 0

    def pick(self, who, back):
        client = self.clients[who]
        return client, max(1, client.newest + 1 - back)

    @rule(who=WHO, back=st.integers(0, 3), frames=st.integers(0, 12_000), skip=st.integers(0, 2))
    def start(self, who, back, frames, skip):
        client, u = self.pick(who, back)
        u += skip
        first = 0 if u in client.sent else skip * 1_111
        client.expect(u, first, end=first + frames)
        self.desk.say(ramp(frames), sid=client.sid, u=u, first=first)
        self.read()

    @rule(who=WHO, frames=st.integers(0, 6_000), offset=st.sampled_from([0, 0, 0, -50, 90, GAP]))
    def go_on(self, who, frames, offset):
        client = self.clients[who]
        if client.newest:
            first = max(0, client.sent[client.newest].end + offset)
            client.expect(client.newest, first, end=first + frames)
            self.desk.say(ramp(frames), sid=client.sid, u=client.newest, first=first)
            self.read()

    @rule(who=WHO, gap=st.sampled_from([GAP + 1, 10**15]))
    def jump(self, who, gap):
        client = self.clients[who]
        if client.newest:
            first = client.sent[client.newest].end + gap
            self.desk.say(ramp(9), sid=client.sid, u=client.newest, first=first)
            self.read()

    @rule(who=WHO, back=st.integers(0, 2))
    def end(self, who, back):
        client, u = self.pick(who, back)
        client.expect(u, 0, end=0)
        if u in client.sent:
            client.sent[u].is_ended = True
        self.desk.end(sid=client.sid, u=u)
        self.read()

    @rule(who=WHO, back=st.none() | st.integers(0, 3))
    def interrupt(self, who, back):
        client, u = self.pick(who, back or 0)
        self.desk.interrupt(sid=client.sid, u=None if back is None else u)
        self.read()

    @rule(who=WHO, back=st.integers(0, 3), t_us=st.integers(0, 3_000_000), paused=st.booleans())
    def play(self, who, back, t_us, paused):
        client, u = self.pick(who, back)
        self.miss(client)
        self.desk.played(t_us, sid=client.sid, u=u, paused=paused)
        self.read()

    @rule(who=WHO, back=st.none() | st.integers(0, 2), t_us=st.integers(0, 900_000))
    def feel(self, who, back, t_us):
        client, u = self.pick(who, back or 0)
        when = {} if back is None else {"u": u, "t_us": t_us}
        self.desk.emotion(sid=client.sid, transition_us=t_us, joy=0.5, **when)

    @rule(who=WHO, visible=st.booleans())
    def show(self, who, visible):
        client = self.clients[who]
        self.miss(client)
        client.is_visible = visible
        self.desk.set(sid=client.sid, visible=visible)

    @rule(who=WHO)
    def close(self, who):
        client = self.clients[who]
        self.desk.send(requests.Close(sid=client.sid))
        self.read()
        client.open()

    @rule(seconds=st.sampled_from([0.05, 0.2, 0.5]), works=st.booleans())
    def wait(self, seconds, works):
        if not works:
            for client in self.clients:
                self.miss(client)
        self.desk.wait(seconds, works=works and not self.begun)
        self.read()

    @rule()
    def begin_batch(self):
        self.begun += self.desk.hand.begin(self.desk.now)

    @precondition(lambda self: self.begun)
    @rule()
    def complete_batch(self):
        while self.begun:
            self.desk.hand.complete()
            self.begun -= 1
        self.read()

    def miss(self, client):
        """From now on poses may be left out of what is alive."""
        for sent in client.sent.values():
            sent.may_miss = True

    def read(self):
        for message in self.desk.read():
            for client in self.clients:
                if getattr(message, "sid", None) == client.sid:
                    client.hear(message)

    def teardown(self):
        if not hasattr(self, "desk"):
            return
        while self.desk.hand._jobs:
            self.desk.hand.complete()
        for client in self.clients:
            self.desk.set(sid=client.sid, visible=True)
            if client.newest:
                self.desk.end(sid=client.sid, u=client.newest)
                self.miss(client)
                self.desk.played(9_000_000, sid=client.sid, u=client.newest)
        self.desk.wait(12.0)
        self.read()
        for client in self.clients:
            assert sorted(client.told) == sorted(client.sent)
            assert all(client.final(u) for u in client.told)
            assert self.desk.sessions._voices[client.sid].session.offering.queued == 0
        assert self.desk.hand.scheduler.waiting == 0


Life.TestCase.settings = settings(max_examples=120, stateful_step_count=50)
test_every_started_utterance_gets_one_final_state_and_all_of_its_poses = Life.TestCase
