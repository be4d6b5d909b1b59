"""The JSON files of a bundle: their shape, and the paths that a manifest names."""

import re
from collections.abc import Iterator, Mapping
from os.path import isfile  # unlike Path.is_file it takes names that no system allows
from pathlib import Path, PureWindowsPath
from typing import Annotated, Final, TypeVar, get_args

import msgspec
import msgspec.structs

from a2f_ws.errors import ModelError
from a2f_ws.inference.block_params import BlockParams
from a2f_ws.inference.pointer import ADVICE, is_pointer_at

_Document = TypeVar("_Document")
SIZE_MAX: Final = 1 << 20
"""Vertices, components, samples: far more than any bundle has, few enough to take memory for. Ours.
"""

JSON_MAX: Final = 1 << 24
"""Bytes of a JSON file, a thousand times those of NVIDIA's (ours)."""

_Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
_Size = Annotated[int, msgspec.Meta(ge=0, le=SIZE_MAX)]
MANIFEST: Final = "model.json"
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
    default_emotion: tuple[_Share, ...]
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
    """`network_info.json`, object `audio_params`, in samples; see `Bundle.buffer_ofs`."""

    buffer_len: Annotated[int, msgspec.Meta(ge=1, le=SIZE_MAX)]
    buffer_ofs: Annotated[int, msgspec.Meta(ge=-SIZE_MAX, le=SIZE_MAX)]
    samplerate: int


class NetworkInfo(msgspec.Struct, frozen=True):
    """`network_info.json`."""

    id: Identity
    params: NetworkParams
    audio_params: AudioParams
    block_params: BlockParams | None = None


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
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        text = ADVICE if is_pointer_at(path) else f"not JSON: {fault}"
        raise ModelError(f"{path}: {text}") from fault


def unknown(path: Path, document: type[msgspec.Struct]) -> dict[str, object]:
    """What a JSON file says beside what its documented shape has, by "file: key".

    Raises:
        ModelError: As `read_json`.
    """
    content = read_json(path, dict)
    return {f"{path.name}: {key}": value for key, value in _beside(content, document)}


def _beside(
    content: Mapping[str, object], document: type[msgspec.Struct]
) -> Iterator[tuple[str, object]]:
    fields = {field.encode_name: field.type for field in msgspec.structs.fields(document)}
    for key, value in content.items():
        if key not in fields:
            yield key, value
            continue
        kinds = [fields[key], *get_args(fields[key])]
        inner = [
            kind for kind in kinds if isinstance(kind, type) and issubclass(kind, msgspec.Struct)
        ]
        if inner and isinstance(value, Mapping):
            for below, found in _beside(value, inner[0]):
                yield f"{key}.{below}", found


def _described(fault: msgspec.ValidationError, path: Path) -> str:
    """The decoder's text with the key in front and the value that it found."""
    wanted, _, place = str(fault).partition(" - at `$")
    keys = [key for key in re.split(r"[.\[\]]", place.rstrip("`")) if key]
    try:
        value = msgspec.json.decode(read_bytes(path).removeprefix(_BOM))
        for key in keys:
            value = value[int(key)] if isinstance(value, list) else value[key]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, LookupError, ValueError):
        return str(fault)
    found = repr(value)
    shown = found if len(found) <= _SHOWN else f"{found[:_SHOWN]} …"
    return f"{'.'.join(keys) or 'document'}: {wanted}, found {shown}"


def read_bytes(path: Path) -> bytes:
    """The content of a JSON file.

    Raises:
        ModelError: It cannot be read, or is too large for one.
    """
    try:
        with path.open("rb") as file:
            content = file.read(JSON_MAX + 1)
    except OSError as fault:
        raise ModelError(f"{path}: cannot be read: {fault.strerror or fault}") from fault
    if len(content) > JSON_MAX:
        raise ModelError(f"{path}: found more than {JSON_MAX} bytes, wanted a JSON file of fewer")
    return content


def manifest_of(path: Path | str) -> Path:
    """The manifest of a bundle.

    Args:
        path: The bundle's folder or its `model.json`.

    Raises:
        ModelError: There is none.
    """
    manifest = Path(path)
    if not manifest.exists():
        raise ModelError(f"{manifest}: no such bundle: there is no file or folder of this name")
    if manifest.is_dir():
        manifest /= MANIFEST
    if not isfile(manifest):
        raise ModelError(f"{manifest.parent}: not a bundle: it has no {MANIFEST}")
    return manifest


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
    if not isfile(path):
        raise ModelError(f"{source}: {key}: there is no file {path}")
    return path
