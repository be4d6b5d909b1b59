"""A picture of speech and the lips that it moves."""

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from a2f_ws.errors import ConfigError
from a2f_ws.names import Floats
from a2f_ws.output.files import replacing
from a2f_ws.output.recording import Recording
from a2f_ws.timebase import MICROSECONDS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

CURVES: Final = (
    ("jawOpen", "#c2410c"),
    ("mouthClose", "#0f766e"),
    ("mouthPucker", "#6d28d9"),
)
WAVEFORM: Final = "#475569"
INK: Final = "#1e293b"
PALE: Final = "#e2e8f0"
WIDTH_PX: Final = 1400
HEIGHT_PX: Final = 800
DPI: Final = 100
"""Looks: ours."""

MISSING: Final = "pictures are drawn with matplotlib, which this installation lacks"


def can_plot() -> bool:
    """False where matplotlib was left out, as in the portable build."""
    return find_spec("matplotlib") is not None


def plot(recording: Recording, speech: tuple[Floats, int], *, path: Path) -> None:
    """Draw the waveform, jawOpen, mouthClose and mouthPucker on one time axis.

    Args:
        recording: Of a rig that has at least one of the three; its time 0 is that of the sound.
        speech: float32 (frames,) or (frames, channels), frames >= 1, and its rate in Hz.
        path: The PNG, 1400 × 800 pixels.

    Raises:
        ConfigError: The rig has none of the curves, the file cannot be written, or matplotlib is
            missing.
    """
    if not can_plot():
        raise ConfigError(f"{path}: {MISSING}")
    # Imported here: it takes half a second, and nothing else needs it.
    from matplotlib.figure import Figure  # noqa: PLC0415

    curves = [(name, colour) for name, colour in CURVES if name in recording.curves]
    if not curves:
        raise ConfigError(
            f"{path}: the rig {recording.rig!r} has none of the curves that are drawn"
        )
    figure = Figure(figsize=(WIDTH_PX / DPI, HEIGHT_PX / DPI), dpi=DPI)
    figure.subplots_adjust(left=0.075, right=0.98, top=0.92, bottom=0.08, hspace=0.16)
    axes = figure.subplots(1 + len(curves), sharex=True, squeeze=False)[:, 0]
    samples, rate_hz = speech
    end_s = _draw_speech(axes[0], samples, rate_hz=rate_hz)
    top = _draw_curves(axes[1:], recording, curves=curves)
    for axis in axes:
        _dress(axis)
    for axis in axes[1:]:
        axis.set_ylim(0, top)
    axes[-1].set_xlim(0, max(end_s, recording.times_us.max(initial=0) / MICROSECONDS))
    axes[-1].set_xlabel("time in seconds", color=INK, fontsize=12)
    axes[0].set_title(_title(recording), color=INK, fontsize=14, loc="left", pad=14)
    figure.align_ylabels(axes)
    with replacing(path) as out:
        figure.savefig(out, format="png")


def _title(recording: Recording) -> str:
    model = f"model {recording.model}, " if recording.model else ""
    return (
        f"{len(recording.rows)} poses: {model}rig {recording.rig}, {recording.rate.hz:g} per second"
    )


def _draw_speech(axis: "Axes", samples: Floats, *, rate_hz: int) -> float:
    """Draw the waveform as the smallest and largest sample per pixel; returns its end, seconds."""
    mono = samples.reshape(len(samples), -1).mean(axis=1)
    per_pixel = max(len(mono) // WIDTH_PX, 1)
    starts = np.arange(0, len(mono), per_pixel)
    low, high = np.minimum.reduceat(mono, starts), np.maximum.reduceat(mono, starts)
    axis.fill_between(starts / rate_hz, low, high, color=WAVEFORM, linewidth=0.6)
    peak = max(float(np.abs(mono).max()), 0.05) * 1.1
    axis.set_ylim(-peak, peak)
    axis.set_ylabel("speech", color=WAVEFORM, fontsize=12, fontweight="bold")
    return len(mono) / rate_hz


def _draw_curves(
    axes: "NDArray[np.object_]", recording: Recording, *, curves: list[tuple[str, str]]
) -> float:
    """Draw one curve per axis; returns a top that suits all of them, so that they compare."""
    times_s = recording.times_us / MICROSECONDS
    highest = 0.0
    for axis, (name, colour) in zip(axes, curves, strict=True):
        values = recording.rows[:, recording.curves.index(name)]
        axis.fill_between(times_s, 0, values, color=colour, alpha=0.18, linewidth=0)
        axis.plot(times_s, values, color=colour, linewidth=1.8)
        axis.set_ylabel(name, color=colour, fontsize=12, fontweight="bold")
        highest = max(highest, float(values.max(initial=0)))
    return max(highest * 1.08, 0.1)


def _dress(axis: "Axes") -> None:
    axis.locator_params(axis="y", nbins=4)
    axis.grid(color=PALE, linewidth=0.8)
    axis.set_axisbelow(True)
    axis.tick_params(colors=INK, length=0)
    for spine in axis.spines.values():
        spine.set_visible(False)
