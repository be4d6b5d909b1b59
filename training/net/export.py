"""A checkpoint as ONNX: `python -m training.net.export CHECKPOINT OUT [--numbers | --stream]`."""

import argparse
import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from a2f_ws.names import Floats
from training.net.decode import Decoding
from training.net.graph import build, build_stream
from training.net.shape import STREAM_FRAMES


def weights_of(checkpoint: Path) -> dict[str, Floats]:
    """The averaged weights of a checkpoint."""
    state: dict[str, Any] = torch.load(checkpoint, weights_only=True)
    return {name: value.numpy() for name, value in state["average"].items()}


def conditions_of(checkpoint: Path) -> list[str]:
    """Sources under licences with conditions that a checkpoint learned from."""
    state: dict[str, Any] = torch.load(checkpoint, weights_only=True)
    return list(state.get("added", ()))


def decoding_of(path: Path) -> Decoding:
    """What `training.net.tune` found, or the defaults where it has not run."""
    if not path.is_file():
        return Decoding()
    values: Mapping[str, Any] = json.loads(path.read_text())["decoding"]
    return Decoding(
        slopes=tuple(values["slopes"]),
        biases=tuple(values["biases"]),
        gains=tuple(values["gains"]),
        brow=float(values["brow"]),
    )


def main() -> int:
    """Write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--numbers", action="store_true", help="with the output for the evaluation")
    parser.add_argument("--stream", action="store_true", help="in blocks, as the bundle has it")
    asked = parser.parse_args()
    added = conditions_of(asked.checkpoint)
    if added and not asked.numbers:
        parser.error(f"{asked.checkpoint} learned from {', '.join(added)}: only with --numbers")
    decoding = decoding_of(asked.checkpoint.with_suffix(".json"))
    weights = weights_of(asked.checkpoint)
    if asked.stream:
        model = build_stream(weights, decoding, frames=STREAM_FRAMES)
    else:
        model = build(weights, decoding, shows_numbers=asked.numbers)
    content = model.SerializeToString(deterministic=True)
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    asked.out.write_bytes(content)
    print(f"{asked.out}: {len(content):,} bytes, {asdict(decoding)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
