"""The evaluation's table: `python -m training.evaluate FOLDER [--network …] [--peers …]`."""

import argparse
import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np

from training.evaluation import sets
from training.evaluation.measures import Row, System, measure
from training.evaluation.peers import NODE_PEERS, node_peer, pylipsync
from training.evaluation.sets import Speech
from training.evaluation.systems import energy, network, oracle
from training.net.shape import BUFFER_LEN, BUFFER_OFS
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


def systems_of(asked: argparse.Namespace) -> dict[str, System]:
    """The systems that the command line asks for, by name."""
    systems: dict[str, System] = {"rule (oracle)": oracle, "energy": energy}
    for path in asked.network or ():
        tuned = path.with_suffix(".json")
        prior = json.loads(tuned.read_text())["log_prior"] if tuned.is_file() else None
        systems[path.stem] = network(
            path,
            length=BUFFER_LEN,
            offset=BUFFER_OFS,
            log_prior=None if prior is None else np.array(prior, np.float32),
        )
    if asked.peers:
        systems |= {name: node_peer(name, asked.peers) for name in NODE_PEERS}
        systems["pylipsync"] = pylipsync()
    return systems


class Measured:
    """Rows that have been measured before, in a file; a changed network is another system."""

    def __init__(self, path: Path, networks: Mapping[str, Path]) -> None:
        self._path = path
        self._rows: dict[str, dict[str, Any]] = {}
        if path.is_file():
            self._rows = json.loads(path.read_text(encoding="utf-8"))
        self._marks = {name: _mark(network) for name, network in networks.items()}

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


def _mark(network: Path) -> str:
    tuned = network.with_suffix(".json")
    content = network.read_bytes() + (tuned.read_bytes() if tuned.is_file() else b"")
    return hashlib.sha256(content).hexdigest()[:8]


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


def report(asked: argparse.Namespace) -> str:
    """Everything as Markdown."""
    systems = systems_of(asked)
    measured = Measured(asked.folder / "rows.json", {p.stem: p for p in asked.network or ()})
    named = {
        "Allison (real, female)": sets.allison(asked.folder / "sets"),
        "LibriVox (real, male)": sets.librivox(),
        "slt (Flite, Festival)": sets.slt(asked.folder),
        "Kokoro, held-out voices": sets.kokoro(asked.folder),
    }
    pieces = []
    for title, speeches in named.items():
        minutes = sum(len(speech.samples) for speech in speeches) / 960_000
        rows = rows_of(title, systems, speeches=speeches, clean=speeches, measured=measured)
        pieces.append(f"### {title}: {len(speeches)} clips, {minutes:.1f} min\n\n{table(rows)}")
        pieces.append(recall_table(rows))
    clean = named["Allison (real, female)"][:FEW]
    ours = {name: s for name, s in systems.items() if name not in (*NODE_PEERS, "pylipsync")}
    ours.pop("rule (oracle)")
    for condition, change in sets.CONDITIONS.items() if asked.conditions else ():
        title = f"Allison, first {FEW}, {condition}"
        changed = [change(speech) for speech in clean]
        rows = rows_of(title, ours, speeches=changed, clean=clean, measured=measured)
        pieces.append(f"### {title}\n\n{table(rows)}")
    return "\n".join(pieces)


def main() -> int:
    """Measure, print, and write `FOLDER/evaluation.md`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where training/ works")
    parser.add_argument("--network", type=Path, action="append", help="ONNX with `numbers`")
    parser.add_argument("--peers", type=Path, help="node_modules with the peers")
    parser.add_argument("--no-conditions", dest="conditions", action="store_false")
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    text = report(asked)
    print(text)
    (asked.out or asked.folder / "evaluation.md").write_text(text, encoding="utf-8")
    return 0
