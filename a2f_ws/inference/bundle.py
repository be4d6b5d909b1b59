"""Reads model bundles: NVIDIA's, which give geometry, and ours, which give weights."""

from collections.abc import Mapping
from dataclasses import dataclass
from os.path import isfile
from pathlib import Path
from typing import Final

import numpy as np

from a2f_ws.errors import ModelError
from a2f_ws.inference.block_params import Blocks, blocks
from a2f_ws.inference.emotion_db import implicit_emotion
from a2f_ws.inference.manifest import (
    Manifest,
    ModelConfig,
    NetworkInfo,
    existing,
    inside,
    manifest_of,
    read_json,
    unknown,
)
from a2f_ws.inference.network_info import REGIONS, Columns, check, columns, default_emotion
from a2f_ws.names import EMOTIONS, WEIGHTS, Floats

DIFFUSION: Final = "modelConfigPaths"
"""Key that only manifests of diffusion bundles have. Source: SDK, `parse_helper.cpp`."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bundle:
    """A bundle whose manifest has been checked; large arrays and the network are still on disk.

    Attributes:
        name: The actor that the bundle names.
        version: The bundle's own version text.
        path: Folder of the manifest.
        network: The `.onnx` file; the `.trt` engine where the folder has no `.onnx`.
        kind: What the network gives, "geometry" or "blendshape".
        buffer_len: Samples of a window.
        buffer_ofs: Sample of the window that its face belongs to, with blocks the first of its
            faces; negative where the window begins after it, since a state has what came before.
        blocks: How the network gives faces in blocks; None = one per window, wherever it is asked.
        samplerate: 16000, Hz.
        emotions: Names of the explicit emotions that the network takes, in its order.
        default_emotion: float32 (10,), order `names.EMOTIONS`.
        implicit: float32 (implicit length,), the same for every face.
        columns: Parts of `result`.
        skin_vertices: Vertices of the skin, 0 where there is no mesh.
        tongue_vertices: Vertices of the tongue, likewise.
        config: Object `config` of `model_config.json`.
        config_path: That file, for messages.
        mouth_close: Meaning of MouthClose in the faces it gives, "a2f" or "arkit".
        poses: Names of the weights that the network gives; empty for geometry.
        regions: "upper" or "lower" for each of `poses`.
        model_data: Neutral poses and bases, or None.
        solver: Configuration and rig files of skin and tongue in this order, empty if none.
        trt_info: Content of `trt_info.json`, or None.
        unknown: What the JSON files say beside what this version knows, by file and key:
            "network_info.json: params.identities".
    """

    name: str
    version: str
    path: Path
    network: Path
    kind: str
    buffer_len: int
    buffer_ofs: int
    blocks: Blocks | None
    samplerate: int
    emotions: tuple[str, ...]
    default_emotion: Floats
    implicit: Floats
    columns: Columns
    skin_vertices: int
    tongue_vertices: int
    config: Mapping[str, object]
    config_path: Path
    mouth_close: str
    poses: tuple[str, ...]
    regions: tuple[str, ...]
    model_data: Path | None
    solver: tuple[Path, ...]
    trt_info: Mapping[str, object] | None
    unknown: Mapping[str, object]

    @property
    def look_ahead(self) -> int:
        """Samples after a face's own that its window needs."""
        return self.buffer_len - self.buffer_ofs

    @property
    def emotion_len(self) -> int:
        """Length of the network's emotion input."""
        return len(self.implicit) + len(self.emotions)

    def emotion_rows(self, explicit: Floats) -> Floats:
        """The network's emotion input.

        Args:
            explicit: float32 (B, 10), order `names.EMOTIONS`.

        Returns:
            float32 (B, `emotion_len`), implicit emotions first.
        """
        picked = [EMOTIONS.index(name) for name in self.emotions]
        rows = np.empty((len(explicit), self.emotion_len), np.float32)
        rows[:, : len(self.implicit)] = self.implicit
        rows[:, len(self.implicit) :] = explicit[:, picked]
        return rows


def embedded_path() -> Path:
    """Folder of the bundle that comes with the package, installed or not."""
    return Path(__file__).parents[1] / "models" / "embedded"


def load_bundle(path: Path | str) -> Bundle:
    """Read and check everything of a bundle but its large arrays and its network.

    Args:
        path: The bundle's folder or its `model.json`.

    Raises:
        ModelError: Something is missing, unreadable or contradictory; the text names the file, the
            key, what was found and what was wanted.
    """
    manifest_path = manifest_of(path)
    if DIFFUSION in read_json(manifest_path, dict):
        raise ModelError(
            f"{manifest_path}: {DIFFUSION}: found a diffusion bundle, wanted a regression bundle "
            "such as Audio2Face-3D-v2.3-Mark"
        )
    manifest = read_json(manifest_path, Manifest)
    return _Reader(manifest_path, manifest).bundle()


def refuse_blocks(bundle: Bundle, *, wanted_by: str) -> None:
    """Let pass what gives one face per window.

    Raises:
        ModelError: The bundle's network gives faces in blocks.
    """
    if bundle.blocks is not None:
        raise ModelError(
            f"{bundle.path}: found a network that gives faces in blocks, which {wanted_by} does not"
            " take; wanted one that gives a face per window (ONNX Runtime runs both)"
        )


class _Reader:
    """Reads the files that one manifest names."""

    def __init__(self, path: Path, manifest: Manifest) -> None:
        self._path = path
        self._manifest = manifest
        self._info_path = self._file(manifest.network_info_path, "networkInfoPath")
        if "emotions" in read_json(self._info_path, dict):
            raise ModelError(
                f"{self._info_path}: emotions: found an Audio2Emotion bundle, wanted one of a face"
            )
        self._info = read_json(self._info_path, NetworkInfo)
        check(self._info, self._info_path)

    def bundle(self) -> Bundle:
        identity, params, audio = self._info.id, self._info.params, self._info.audio_params
        config_path = self._file(self._manifest.model_config_path, "modelConfigPath")
        config = read_json(config_path, ModelConfig).config
        is_geometry = identity.output == "geometry"
        trt_info = self._path.parent / "trt_info.json"
        return Bundle(
            name=identity.actor,
            version=identity.version,
            path=self._path.parent,
            network=self._network(),
            kind=identity.output,
            buffer_len=audio.buffer_len,
            buffer_ofs=audio.buffer_ofs,
            blocks=blocks(self._info.block_params, source=self._info_path),
            samplerate=audio.samplerate,
            emotions=params.explicit_emotions,
            default_emotion=default_emotion(params),
            implicit=self._implicit(config, config_path),
            columns=columns(params),
            skin_vertices=params.num_verts_skin,
            tongue_vertices=params.num_verts_tongue,
            config=config,
            config_path=config_path,
            mouth_close=params.mouth_close or ("a2f" if is_geometry else "arkit"),
            poses=() if is_geometry else WEIGHTS,
            regions=() if is_geometry else params.pose_regions or REGIONS,
            model_data=self._optional(self._manifest.model_data_path, "modelDataPath"),
            solver=self._solver_files(),
            trt_info=read_json(trt_info, dict) if trt_info.is_file() else None,
            unknown=unknown(self._path, Manifest) | unknown(self._info_path, NetworkInfo),
        )

    def _implicit(self, config: Mapping[str, object], config_path: Path) -> Floats:
        length = self._info.params.implicit_emotion_len
        name = self._manifest.emotion_database_path
        database = self._optional(name, "emotionDatabasePath")
        if database is None:
            return np.zeros(length, np.float32)
        shot, frame = config.get("source_shot"), config.get("source_frame")
        if not isinstance(shot, str):
            raise ModelError(f"{config_path}: config.source_shot: found {shot!r}, wanted a name")
        if type(frame) is not int or frame < 0:
            raise ModelError(
                f"{config_path}: config.source_frame: found {frame!r}, wanted an integer >= 0"
            )
        return implicit_emotion(database, length, shot=shot, frame=frame)

    def _network(self) -> Path:
        asked = inside(
            self._path.parent,
            self._manifest.network_path,
            key="networkPath",
            source=self._path,
        )
        portable = asked.with_suffix(".onnx")
        if asked.suffix == ".trt" and (isfile(portable) or not isfile(asked)):
            asked = portable
        return existing(asked, key="networkPath", source=self._path)

    def _solver_files(self) -> tuple[Path, ...]:
        paths = self._manifest.blendshape_paths
        if paths is None:
            self._optional(None, "blendshapePaths")
            return ()
        named = {
            f"blendshapePaths.{part}.{role}": getattr(getattr(paths, part), role)
            for part in ("skin", "tongue")
            for role in ("config", "data")
        }
        return tuple(self._file(name, key) for key, name in named.items())

    def _optional(self, name: str | None, key: str) -> Path | None:
        if name is None and self._info.id.output == "geometry":
            raise ModelError(f"{self._path}: {key}: missing, wanted in a geometry bundle")
        return None if name is None else self._file(name, key)

    def _file(self, name: str, key: str) -> Path:
        path = inside(self._path.parent, name, key=key, source=self._path)
        return existing(path, key=key, source=self._path)
