"""Scenarios by chance in the form of `protocol/vectors/playback`, with the Python player's answers.

    python -m tests.clients.scenarios FOLDER COUNT SEED

What nobody thinks of by hand: messages in any order, holes, layouts that change, pauses, hitches,
microphones, several utterances at once. A client in another language replays the files as it does
the committed ones.
"""

import random
import sys
from pathlib import Path

from tests.clients.conftest import ROOT

sys.path.insert(0, str(ROOT / "protocol"))

from generate_playback import expected

STEPS = 120
RATES = ((50, 1), (60, 1), (30000, 1001), (24, 1), (240, 1))
SHAPES = ((2, 0), (1, 1), (3, 2))


class Writer:
    """One scenario; the same for the same seed."""

    def __init__(self, seed):
        self._random = random.Random(seed)
        self._lines = []
        self._now_us = self._random.randrange(10**6)
        self._layouts = 0
        self._shape, self._rate = (1, 0), (60, 1)
        self._u, self._newest = 1, 1
        self._play_us, self._speed = 0, 1.0
        self._sent = {}
        self._is_live = self._random.random() < 0.3

    def text(self):
        """Its lines, with answers."""
        self._open()
        if self._is_live:
            self._say("listen", 1, self._now_us - self._random.randrange(200_000))
        for _ in range(STEPS):
            self._happen()
            self._ask()
        return "\n".join(expected(self._lines)) + "\n"

    def _say(self, verb, *words):
        self._lines.append(" ".join(map(str, (self._now_us, verb, *words))))

    def _row(self):
        curves, transforms = self._shape
        values = [round(self._random.random(), 4) for _ in range(curves)]
        for _ in range(transforms):
            values += [round(self._random.uniform(-1, 1), 4) for _ in range(7)]
        return values

    def _open(self):
        self._layouts += 1
        self._shape, self._rate = self._random.choice(SHAPES), self._random.choice(RATES)
        look_ahead_us = self._random.choice((0, 120_000))
        ahead_us = self._random.choice((1_500_000, 250_000))
        self._say("opened", self._layouts, *self._shape, *self._rate, look_ahead_us, ahead_us)
        if self._random.random() < 0.9:
            self._say("rest", self._layouts, *self._row())

    def _happen(self):
        chance = self._random
        self._now_us += chance.choice((0, 1, 8_000, 16_667, 16_667, 33_333, 90_000, 300_000))
        what = chance.random()
        if what < 0.45:
            self._poses()
        elif what < 0.55:
            self._tell()
        elif what < 0.95:
            chance.choice(
                (
                    self._open,
                    self._rest,
                    self._interrupt,
                    self._go_on,
                    self._pace,
                    self._seek,
                    self._set,
                    self._cue,
                )
            )()

    def _poses(self):
        chance = self._random
        u = chance.choice((self._u, self._u, self._u, self._newest, self._newest + 1))
        i = max(0, self._sent.get(u, 0) + chance.choice((0, 0, 0, 0, 0, 1, 3, 20, -4)))
        n = chance.choice((1, 2, 5, 12))
        self._sent[u] = i + n
        layout = self._layouts - (chance.random() < 0.05)
        if layout == self._layouts:
            self._say("poses", u, layout, i, *(value for _ in range(n) for value in self._row()))

    def _tell(self):
        chance = self._random
        u = chance.choice((self._u, self._u, self._newest))
        state = chance.choice(("started", "started", "audio_done", "poses_done", "interrupted"))
        if state == "interrupted" and chance.random() < 0.6:
            return
        num, den = self._rate
        poses = self._sent.get(u, 0)
        at_us = 0 if state == "started" else max(0, poses - 1) * 1_000_000 * den // num
        self._say("utterance", u, state, 0 if state == "started" else poses, at_us)

    def _rest(self):
        self._say("rest", self._layouts, *self._row())

    def _interrupt(self):
        if self._random.random() < 0.4:
            self._say("interrupt", self._random.choice((self._u - 1, self._u)))

    def _go_on(self):
        self._newest += 1
        self._u, self._play_us = self._newest, 0
        if self._is_live:
            self._say("listen", self._u, self._now_us - self._random.randrange(200_000))

    def _pace(self):
        self._speed = self._random.choice((0.0, 0.5, 1.0, 1.0, 2.0))
        self._say("pace", self._speed, int(self._random.random() < 0.3))

    def _seek(self):
        self._play_us += self._random.choice((-200_000, 150_000, 400_000, 40_000))

    def _set(self):
        chance = self._random
        verb, values = chance.choice(
            (
                ("av_offset_us", (0, 0, 60_000, -40_000)),
                ("keep_us", ("all", 500_000, 100_000)),
                ("visible", (0, 1, 1)),
            )
        )
        self._say(verb, chance.choice(values))

    def _cue(self):
        self._say("cue", self._u, self._random.choice((0, 100_000)))

    def _ask(self):
        chance = self._random
        before_us, self._now_us = self._now_us, self._now_us + chance.choice((0, 5_000, 16_667))
        self._play_us = max(0, self._play_us + int(self._speed * (self._now_us - before_us)))
        self._play_us += chance.choice((0, 0, 12_000, 16_667))
        word = "live" if self._is_live else self._play_us
        if chance.random() < 0.15:
            word = "-"
        u = self._u if chance.random() < 0.95 else chance.choice((0, self._u - 1))
        self._say("sample", max(0, u), word)
        for verb in ("margin", "rows"):
            if chance.random() < 0.1:
                self._say(verb)
        if self._is_live:
            self._say("live", self._u)


def write_scenarios(folder, *, count, seed):
    """Write `count` files into `folder`/playback."""
    place = Path(folder) / "playback"
    place.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        file = place / f"chance_{seed}_{number}.vec"
        file.write_text(Writer(f"{seed} {number}").text(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write_scenarios(sys.argv[1], count=int(sys.argv[2]), seed=int(sys.argv[3]))
