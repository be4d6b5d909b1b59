"""Everything that is wrong with a bundle beside its network, as far as one look can tell."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec
import numpy as np

from a2f_ws.errors import ModelError
from a2f_ws.inference.bundle import Bundle, load_bundle
from a2f_ws.inference.manifest import (
    MANIFEST,
    Manifest,
    ModelConfig,
    NetworkInfo,
    existing,
    inside,
    read_json,
)
from a2f_ws.inference.model_data import array_shapes, read_model_data
from a2f_ws.inference.network_info import AXES, check
from a2f_ws.inference.npz import Archive
from a2f_ws.inference.solver_config import read_solver_config
from a2f_ws.inference.solver_data import NAMES, NEUTRAL, read_solver_data, read_solvers


def manifest_faults(path: Path) -> list[str]:
    """What keeps a bundle from being read: its first fault, and those of its other files.

    Args:
        path: The bundle's folder or its `model.json`.
    """
    faults: list[str] = []
    with _noted(faults):
        load_bundle(path)
    if not faults:
        return []
    source = path / MANIFEST if path.is_dir() else path
    for look in (_look_at_files, _look_at_texts):
        with _noted(faults):
            look(source, read_json(source, Manifest), faults=faults)
    return list(dict.fromkeys(faults))


def array_faults(bundle: Bundle) -> list[str]:
    """What is wrong with the arrays of a geometry bundle; they are read, none is kept."""
    faults: list[str] = []
    if bundle.model_data is not None:
        with _noted(faults), Archive(bundle.model_data) as archive:
            faults += archive.faults(array_shapes(bundle))
        nothing = np.empty(0, np.int32)
        _unless(faults, lambda: read_model_data(bundle, vertices=nothing))
    pairs = zip(bundle.solver[::2], bundle.solver[1::2], strict=True)
    counts = (bundle.skin_vertices, bundle.tongue_vertices)
    of_rigs: list[str] = []
    for (config, data), count in zip(pairs, counts, strict=True):
        of_rigs += _solver_faults(config, data, vertex_count=count)
    _unless(of_rigs, lambda: read_solvers(bundle))
    return faults + of_rigs


def _look_at_files(source: Path, manifest: Manifest, *, faults: list[str]) -> None:
    for key, name in _named(msgspec.to_builtins(manifest)):
        if key == "networkPath" and name.endswith(".trt"):
            continue
        with _noted(faults):
            existing(inside(source.parent, name, key=key, source=source), key=key, source=source)


def _look_at_texts(source: Path, manifest: Manifest, *, faults: list[str]) -> None:
    paths = manifest.blendshape_paths
    looks: list[tuple[str, Callable[[Path], object]]] = [
        (manifest.network_info_path, lambda path: check(read_json(path, NetworkInfo), path)),
        (manifest.model_config_path, lambda path: read_json(path, ModelConfig)),
    ]
    if paths is not None:
        looks += [(part.config, read_solver_config) for part in (paths.skin, paths.tongue)]
    for name, look in looks:
        with suppress(ModelError):
            path = existing(
                inside(source.parent, name, key="", source=source), key="", source=source
            )
            with _noted(faults):
                look(path)


def _solver_faults(config: Path, data: Path, *, vertex_count: int) -> list[str]:
    faults: list[str] = []
    with _noted(faults):
        read_solver_config(config)
    with _noted(faults), Archive(data) as archive:
        names = [NEUTRAL, *archive.texts(NAMES)[1:]]
        faults += archive.faults(dict.fromkeys(names, (vertex_count, AXES)))
    _unless(faults, lambda: read_solver_data(config, data, vertex_count=vertex_count))
    return faults


def _named(content: object, place: str = "") -> Iterator[tuple[str, str]]:
    """The file names in a manifest, by key."""
    if isinstance(content, dict):
        for key, value in content.items():
            yield from _named(value, f"{place}.{key}" if place else str(key))
    elif isinstance(content, str):
        yield place, content


@contextmanager
def _noted(faults: list[str]) -> Iterator[None]:
    """Note a fault instead of stopping at it."""
    try:
        yield
    except ModelError as error:
        faults.append(str(error))


def _unless(faults: list[str], look: Callable[[], object]) -> None:
    """Look for what can only be seen where there is no other fault."""
    if not faults:
        with _noted(faults):
            look()
