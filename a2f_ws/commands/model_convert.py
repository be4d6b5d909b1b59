"""`a2f-ws models convert`: a bundle whose network computes in smaller numbers."""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from a2f_ws.commands.loading import find_bundle
from a2f_ws.commands.model_hearing import CLIP, emotions_of, speech_of, weights_of, windows_of
from a2f_ws.commands.screen import EXIT_FAULT, err, out, say_fault
from a2f_ws.errors import ConfigError, ModelError
from a2f_ws.inference.bundle import Bundle, refuse_blocks
from a2f_ws.inference.onnx import OnnxBackend
from a2f_ws.inference.onnx_fp16 import to_fp16
from a2f_ws.inference.onnx_int8 import to_int8
from a2f_ws.inference.onnx_precision import precision_of
from a2f_ws.names import WEIGHTS, Floats
from a2f_ws.pipeline import Pipeline

WORST_RMS: Final = 0.02
"""Error of the weights beyond which a conversion is advised against (ours): differences that small
are not seen on a face."""

SHOWN: Final = 3

REMEDY: Final = "pip install 'a2f-ws[convert]'"


def run(
    name: str,
    *,
    precision: str,
    output: Path | None = None,
    speech: Sequence[Path] = (),
    is_for_cpu: bool = False,
    verifies: bool = False,
    models: str = "",
) -> int:
    """Write the bundle, and say how far its faces are from those of the original.

    Args:
        name: As for `find_bundle`.
        precision: "fp16" or "int8".
        output: Folder to write, which must not be there; None = beside the original.
        speech: Files of it, for calibration and comparison; int8 has to have some.
        is_for_cpu: True makes int8 for CPUs, which TensorRT refuses.
        verifies: True compares both on the speech, or on the clip of the package.
        models: Folder of pulled models, "" = the usual one.

    Returns:
        The exit code: 2 where the result is advised against.

    Raises:
        ConfigError: The folder is there already, or speech is missing or unreadable.
        ModelError: The bundle cannot be converted.
    """
    bundle = find_bundle(name, models)
    refuse_blocks(bundle, wanted_by="models convert")
    target = output or bundle.path.with_name(f"{bundle.path.name}-{precision}")
    _check(bundle, target, speech=speech, precision=precision)
    sounds = windows_of(bundle, speech_of(speech or [CLIP]))
    part = target.with_name(f"{target.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        inside = _write(bundle, part, precision=precision, windows=sounds, is_for_cpu=is_for_cpu)
        part.replace(target)
    except OSError as fault:
        raise ConfigError(f"{target}: cannot be written: {fault.strerror or fault}") from fault
    finally:
        shutil.rmtree(part, ignore_errors=True)
    network = target / inside
    mib = [path.stat().st_size / 2**20 for path in (bundle.network, network)]
    out().print(f"{target}: {precision}, {mib[1]:.1f} MiB instead of {mib[0]:.1f}", soft_wrap=True)
    if not verifies:
        err().print("not compared with the original: --verify does that", soft_wrap=True)
        return 0
    return _verify(bundle, network, windows=sounds)


def _check(bundle: Bundle, target: Path, *, speech: Sequence[Path], precision: str) -> None:
    try:
        import onnx  # noqa: F401 - what changes networks needs it
    except ImportError as fault:
        raise ModelError(f"models convert needs the package onnx: {REMEDY}") from fault
    if bundle.network.suffix != ".onnx":
        raise ModelError(f"{bundle.network}: found an engine, wanted the .onnx file beside it")
    if (found := precision_of(bundle.network)) != "fp32":
        raise ModelError(f"{bundle.network}: found {found}, wanted a network in float32")
    if target.exists():
        raise ConfigError(f"{target}: is there already; --output names another folder")
    if precision == "int8" and not speech:
        raise ConfigError("--speech: found no files, wanted some of speech to calibrate int8 with")


def _write(
    bundle: Bundle, part: Path, *, precision: str, windows: Sequence[Floats], is_for_cpu: bool
) -> Path:
    """Copy the bundle with another network; gives the network's place in it."""
    inside = bundle.network.relative_to(bundle.path)
    ignored = shutil.ignore_patterns("*.trt", bundle.network.name)
    shutil.copytree(bundle.path, part, ignore=ignored)
    if precision == "int8":
        heard = np.concatenate(windows)
        felt = emotions_of(bundle, len(heard))
        target = part / inside
        to_int8(bundle.network, target, windows=heard, emotions=felt, is_for_cpu=is_for_cpu)
        return inside
    import onnx

    model = onnx.load(str(bundle.network))
    to_fp16(model)
    onnx.save(model, str(part / inside))
    return inside


def _verify(bundle: Bundle, network: Path, *, windows: Sequence[Floats]) -> int:
    """Compare the faces of both networks; the exit code."""
    pipelines = [
        Pipeline(one, OnnxBackend(one)) for one in (bundle, replace(bundle, network=network))
    ]
    for pipeline in pipelines:
        pipeline.prepare(pipeline.defaults)
    wanted, found = (weights_of(pipeline, windows) for pipeline in pipelines)
    errors = np.sqrt(np.mean((found - wanted) ** 2, axis=0))
    rms = float(np.sqrt(np.mean((found - wanted) ** 2)))
    worst = [f"{WEIGHTS[k]} {errors[k]:.4f}" for k in np.argsort(-errors)[:SHOWN]]
    out().print(
        f"error of the weights on {len(wanted)} faces: {rms:.4f} RMS; worst: {', '.join(worst)}",
        soft_wrap=True,
    )
    if rms > WORST_RMS or not np.isfinite(rms):
        say_fault(f"not recommended: wanted at most {WORST_RMS:g} RMS; the original stays better")
        return EXIT_FAULT
    out().print(f"recommended: a2f-ws serve --model {network.parent}", soft_wrap=True)
    return 0
