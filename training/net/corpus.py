"""Draws stretches of sound with their targets from what `training.speech.pack` wrote."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from a2f_ws.names import Floats
from training.net.shape import HOP, OUTPUT_STEP
from training.speech.targets import DECISIONS, targets

OUTPUT_COUNT: Final = 160
"""Targets of one stretch."""
CELLS: Final = OUTPUT_COUNT + 51
"""Steps of 10 ms in a stretch; the target of output i is that of cell i + `OUTPUT_STEP`."""
SHARES: Final = {"world": 0.45, "kokoro": 0.2, "espeak": 0.13, "festival": 0.12, "flite": 0.1}
"""How often each source is drawn."""
ON_REQUEST: Final = {"prompts": 0.2}
"""The same, beside those, of sources under licences with conditions: only if they are asked for."""
UNSPOKEN: Final = 0.05
"""Share of stretches in which nobody speaks; `training.net.augment` fills them with music."""
_GAP_CELLS: Final = (5, 80)


@dataclass(frozen=True, slots=True, eq=False)
class Clip:
    """One packed utterance: int16 sound and its targets every 10 ms."""

    pcm: NDArray[np.int16]
    curves: NDArray[np.float16]
    decisions: NDArray[np.float16]
    kinds: NDArray[np.int8]


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Stretches of sound and what belongs to them.

    Attributes:
        sound: float32 (B, CELLS * 160).
        curves: float32 (B, OUTPUT_COUNT, 15).
        decisions: float32 (B, OUTPUT_COUNT, 3).
        kinds: int64 (B, OUTPUT_COUNT).
        speaks: bool (B, CELLS), False where no utterance lies.
    """

    sound: Floats
    curves: Floats
    decisions: Floats
    kinds: NDArray[np.int64]
    speaks: NDArray[np.bool_]


class Corpus:
    """The packed utterances of one use; `refresh` finds those that have been added since.

    Args:
        folder: Where `packed` lies.
        use: train or validate.
        added: Sources of `ON_REQUEST` to be drawn too; files of the others are left alone.
    """

    def __init__(self, folder: Path, use: str, *, added: Sequence[str] = ()) -> None:
        self._folder = folder / "packed"
        self._use = use
        self._known: set[str] = set()
        self._shares = SHARES | {source: ON_REQUEST[source] for source in added}
        self._clips: dict[str, list[list[Clip]]] = {source: [] for source in self._shares}
        rest = targets([("sil", 0.0, 1.0)], np.zeros(16_000, np.float32))
        self._rest = rest.curves[50]
        self.refresh()

    def refresh(self) -> int:
        """Read new files; returns how many utterances there are now."""
        for path in sorted(self._folder.glob(f"*-{self._use}-*.npz")):
            source = path.name.split("-")[0]
            if path.name not in self._known and source in self._shares:
                self._known.add(path.name)
                self._clips[source].append(_read(path))
        return len(self._known)

    def minutes(self) -> dict[str, float]:
        """Minutes of sound by source, copies at other speeds included."""
        return {
            source: sum(len(clip.pcm) for copies in clips for clip in copies) / 960_000
            for source, clips in self._clips.items()
        }

    def batch(self, size: int, random: np.random.Generator) -> Batch:
        """Draw stretches."""
        sound = np.zeros((size, CELLS * HOP), np.float32)
        curves = np.tile(self._rest, (size, CELLS, 1))
        decisions = np.zeros((size, CELLS, len(DECISIONS)), np.float32)
        decisions[:, :, DECISIONS.index("silence")] = 1.0
        kinds = np.zeros((size, CELLS), np.int64)
        speaks = np.zeros((size, CELLS), np.bool_)
        for row in range(size):
            cell = -int(random.integers(0, 400)) if random.random() >= UNSPOKEN else CELLS
            while cell < CELLS:
                clip = self._draw(random)
                _place(clip, cell, arrays=(sound[row], curves[row], decisions[row], kinds[row]))
                speaks[row, max(cell, 0) : max(cell + len(clip.kinds), 0)] = True
                cell += len(clip.kinds) + int(random.integers(*_GAP_CELLS))
        used = slice(OUTPUT_STEP, OUTPUT_STEP + OUTPUT_COUNT)
        return Batch(sound, curves[:, used], decisions[:, used], kinds[:, used], speaks)

    def _draw(self, random: np.random.Generator) -> Clip:
        filled = [source for source, clips in self._clips.items() if clips]
        shares = np.array([self._shares[source] for source in filled])
        source = filled[int(random.choice(len(filled), p=shares / shares.sum()))]
        copies = self._clips[source][int(random.integers(len(self._clips[source])))]
        return copies[int(random.integers(len(copies)))]


def _place(clip: Clip, cell: int, *, arrays: tuple[Any, ...]) -> None:
    """Copy the part of a clip that falls into the stretch."""
    skipped, first = max(-cell, 0), max(cell, 0)
    count = min(len(clip.kinds) - skipped, CELLS - first)
    if count <= 0:
        return
    sound, curves, decisions, kinds = arrays
    pcm = clip.pcm[skipped * HOP : (skipped + count) * HOP]
    sound[first * HOP : first * HOP + len(pcm)] = pcm / np.float32(32767.0)
    for there, here in ((curves, clip.curves), (decisions, clip.decisions), (kinds, clip.kinds)):
        there[first : first + count] = here[skipped : skipped + count]


def _read(path: Path) -> list[Clip]:
    with np.load(path) as archive:
        count = sum(name.startswith("pcm") for name in archive.files)
        names = ("pcm", "curves", "decisions", "kinds")
        return [Clip(*(archive[f"{name}{i}"] for name in names)) for i in range(count)]
