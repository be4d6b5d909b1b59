"""Bundles to measure: of Mark's size with random weights, in three precisions."""

from pathlib import Path
from typing import Final

from _mark import SPEECH

from a2f_ws.commands import model_convert
from training.bundle.writer import write_bundle

ROOT: Final = Path(__file__).resolve().parent.parent
BUNDLES: Final = ROOT / "build" / "bundles"
MARK: Final = BUNDLES / "mark"


def mark_shaped(precision: str = "fp32") -> Path:
    """A synthetic bundle with Mark's layers, written once.

    Args:
        precision: "fp32"; "fp16", "int8" for GPUs, "int8-cpu" for ONNX Runtime and OpenVINO.

    Raises:
        ModelError: The package onnx is missing: `pip install 'a2f-ws[convert]'`.
    """
    if not (MARK / "network.onnx").is_file():
        print(f"writing {MARK} …", flush=True)
        write_bundle(MARK, size="mark", seed=1)
    if precision == "fp32":
        return MARK
    folder = MARK.with_name(f"mark-{precision}")
    if not folder.is_dir():
        print(f"writing {folder} …", flush=True)
        kind, _, place = precision.partition("-")
        speech = [SPEECH] if kind == "int8" else []
        model_convert.run(
            str(MARK), precision=kind, output=folder, speech=speech, is_for_cpu=place == "cpu"
        )
    return folder
