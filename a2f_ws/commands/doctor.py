"""`a2f-ws doctor`: what works on this machine, and what to install for more."""

import ctypes
import os
import platform
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from time import perf_counter
from typing import Final

import numpy as np
from rich.text import Text

from a2f_ws.batching.governor import SHARE
from a2f_ws.commands.loading import EMBEDDED, load_model
from a2f_ws.commands.screen import out, plain_table
from a2f_ws.errors import ConfigError, ModelError
from a2f_ws.inference.bundle import embedded_path, load_bundle
from a2f_ws.inference.choice import choose, trials
from a2f_ws.inference.gpu_open import list_gpus
from a2f_ws.inference.means import Means
from a2f_ws.inference.processors import processors
from a2f_ws.output.plot import MISSING, can_plot
from a2f_ws.rig.table import bundled_folder, load_rigs
from a2f_ws.session.streaming import Places, streaming, unfelt
from a2f_ws.settings import Settings
from a2f_ws.shaping.cut import Cut
from a2f_ws.timebase import PoseRate
from a2f_ws.version import product_version
from a2f_ws.web.pages import HEAD, STUDIO, Pages, remedy

NEEDED: Final = (
    "msgpack", "msgspec", "numpy", "onnxruntime", "platformdirs", "prometheus-client",
    "pyyaml", "rich", "soundfile",
    "soxr", "typer", "websockets",
)  # fmt: skip
DRIVERS: Final = {"nt": "nvcuda.dll", "posix": "libcuda.so.1"}
SIMD: Final = (
    "AVX2", "FMA3", "X86_V3", "AVX512F", "X86_V4", "AVX512_ICL", "NEON", "ASIMD", "ASIMDDP", "SVE",
)  # fmt: skip
"""Features that the products of a network gain from, as NumPy names them; X86_V3 has AVX2."""

FACES: Final = 20

FULL_HZ: Final = 60
"""Poses a second of sessions that do not say otherwise."""
RATE: Final = PoseRate(60, 1)


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report.

    Attributes:
        subject: What was looked at.
        state: "ok", "no" (something optional is missing) or "bad" (nothing works without it).
        text: What was found, and what to do.
    """

    subject: str
    state: str
    text: str


def run() -> int:
    """Print the report; exit code 1 when speech cannot be animated here, else 0."""
    marks = {
        "ok": Text("ok", style="green"),
        "no": Text("–", style="yellow"),
        "bad": Text("missing", style="bold red"),
    }
    lines = plain_table("", "", "")
    lines.show_header = False
    findings = list(examine())
    for finding in findings:
        lines.add_row(marks[finding.state], finding.subject, finding.text)
    console = out()
    console.print(lines)
    broken = [finding.subject for finding in findings if finding.state == "bad"]
    if broken:
        console.print(f"Speech cannot be animated here: {', '.join(broken)}.", style="bold red")
        return 1
    console.print("Speech can be animated here. Try: a2f-ws demo", style="bold")
    return 0


def examine() -> Iterator[Finding]:
    """Look at everything, the basic things first."""
    yield Finding("a2f-ws", "ok", product_version())
    yield Finding("Python", "ok", f"{platform.python_version()}, {sys.executable}")
    yield Finding(
        "system", "ok", f"{platform.system()} {platform.machine()}, {processors()} cores to use"
    )
    yield _simd()
    yield from _packages()
    yield _pictures()
    yield _discovery()
    yield _embedded()
    yield _rigs()
    yield _studio()
    yield _port()
    yield _onnx_runtime()
    yield _driver()
    yield from _gpus()
    yield from _backends()


def _simd() -> Finding:
    shown = np.show_config(mode="dicts")
    simd = shown.get("SIMD Extensions", {})
    known = {
        str(name) for names in (simd.get("baseline"), simd.get("found")) for name in names or ()
    }
    found = [name for name in SIMD if name in known]
    text = ", ".join(found) or "none of those that networks gain from; expect a slow network"
    return Finding("CPU features", "ok" if found else "no", text)


def _packages() -> Iterator[Finding]:
    found, missing = [], []
    for name in NEEDED:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
    yield Finding("packages", "ok", ", ".join(found))
    if missing:
        names = " ".join(missing)
        yield Finding(
            "packages", "bad", f"{names}; install: {sys.executable} -m pip install {names}"
        )


def _pictures() -> Finding:
    if can_plot():
        return Finding("pictures", "ok", "matplotlib draws that of a2f-ws demo")
    return Finding("pictures", "no", f"{MISSING}; a2f-ws demo does without")


def _discovery() -> Finding:
    try:
        found = version("zeroconf")
    except PackageNotFoundError:
        text = "a2f-ws find and --discoverable want it: pip install 'a2f-ws[discovery]'"
        return Finding("zeroconf", "no", text)
    return Finding("zeroconf", "ok", f"{found}, for a2f-ws find and --discoverable")


def _embedded() -> Finding:
    """Compute a few faces with the model that comes with the package."""
    try:
        pipeline = load_model(EMBEDDED).pipeline
        state, silence = pipeline.new_state(), np.zeros(pipeline.bundle.buffer_len, np.float32)
        said = streaming(Places.of(RATE, pipeline.bundle.blocks), 0)
        begun = perf_counter()
        for i in range(FACES + 1):
            # The first one brings what comes before a line, and is not counted.
            begun = perf_counter() if i == 1 else begun
            cut = Cut(None, unfelt(0), params=pipeline.defaults, state=state, dt_s=1 / RATE.hz)
            cut.hear(said.give(i, lambda _: silence, feel=unfelt))
            pipeline.run([cut])
        face_ms = (perf_counter() - begun) * 1000 / FACES
    except (ModelError, ImportError) as error:
        return Finding("embedded model", "bad", str(error))
    room = int(SHARE * 1000 / face_ms / FULL_HZ)
    text = (
        f"{pipeline.bundle.path}, {face_ms:.2g} ms per face on {pipeline.backend.name}: one worker"
        f" computes {room} that speak, {FULL_HZ} faces a second each, before it refuses more"
    )
    return Finding("embedded model", "ok", text)


def _rigs() -> Finding:
    try:
        names = ", ".join(load_rigs())
        return Finding("rigs", "ok", f"{names}; from {bundled_folder()}")
    except ConfigError as error:
        return Finding("rigs", "bad", str(error))


def _studio() -> Finding:
    try:
        lacks_head = not (bundled_folder() / HEAD).is_file()
    except ConfigError as error:
        return Finding("studio", "no", str(error))
    if not Pages().has_studio:
        return Finding("studio", "no", remedy())
    text = f"{STUDIO}; a2f-ws serve shows it" + (f"; without {HEAD}" if lacks_head else "")
    return Finding("studio", "no" if lacks_head else "ok", text)


def _port() -> Finding:
    settings = Settings()
    with socket.socket() as probe:
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            text = (
                f"{settings.port} is taken ({error.strerror}); a2f-ws serve --port 0 takes another"
            )
            return Finding("default port", "no", text)
    return Finding("default port", "ok", f"{settings.host}:{settings.port} is free")


def _onnx_runtime() -> Finding:
    try:
        import onnxruntime
    except ImportError as error:
        return Finding("ONNX Runtime", "bad", str(error))
    providers = ", ".join(
        name.removesuffix("ExecutionProvider") for name in onnxruntime.get_available_providers()
    )
    text = f"{onnxruntime.__version__}: {providers}; a2f-ws uses CPU"
    return Finding("ONNX Runtime", "ok", text)


def _driver() -> Finding:
    name = DRIVERS.get(os.name, "")
    try:
        ctypes.CDLL(name)
    except OSError:
        return Finding("NVIDIA driver", "no", "none; not needed, the CPU does everything")
    return Finding("NVIDIA driver", "ok", f"{name} is there")


def _gpus() -> Iterator[Finding]:
    """Every card that `--devices` can name."""
    for card in list_gpus():
        capability = ".".join(map(str, card.capability))
        text = f"{card.name}, compute capability {capability}, {card.memory_bytes / 2**30:.0f} GiB"
        where = f"--devices {card.index} or 0,{card.index} uses it"
        if card.index == 0:
            where = "used unless --devices says otherwise"
        yield Finding(f"GPU {card.index}", "ok", f"{text}; {where}")


def _backends() -> Iterator[Finding]:
    """Run the embedded model with everything that can run it; the first that works is used."""
    try:
        bundle = load_bundle(embedded_path())
    except ModelError:
        # Told already.
        return
    choice = choose(bundle, Means(backend="auto"))
    choice.backend.close()
    for kind, text, works in trials(bundle, Means()):
        used = "; used unless --backend says otherwise" if kind == choice.kind else ""
        yield Finding(f"--backend {kind}", "ok" if works else "no", f"{text}{used}")
