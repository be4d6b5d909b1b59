"""The evaluation's table: `python -m training.evaluate FOLDER [--network …] [--peers …]`.

    --network build/training/two.onnx --network 0.2.0=old/two.onnx@6400 --variant variant.onnx

measures three networks of ours in one run; what has been measured before is read from
`FOLDER/rows.json`.
"""

import argparse
import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np

from training.evaluation import sets
from training.evaluation.measures import Row, System, measure
from training.evaluation.peers import NODE_PEERS, node_peer, pylipsync
from training.evaluation.sets import Speech
from training.evaluation.systems import energy, network, oracle
from training.net.shape import BUFFER_LEN
from training.speech.phones import VISEMES

FEW: Final = 28
"""Clips for systems about as slow as the speech, and for the conditions."""
SLOW: Final = ("rhubarb",)
COLUMNS: Final = (
    ("acc-14", "micro", 3), ("macro-14", "macro", 3), ("coarse", "coarse", 3),
    ("coarse macro", "coarse_macro", 3), ("p b m closed", "closed", 3),
    ("vowels closed", "false_closed", 3), ("r", "rule_r", 3), ("F1 ρ", "f1_rho", 2),
    ("lag ms", "lag_ms", 0), ("IQR ms", "lag_iqr_ms", 0), ("jitter", "jitter", 3),
    ("pauses", "pause", 3), ("opening", "opening", 2),
)  # fmt: skip


def table(rows: Mapping[str, Row]) -> str:
    """Rows as a Markdown table."""
    head = ["system", *(title for title, _, _ in COLUMNS)]
    lines = [head, ["---"] * len(head)]
    for name, row in rows.items():
        values = asdict(row)
        lines.append([name, *(f"{values[key]:.{digits}f}" for _, key, digits in COLUMNS)])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def recall_table(rows: Mapping[str, Row]) -> str:
    """Recall of each viseme as a Markdown table."""
    lines = [["system", *VISEMES], ["---"] * (len(VISEMES) + 1)]
    lines += [[name, *(f"{recall:.2f}" for recall in row.recalls)] for name, row in rows.items()]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


@dataclass(frozen=True, slots=True)
class Ours:
    """A network of ours, as `[NAME=]FILE[@SAMPLE]` names it.

    Attributes:
        name: In the tables.
        path: The ONNX file; what `training.net.tune` found lies beside it as `.json`.
        offset: The face's sample in its window; None: today's, or the prototype's.
    """

    name: str
    path: Path
    offset: int | None

    @classmethod
    def parsed(cls, text: str) -> "Ours":
        """From the command line.

        Raises:
            argparse.ArgumentTypeError: There is no such file, or the sample is no number.
        """
        name, _, rest = text.rpartition("=")
        file, _, sample = rest.partition("@")
        path = Path(file)
        if not path.is_file():
            raise argparse.ArgumentTypeError(f"{text}: no file {path}, wanted [NAME=]FILE[@SAMPLE]")
        if sample and not sample.isdecimal():
            raise argparse.ArgumentTypeError(f"{text}: found @{sample}, wanted the face's sample")
        return cls(name or path.stem, path, int(sample) if sample else None)

    def system(self) -> System:
        """The network, ready to run."""
        prior = json.loads(self._tuned.read_text())["log_prior"] if self._tuned.is_file() else None
        log_prior = None if prior is None else np.array(prior, np.float32)
        return network(self.path, length=BUFFER_LEN, offset=self.offset, log_prior=log_prior)

    def mark(self) -> str:
        """Eight letters that change with the network."""
        content = self.path.read_bytes()
        content += self._tuned.read_bytes() if self._tuned.is_file() else b""
        content += b"" if self.offset is None else str(self.offset).encode()
        return hashlib.sha256(content).hexdigest()[:8]

    @property
    def _tuned(self) -> Path:
        return self.path.with_suffix(".json")


def systems_of(asked: argparse.Namespace) -> dict[str, System]:
    """The systems that the command line asks for, by name."""
    systems: dict[str, System] = {"rule (oracle)": oracle, "energy": energy}
    systems |= {one.name: one.system() for one in (*asked.network, *asked.variant)}
    if asked.peers:
        systems |= {name: node_peer(name, asked.peers) for name in NODE_PEERS}
        systems["pylipsync"] = pylipsync()
    return systems


class Measured:
    """Rows that have been measured before, in a file; a changed network is another system."""

    def __init__(self, path: Path, networks: Sequence[Ours]) -> None:
        self._path = path
        self._rows: dict[str, dict[str, Any]] = {}
        if path.is_file():
            self._rows = json.loads(path.read_text(encoding="utf-8"))
        self._marks = {one.name: one.mark() for one in networks}

    def row(self, title: str, name: str, *, measured: Callable[[], Row]) -> Row:
        """The known row of a system on a set, or the one measured now."""
        key = f"{title} | {name} {self._marks.get(name, '')}".strip()
        if key not in self._rows:
            start_s = time.monotonic()
            self._rows[key] = asdict(measured())
            self._path.write_text(json.dumps(self._rows, indent=1) + "\n", encoding="utf-8")
            print(f"{key}: {time.monotonic() - start_s:.0f} s", flush=True)
        values = self._rows[key]
        return Row(**{**values, "recalls": tuple(values["recalls"])})


def rows_of(
    title: str,
    systems: Mapping[str, System],
    *,
    speeches: Sequence[Speech],
    clean: Sequence[Speech],
    measured: Measured,
) -> dict[str, Row]:
    """Measure every system; slow ones on the first `FEW` clips only, and say so."""
    rows = {}
    for name, system in systems.items():
        count = FEW if name in SLOW else len(speeches)
        label = name if count >= len(speeches) else f"{name} (first {count})"
        run = partial(measure, system, speeches[:count], clean=clean[:count])
        rows[label] = measured.row(title, name, measured=run)
    return rows


ALLISON: Final = "Allison (real, female)"
SETS: Final[Mapping[str, tuple[str, Callable[[Path], list[Speech]]]]] = {
    "allison": (ALLISON, lambda folder: sets.allison(folder / "sets")),
    "librivox": ("LibriVox (real, male)", lambda folder: sets.librivox()),
    "slt": ("slt (Flite, Festival)", sets.slt),
    "kokoro": ("Kokoro, held-out voices", sets.kokoro),
    "june": ("June (real, female, French)", lambda folder: sets.june(folder / "sets")),
    "russian": ("Russian (real, female)", lambda folder: sets.russian(folder / "sets")),
}
"""Title and clips of each set."""
PROMPTED: Final = ("june", "russian")
"""Sets whose speakers the variant has learned from: they say nothing about it."""


def report(asked: argparse.Namespace) -> str:
    """Everything as Markdown."""
    systems = systems_of(asked)
    measured = Measured(asked.folder / "rows.json", (*asked.network, *asked.variant))
    variants = {one.name for one in asked.variant}
    pieces = []
    for key in asked.set or SETS:
        title, made = SETS[key]
        speeches = made(asked.folder)
        fit = {n: s for n, s in systems.items() if key not in PROMPTED or n not in variants}
        minutes = sum(len(speech.samples) for speech in speeches) / 960_000
        rows = rows_of(title, fit, speeches=speeches, clean=speeches, measured=measured)
        pieces.append(f"### {title}: {len(speeches)} clips, {minutes:.1f} min\n\n{table(rows)}")
        pieces.append(recall_table(rows))
    if asked.conditions:
        pieces += _conditions(asked.folder, systems, measured=measured)
    return "\n".join(pieces)


def _conditions(folder: Path, systems: Mapping[str, System], *, measured: Measured) -> list[str]:
    """Tables of what changed sound does to the networks and the loudness."""
    clean = SETS["allison"][1](folder)[:FEW]
    left_out = (*NODE_PEERS, "pylipsync", "rule (oracle)")
    ours = {name: system for name, system in systems.items() if name not in left_out}
    pieces = []
    for condition, change in sets.CONDITIONS.items():
        title = f"Allison, first {FEW}, {condition}"
        changed = [change(speech) for speech in clean]
        rows = rows_of(title, ours, speeches=changed, clean=clean, measured=measured)
        pieces.append(f"### {title}\n\n{table(rows)}")
    return pieces


def main() -> int:
    """Measure, print, and write `FOLDER/evaluation.md`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where training/ works")
    for option, what in (
        ("--network", "ONNX with `numbers`; N: the face's sample"),
        ("--variant", "the same, having learned from prompts: not on their speakers"),
    ):
        parser.add_argument(option, type=Ours.parsed, action="append", default=[], help=what,
                            metavar="[NAME=]FILE[@N]")  # fmt: skip
    parser.add_argument("--set", action="append", choices=SETS, help="only this one; else all")
    parser.add_argument("--peers", type=Path, help="node_modules with the peers")
    parser.add_argument("--no-conditions", dest="conditions", action="store_false")
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    text = report(asked)
    print(text)
    (asked.out or asked.folder / "evaluation.md").write_text(text, encoding="utf-8")
    return 0
