"""Fills in the expectations of `vectors/playback/*.vec` from the Python player.

    python protocol/generate_playback.py [--check]

The scenarios are written by hand; only lines that begin with `=` are generated. The format stands
in `vectors/playback/README.md`.
"""

import argparse
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

import numpy as np

ROOT: Final = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT.parent))

from a2f_ws.names import Floats  # noqa: E402
from a2f_ws.player.idle import Level, apply, offsets  # noqa: E402
from a2f_ws.player.pose_player import PosePlayer  # noqa: E402
from a2f_ws.timebase import PoseRate  # noqa: E402

FOLDER: Final = ROOT / "vectors" / "playback"
TOLERANCE: Final = 1e-5


class Replay:
    """One scenario on a player of its own."""

    def __init__(self) -> None:
        self._player = PosePlayer()
        self._widths: dict[int, int] = {}
        self._roles: dict[str, tuple[int, float]] = {}
        self._verbs: dict[str, Callable[[int, list[str]], str | None]] = {
            "apply": self._apply,
            "av_offset_us": self._av_offset_us,
            "cue": self._cue,
            "interrupt": self._interrupt,
            "keep_us": self._keep_us,
            "listen": self._listen,
            "live": self._live,
            "margin": self._margin,
            "offsets": self._offsets,
            "opened": self._opened,
            "pace": self._pace,
            "poses": self._poses,
            "ramp": self._ramp,
            "rest": self._rest,
            "role": self._role,
            "rows": self._rows,
            "sample": self._sample,
            "utterance": self._utterance,
            "visible": self._visible,
        }

    def step(self, line: str) -> str | None:
        """Do what a line says; the answer when it is a question, else None."""
        now_us, verb, *words = line.split()
        return self._verbs[verb](int(now_us), words)

    def _opened(self, _now_us: int, words: list[str]) -> None:
        layout, curves, transforms, num, den, look_ahead_us, ahead_us = map(int, words)
        self._widths[layout] = curves + 7 * transforms
        self._player.opened(
            layout,
            curves=curves,
            transforms=transforms,
            rate=PoseRate.of([num, den]),
            idle={},
            look_ahead_us=look_ahead_us,
            ahead_us=ahead_us,
        )

    def _rest(self, _now_us: int, words: list[str]) -> None:
        self._player.rest(int(words[0]), _floats(words[1:]))

    def _poses(self, _now_us: int, words: list[str]) -> None:
        u, layout, i = map(int, words[:3])
        rows = _floats(words[3:]).reshape(-1, self._widths[layout])
        self._player.poses(u, layout, i=i, rows=rows)

    def _ramp(self, _now_us: int, words: list[str]) -> None:
        u, layout, i, n = map(int, words[:4])
        base, step = _floats(words[4:]).reshape(2, self._widths[layout])
        self._player.poses(
            u, layout, i=i, rows=base + np.arange(n, dtype=np.float32)[:, None] * step
        )

    def _utterance(self, _now_us: int, words: list[str]) -> None:
        u, state, poses, t_us = words
        self._player.utterance(int(u), state, poses=int(poses), t_us=int(t_us))

    def _interrupt(self, _now_us: int, words: list[str]) -> None:
        self._player.interrupt(int(words[0]))

    def _cue(self, _now_us: int, words: list[str]) -> None:
        self._player.cue(int(words[0]), int(words[1]))

    def _listen(self, _now_us: int, words: list[str]) -> None:
        self._player.listen(int(words[0]), int(words[1]))

    def _pace(self, _now_us: int, words: list[str]) -> None:
        self._player.rate = float(words[0])
        self._player.is_paused = words[1] == "1"

    def _visible(self, _now_us: int, words: list[str]) -> None:
        self._player.is_visible = words[0] == "1"

    def _av_offset_us(self, _now_us: int, words: list[str]) -> None:
        self._player.av_offset_us = int(words[0])

    def _keep_us(self, _now_us: int, words: list[str]) -> None:
        self._player.keep_us = None if words[0] == "all" else int(words[0])

    def _role(self, _now_us: int, words: list[str]) -> None:
        self._roles[words[0]] = (int(words[1]), float(words[2]))

    def _sample(self, now_us: int, words: list[str]) -> str:
        u = int(words[0])
        if words[1] == "live":
            play_us = self._player.live_us(u, now_us=now_us)
        else:
            play_us = None if words[1] == "-" else int(words[1])
        row = self._player.sample(u, play_us, now_us=now_us)
        return f"{self._player.state} {self._player.layout.id} {_text(row)}".rstrip()

    def _live(self, now_us: int, words: list[str]) -> str:
        play_us = self._player.live_us(int(words[0]), now_us=now_us)
        return "-" if play_us is None else str(play_us)

    def _margin(self, _now_us: int, _words: list[str]) -> str:
        return str(self._player.gate.margin_us)

    def _rows(self, _now_us: int, _words: list[str]) -> str:
        return str(self._player.rows)

    def _offsets(self, now_us: int, words: list[str]) -> str:
        return _text(offsets(int(words[0]), now_us, level=Level(words[1])))

    def _apply(self, now_us: int, words: list[str]) -> str:
        amounts = offsets(int(words[0]), now_us, level=Level(words[1]))
        return _text(apply(_floats(words[2:]), amounts, roles=self._roles))


def expected(lines: Iterable[str]) -> list[str]:
    """The lines of a scenario with every expectation as the Python player has it now."""
    replay = Replay()
    out = []
    for line in lines:
        if line.startswith("="):
            continue
        out.append(line)
        if line and not line.startswith("#"):
            answer = replay.step(line)
            if answer is not None:
                out.append(f"= {answer}")
    return out


def is_equal(found: str, wanted: str) -> bool:
    """True when two lines say the same: words and whole numbers exactly, others within 1e-5."""
    if not (found.startswith("=") and wanted.startswith("=")):
        return found == wanted
    a, b = found.split(), wanted.split()
    return len(a) == len(b) and all(map(_is_same_word, a, b))


def check() -> list[str]:
    """Where each file that has drifted first differs; empty when none has."""
    drifted = []
    for path in sorted(FOLDER.glob("*.vec")):
        found = path.read_text(encoding="utf-8").splitlines()
        wanted = expected(found)
        differing = [
            k for k, pair in enumerate(zip(found, wanted, strict=False), 1) if not is_equal(*pair)
        ]
        if differing or len(found) != len(wanted):
            at = differing[0] if differing else min(len(found), len(wanted)) + 1
            drifted.append(f"vectors/playback/{path.name}:{at}")
    return drifted


def write() -> list[Path]:
    """Bring the expectations up to date; the files that had to change."""
    changed = []
    for path in sorted(FOLDER.glob("*.vec")):
        found = path.read_text(encoding="utf-8").splitlines()
        wanted = expected(found)
        if len(found) != len(wanted) or not all(map(is_equal, found, wanted)):
            path.write_text("\n".join(wanted) + "\n", encoding="utf-8", newline="\n")
            changed.append(path)
    return changed


def _floats(words: list[str]) -> Floats:
    return np.array([float(word) for word in words], np.float32)


def _text(row: Floats) -> str:
    return " ".join(f"{float(value) + 0.0:.7g}" for value in row)


def _is_same_word(a: str, b: str) -> bool:
    if a == b:
        return True
    try:
        return abs(float(a) - float(b)) <= TOLERANCE
    except ValueError:
        return False


def main() -> int:
    """Write, or check with --check."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="only say what differs")
    if parser.parse_args().check:
        drifted = check()
        print("\n".join(drifted) or "playback vectors: up to date")
        return 1 if drifted else 0
    for path in write():
        print(f"written {path.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
