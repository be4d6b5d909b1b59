"""What a frame of Mark's size costs after the network, by the reduced path and by the mesh."""

from collections.abc import Callable, Sequence
from pathlib import Path
from time import process_time
from typing import Final

import numpy as np
import soundfile
import soxr
from _costs import cost_us

from a2f_ws.animation.params import GEOMETRY_PARAMS
from a2f_ws.animation.skin import (
    SkinState,
    blend_skin,
    face_mask,
    skin_coefficients,
    skin_deltas,
    smooth_skin,
)
from a2f_ws.audio.window import Windows
from a2f_ws.inference.bundle import Bundle, load_bundle
from a2f_ws.inference.model_data import ModelData, read_model_data
from a2f_ws.inference.onnx import OnnxBackend
from a2f_ws.inference.solver_data import SolverData, read_solvers
from a2f_ws.names import EMOTIONS, Floats
from a2f_ws.shaping.cut import Cut
from a2f_ws.shaping.geometry_faces import GeometryFaces
from a2f_ws.solver.projection import project
from a2f_ws.style.style import SolverStyle
from a2f_ws.timebase import PoseRate
from training.bundle.writer import write_bundle

ROOT: Final = Path(__file__).resolve().parent.parent
FOLDER: Final = ROOT / "build" / "bundles" / "mark-light"
SPEECH: Final = ROOT / "a2f_ws" / "samples" / "speech.flac"
METHODS: Final = ("admm", "bvls", "exact")
FPS: Final = PoseRate(60, 1)
WHOLE_MAX: Final = 8
"""Frames of the whole mesh that are measured at a time; more of them cost the same each."""


def mark_bundle() -> Bundle:
    """A synthetic bundle of Mark's sizes with a small network, written once."""
    if not (FOLDER / "network.onnx").is_file():
        print(f"writing {FOLDER} …")
        write_bundle(FOLDER, size="mark", network="light", seed=1)
    return load_bundle(FOLDER)


def results_of(bundle: Bundle, frames: int) -> Floats:
    """The network's results for frames of speech, (frames, N)."""
    windows = Windows(buffer_len=bundle.buffer_len, buffer_ofs=bundle.buffer_ofs, rate=FPS)
    windows.hear(speech_samples())
    backend = OnnxBackend(bundle, threads=1)
    emotion = bundle.emotion_rows(np.zeros((1, len(EMOTIONS)), np.float32))
    first = 60
    rows = [backend.run(windows.cut(first + k)[None], emotion)[0] for k in range(frames)]
    return np.stack(rows)


def cuts_of(faces: GeometryFaces, params: Floats, *, frames: int, utterances: int) -> list[Cut]:
    """Cuts of frames that take turns between utterances."""
    states = [faces.new_state() for _ in range(utterances)]
    emotion = np.zeros(len(EMOTIONS), np.float32)
    window = np.zeros(1, np.float32)
    return [
        Cut(
            samples=window,
            emotion=emotion,
            params=params,
            state=states[k % utterances],
            dt_s=1 / 60,
        )
        for k in range(frames)
    ]


def costs_by_title(batches: Sequence[int]) -> dict[str, list[float]]:
    """µs per frame by title, a number for each batch."""
    bundle = mark_bundle()
    results = results_of(bundle, max(batches))
    params = GEOMETRY_PARAMS.defaults(bundle.config, str(bundle.config_path))
    table: dict[str, list[float]] = {}
    for method in METHODS:
        faces = GeometryFaces(bundle, style=SolverStyle(method=method), keeps_mesh=False)
        faces.prepare(params)
        for title, is_one in (("one utterance", True), ("different utterances", False)):
            row = [
                cost_us(step(faces, results[:batch], params=params, is_one=is_one)) / batch
                for batch in batches
            ]
            table[f"{method}, {title}"] = row
    table["the same by the whole mesh, admm"] = [
        whole_mesh_us(bundle, results, params=params, frames=min(batch, WHOLE_MAX))
        for batch in batches
    ]
    return table


def step(
    faces: GeometryFaces, results: Floats, *, params: Floats, is_one: bool
) -> Callable[[], object]:
    """One call that turns results into faces."""
    frames = len(results)
    cuts = cuts_of(faces, params, frames=frames, utterances=1 if is_one else frames)
    return lambda: faces.step(results, cuts)


def whole_mesh_us(bundle: Bundle, results: Floats, *, params: Floats, frames: int) -> float:
    """µs per frame where every frame's skin is rebuilt and projected, as the reference does it."""
    faces = GeometryFaces(bundle, style=SolverStyle(), keeps_mesh=False)
    data = read_model_data(bundle, vertices=None)
    skin, _ = read_solvers(bundle)
    rows = np.repeat(params[None], frames, axis=0)
    state = faces.new_state()
    mesh = SkinState(data.skin_mean.size)

    def work() -> None:
        heard = results[:frames, bundle.columns.skin]
        whole = _projected(data, skin, heard=heard, params=rows, state=mesh)
        reduced = skin_coefficients(heard, rows)
        both = smooth_skin(
            reduced, [state.skin] * frames, params=rows, dt_s=np.full(frames, 1 / 60, np.float32)
        )
        licked = faces.reduced.data(
            both, results[:frames, bundle.columns.tongue], params=rows, masks=[None] * frames
        )
        licked[:, : whole.shape[1]] = whole
        faces.solver.solve(licked, [state.solver] * frames)

    work()
    start = process_time()
    work()
    return (process_time() - start) / frames * 1e6


def _projected(
    data: ModelData, skin: SolverData, *, heard: Floats, params: Floats, state: SkinState
) -> Floats:
    """What the solver takes of the skin, by way of all its vertices."""
    frames = len(heard)
    column = GEOMETRY_PARAMS.column
    moved = (heard @ data.skin_basis.reshape(len(data.skin_basis), -1)).reshape(frames, -1, 3)
    deltas = skin_deltas(moved, eye_close=data.eye_close, lip_open=data.lip_open, params=params)
    upper, lower = smooth_skin(
        deltas, [state] * frames, params=params, dt_s=np.full(frames, 1 / 60, np.float32)
    )
    mask = face_mask(
        data.skin_mean[:, 1],
        level=float(params[0, column("face_mask_level")]),
        softness=float(params[0, column("face_mask_softness")]),
    )
    shape = blend_skin(upper, lower, neutral=data.skin_mean, mask=mask, params=params)
    rows = slice(None) if skin.vertices is None else skin.vertices
    return project(skin.deltas[skin.active], shape[:, rows] - skin.neutral)


def speech_samples() -> Floats:
    """The clip that comes with the package, at the model's rate, float32 (n,)."""
    sound, rate_hz = soundfile.read(SPEECH, dtype="float32", always_2d=True)
    return np.asarray(soxr.resample(sound.mean(axis=1), rate_hz, 16_000), np.float32)
