"""The JSON files of a bundle: their shape, and the paths that a manifest names."""

import re
from pathlib import Path, PureWindowsPath
from typing import Annotated, Final, TypeVar

import msgspec

from a2f_ws.errors import ModelError

_Document = TypeVar("_Document")
_Size = Annotated[int, msgspec.Meta(ge=0)]
_BOM: Final = b"\xef\xbb\xbf"
_SHOWN: Final = 80
"""Characters of a wrong value that a message repeats."""


class SolverFiles(msgspec.Struct, frozen=True):
    """One entry of `blendshapePaths`."""

    config: str
    data: str


class SolverPaths(msgspec.Struct, frozen=True):
    """`blendshapePaths`: rigs of the skin and of the tongue."""

    skin: SolverFiles
    tongue: SolverFiles


class Manifest(msgspec.Struct, frozen=True, rename="camel"):
    """`model.json`. The optional entries are mandatory in geometry bundles."""

    network_info_path: str
    network_path: str
    model_config_path: str
    emotion_database_path: str | None = None
    model_data_path: str | None = None
    blendshape_paths: SolverPaths | None = None


class Identity(msgspec.Struct, frozen=True):
    """`network_info.json`, object `id`."""

    type: str
    actor: str
    version: str
    output: str


class NetworkParams(msgspec.Struct, frozen=True):
    """`network_info.json`, object `params`; the last three are ours."""

    implicit_emotion_len: _Size
    explicit_emotions: tuple[str, ...]
    default_emotion: tuple[float, ...]
    num_shapes_skin: _Size
    num_shapes_tongue: _Size
    num_verts_skin: _Size
    num_verts_tongue: _Size
    result_jaw_size: _Size
    result_eyes_size: _Size
    mouth_close: str | None = None
    pose_names: tuple[str, ...] | None = None
    pose_regions: tuple[str, ...] | None = None


class AudioParams(msgspec.Struct, frozen=True):
    """`network_info.json`, object `audio_params`, in samples."""

    buffer_len: Annotated[int, msgspec.Meta(ge=1)]
    buffer_ofs: _Size
    samplerate: int


class NetworkInfo(msgspec.Struct, frozen=True):
    """`network_info.json`."""

    id: Identity
    params: NetworkParams
    audio_params: AudioParams


class ModelConfig(msgspec.Struct, frozen=True):
    """`model_config.json`: numbers by name, `source_shot` and `source_frame`."""

    config: dict[str, object]


def read_json(path: Path, document: type[_Document]) -> _Document:
    """The content of a JSON file in its documented shape; unknown keys are ignored.

    Args:
        path: The file.
        document: A struct of this module, or `dict`.

    Raises:
        ModelError: The file cannot be read, is not JSON, or lacks or mistypes a key; the text names
            the file and the key.
    """
    try:
        return msgspec.json.decode(read_bytes(path).removeprefix(_BOM), type=document)
    except msgspec.ValidationError as fault:
        raise ModelError(f"{path}: {_described(fault, path)}") from fault
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        raise ModelError(f"{path}: not JSON: {fault}") from fault


def _described(fault: msgspec.ValidationError, path: Path) -> str:
    """The decoder's text with the key in front and the value that it found."""
    wanted, _, place = str(fault).partition(" - at `$")
    keys = [key for key in re.split(r"[.\[\]]", place.rstrip("`")) if key]
    value = msgspec.json.decode(read_bytes(path).removeprefix(_BOM))
    try:
        for key in keys:
            value = value[int(key)] if isinstance(value, list) else value[key]
    except (KeyError, ValueError):
        return str(fault)
    found = repr(value)
    shown = found if len(found) <= _SHOWN else f"{found[:_SHOWN]} …"
    return f"{'.'.join(keys) or 'document'}: {wanted}, found {shown}"


def read_bytes(path: Path) -> bytes:
    """The content of a file.

    Raises:
        ModelError: It cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as fault:
        raise ModelError(f"{path}: cannot be read: {fault.strerror or fault}") from fault


def inside(folder: Path, name: str, *, key: str, source: Path) -> Path:
    """The file of a bundle that a manifest names.

    Links are not followed, so that a bundle may consist of links into a cache.

    Args:
        folder: Folder of the manifest.
        name: Relative path in the manifest, with either kind of slash.
        key: Its key, for messages.
        source: The manifest, for messages.

    Raises:
        ModelError: The path is absolute, leaves the folder, or names no file.
    """
    asked = PureWindowsPath(name)
    depth = 0
    for part in asked.parts:
        depth += -1 if part == ".." else 1
        if depth < 0:
            break
    if asked.anchor or depth < 1:
        raise ModelError(f"{source}: {key}: found {name!r}, wanted a path inside {folder}")
    return folder.joinpath(*asked.parts)


def existing(path: Path, *, key: str, source: Path) -> Path:
    """The same path.

    Raises:
        ModelError: There is no such file.
    """
    if not path.is_file():
        raise ModelError(f"{source}: {key}: there is no file {path}")
    return path
