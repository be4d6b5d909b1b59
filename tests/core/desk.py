"""The sessions of one client without sockets, threads and clocks: every step is asked for.

desk = Desk(pipeline)
desk.open(fps=60)
desk.say(ramp(16_000))
desk.end()
messages = desk.finish()
"""

import numpy as np

from a2f_ws.batching.pool import Pool
from a2f_ws.catalog import Catalog
from a2f_ws.errors import PeerError
from a2f_ws.hall.hall import Hall
from a2f_ws.hall.sessions import Sessions
from a2f_ws.model import Model
from a2f_ws.outbox import Outbox
from a2f_ws.rig.table import load_rigs
from a2f_ws.settings import Settings
from a2f_ws.wire import replies, requests
from a2f_ws.wire.messages import AudioFormat
from a2f_ws.work.preparing import prepare_at_once
from a2f_ws.work.running import Running
from a2f_ws.work.unfolding import unfold
from tests.core.hand import Hand

TICK_S = 0.05
NAMES = ("embedded", "second")
RIGS = load_rigs()


class Shapes:
    """What unfolds meshes, as a hand works with pipelines."""

    cost_s = 0.0
    run = staticmethod(unfold)


class Desk:
    """A client's requests and what the server says to them, at a time that stands still.

    Attributes:
        now: Present time, seconds.
        outbox: What waits for the socket.
        hand: Works for the first model.
        crew: All who do, the first one being `hand`.
        ears: Works for the recognizer, or None.
        shaper: Unfolds meshes.
        shapes: False = meshes wait to be unfolded.
        hears: False = what it should recognise waits.
        log: All messages read so far.
    """

    def __init__(
        self,
        *pipelines,
        max_batch=64,
        workers=1,
        recognizer=None,
        prepare=prepare_at_once,
        **settings,
    ):
        self.now = 100.0
        self.hears = recognizer is not None
        self.shapes = True
        self.outbox = Outbox()
        self.log = []
        models = [
            Model(name, one, recognizer=recognizer)
            for name, one in zip(NAMES, pipelines, strict=False)
        ]
        self.catalog, self.settings = Catalog(models, RIGS), Settings(**settings)
        self.hands = {
            name: Hand(model.pipeline, max_batch=max_batch)
            for name, model in self.catalog.served.items()
        }
        self.hand = self.hands[NAMES[0]]
        more = [Hand(pipelines[0], max_batch=max_batch) for _ in range(1, workers)]
        self.crew = [self.hand, *more]
        self.ears = None if recognizer is None else Hand(recognizer, max_batch=max_batch)
        self.shaper = Hand(Shapes, max_batch=1)
        crews = {**{name: [hand] for name, hand in self.hands.items()}, NAMES[0]: self.crew}
        self.pools = {name: Pool(crew) for name, crew in crews.items()}
        running = Running(
            self.pools,
            now=self.clock,
            prepare=prepare,
            recognition=self.ears,
            unfolder=self.shaper,
        )
        self.hall = Hall(running, now=self.clock, settings=self.settings)
        self.sessions = self.sit(self.outbox)
        self.guests = []

    def clock(self):
        return self.now

    def sit(self, outbox):
        """The sessions of a client of this server."""
        return Sessions(
            outbox,
            catalog=self.catalog,
            hall=self.hall,
            settings=self.settings,
            now=self.clock,
            address="client",
        )

    def send(self, message):
        """Let the server answer a request; a refusal becomes the `error` that clients get."""
        try:
            self.sessions.answer(message)
        except PeerError as fault:
            fault.sid, fault.re = message.sid, message.id
            self.outbox.put(replies.Error.of(fault))
            if isinstance(message, requests.Open):
                self.sessions.refuse_open(fault)

    def open(self, sid=1, *, rate=16_000, format="f32le", channels=1, source="line", **fields):
        audio = AudioFormat(format=format, rate=rate, channels=channels, source=source)
        self.send(
            requests.Open(**{"sid": sid, "rig": "arkit", "fps": 60, "audio": audio, **fields})
        )

    def say(self, samples, *, sid=1, u=1, first=0, id=None):
        """Send audio: float samples, or bytes as they are."""
        pcm = samples if isinstance(samples, bytes) else np.asarray(samples, "<f4").tobytes()
        self.send(requests.Audio(sid=sid, u=u, first=first, pcm=pcm, id=id))

    def end(self, *, sid=1, u=1):
        self.send(requests.End(sid=sid, u=u))

    def line(self, samples, *, sid=1, u=1, first=0):
        """A whole utterance at once."""
        self.say(samples, sid=sid, u=u, first=first)
        self.end(sid=sid, u=u)

    def emotion(self, *, sid=1, transition_us=0, u=None, t_us=None, id=None, **values):
        message = requests.Emotion(
            sid=sid, values=values, u=u, t_us=t_us, transition_us=transition_us, id=id
        )
        self.send(message)

    def played(self, t_us, *, sid=1, u=1, rate=1.0, paused=False):
        self.send(requests.Played(sid=sid, u=u, t_us=t_us, rate=rate, paused=paused))

    def interrupt(self, *, sid=1, u=None):
        self.send(requests.Interrupt(sid=sid, u=u))

    def set(self, *, sid=1, **fields):
        self.send(requests.Set(sid=sid, **fields))

    def work(self, batches=10_000):
        """Compute batches until none is left, or so many."""
        for _ in range(batches):
            hands = [*self.hands.values(), *self.crew[1:], *([self.ears] if self.hears else [])]
            hands += [self.shaper] if self.shapes else []
            begun = [hand for hand in hands if hand.begin(self.now)]
            for hand in hands:
                while hand._jobs:
                    hand.complete()
            if not begun:
                break

    def wait(self, seconds, *, works=True):
        """Let time pass, tick by tick."""
        for _ in range(round(seconds / TICK_S)):
            self.now += TICK_S
            self.hall.tick()
            self.sessions.tick()
            for guest in self.guests:
                guest.sessions.tick()
            if works:
                self.work()

    def read(self):
        """What the client gets now."""
        fresh = []
        while (message := self.outbox.take()) is not None:
            fresh.append(message)
        self.log += fresh
        return fresh

    def finish(self, seconds=120.0):
        """Go on until every utterance has its final state; everything read so far."""
        self.work()
        self.read()
        for _ in range(round(seconds / TICK_S)):
            if not is_alive(self.log):
                break
            self.wait(TICK_S)
            self.read()
        return self.log


class Guest(Desk):
    """Another client of the same server; the first one works and lets time pass.

    Attributes:
        host: The first client.
    """

    def __init__(self, host, *, grant=None):
        self.host, self.outbox, self.log = host, Outbox(), []
        self.catalog, self.settings, self.hall = host.catalog, host.settings, host.hall
        self.sessions = self.sit(self.outbox)
        if grant is not None:
            self.sessions.grant = grant
        host.guests.append(self)

    def clock(self):
        return self.host.now

    def lose(self):
        """Be cut off; what was not read is lost."""
        self.host.guests.remove(self)
        self.sessions.leave(may_return=True)

    def leave(self):
        """Close the connection."""
        self.host.guests.remove(self)
        self.sessions.leave()

    def watch(self, name="hall", *, sid=1, rig="arkit", fps=60, **fields):
        self.send(requests.Open(sid=sid, rig=rig, fps=fps, role="watch", name=name, **fields))


def of(messages, kind, **fields):
    """Messages of a class whose fields have these values."""
    return [
        message
        for message in messages
        if isinstance(message, kind)
        and all(getattr(message, name) == value for name, value in fields.items())
    ]


def states(messages, **fields):
    """(u, state) of all `utterance` messages, in order."""
    return [(m.u, m.state) for m in of(messages, replies.Utterance, **fields)]


def finals(messages):
    """(u, state) of all final states, in order."""
    return [pair for pair in states(messages) if pair[1] in ("poses_done", "interrupted")]


def codes(messages):
    """Codes of all `status` messages, in order."""
    return [message.code for message in of(messages, replies.Status)]


def errors(messages):
    """(code, field) of all `error` messages, in order."""
    return [(message.code, message.field) for message in of(messages, replies.Error)]


def is_alive(messages):
    """True while an utterance that was started has no final state."""
    said = [state for _, state in states(messages)]
    return said.count("started") > said.count("poses_done") + said.count("interrupted")


def poses(messages, **fields):
    """Pose index → row, float32 (C,), of all `poses`; no pose may come twice."""
    rows = {}
    for message in of(messages, replies.Poses, **fields):
        table = np.frombuffer(message.data, "<f4").reshape(message.n, -1)
        for k, row in enumerate(table):
            assert message.i + k not in rows, f"pose {message.i + k} came twice"
            rows[message.i + k] = row
    return rows


def reach(messages, **fields):
    """Index after the last pose that came."""
    return max(poses(messages, **fields), default=-1) + 1


def rest_rows(messages, **fields):
    """Rows of all `rest` messages, float32 (C,) each."""
    return [np.frombuffer(m.data, "<f4") for m in of(messages, replies.Rest, **fields)]


def ramp(count, start=0):
    """Samples that tell their own index: n-th is (n mod 1000) / 2000."""
    return (np.arange(start, start + count) % 1000 / 2000).astype(np.float32)


def sound(messages, **fields):
    """(first, samples) of all `audio`, in one piece per utterance."""
    parts = of(messages, requests.Audio, **fields)
    samples = np.frombuffer(b"".join(part.pcm for part in parts), "<f4")
    ends = [part.first + len(part.pcm) // 4 for part in parts]
    assert [part.first for part in parts[1:]] == ends[:-1], "the sound has a hole or an overlap"
    return (parts[0].first if parts else 0), samples
