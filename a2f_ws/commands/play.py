"""`a2f-ws play`: what is in a clip file, and its poses as another file."""

from pathlib import Path

import numpy as np

from a2f_ws.clips.clip import Clip, open_clip
from a2f_ws.commands.screen import EXIT_FAULT, err, out, plain_table
from a2f_ws.output.files import check_target, write_recording
from a2f_ws.output.speech import SpeechFile

STRONGEST = 8
"""Curves that are shown: those that move most (ours)."""


def run(path: Path, target: Path | None, *, sound: Path | None) -> int:
    """Show a clip, compare it with its sound, write its poses.

    Args:
        path: The clip.
        target: Where its poses go, None = nowhere.
        sound: The sound file that it should belong to, None = any.

    Returns:
        The exit code: 2 when the sound is not that of the clip.

    Raises:
        ConfigError: The clip or the sound cannot be read, or the poses not be written.
    """
    clip = open_clip(path)
    if target is not None:
        check_target(target, rig=clip.opened.rig)
    show(clip)
    other = None if sound is None else _other(clip, sound)
    if sound is not None:
        out().print(f"{sound}: {other or 'is the sound of this clip'}", soft_wrap=True)
    if target is not None:
        write_recording(clip.recording(), target)
        err().print(f"{target}: {len(clip.rows)} poses", soft_wrap=True)
    return 0 if other is None else EXIT_FAULT


def show(clip: Clip) -> None:
    """Print what a clip is of, and what moves in it."""
    head, opened, sound = clip.head, clip.opened, clip.head.sound
    lines = plain_table("", "")
    lines.show_header = False
    emotion = ", ".join(f"{name} {value:g}" for name, value in head.emotion.items())
    for title, text in (
        ("sound", f"{head.source}: {sound.frames / sound.rate:.2f} s at {sound.rate} Hz"),
        ("poses", f"{len(clip.rows)} at {clip.rate.hz:g} a second"),
        ("rig", f"{opened.rig}, {len(opened.curves)} curves, {len(opened.transforms)} transforms"),
        ("model", opened.model),
        ("emotion", emotion or "none"),
        ("made by", head.maker),
        *(head.line or {}).items(),
    ):
        lines.add_row(title, text)
    out().print(lines)
    out().print(_moving(clip), soft_wrap=True)


def _moving(clip: Clip) -> str:
    """The curves that move most, with their largest distance from rest."""
    curves = len(clip.names)
    if not len(clip.rows) or not curves:
        return "nothing moves"
    moved = np.abs(clip.rows[:, :curves] - clip.rest[:curves]).max(axis=0)
    order = np.argsort(-moved, kind="stable")[:STRONGEST]
    shown = [f"{clip.names[k]} {moved[k]:.2f}" for k in order if moved[k] > 0]
    return "moves most: " + ", ".join(shown) if shown else "nothing moves"


def _other(clip: Clip, path: Path) -> str | None:
    """What of a sound file is not as the clip has it; None = it is its own."""
    with SpeechFile(path) as speech:
        if clip.is_of(b"".join(speech.blocks())):
            return None
        seconds = (speech.frames or 0) / speech.rate_hz
    wanted = clip.head.sound.frames / clip.head.sound.rate
    return f"is another sound: {seconds:.2f} s, wanted the one of {wanted:.2f} s"
