"""What the user names, loaded: models and rigs."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from a2f_ws.catalog import Catalog, Model
from a2f_ws.inference.bundle import Bundle, embedded_path, load_bundle
from a2f_ws.inference.onnx import OnnxBackend
from a2f_ws.pipeline import Pipeline
from a2f_ws.rig.table import load_rigs

EMBEDDED: Final = "embedded"
"""What the bundle that comes with the package is called, on the command line and on the wire."""


def find_bundle(name: str) -> Bundle:
    """The bundle that a user names.

    Args:
        name: "embedded", or the path of a bundle's folder or `model.json`.

    Raises:
        ModelError: It is missing or broken.
    """
    return load_bundle(embedded_path() if name == EMBEDDED else Path(name))


def load_model(name: str) -> Model:
    """A model, ready to compute.

    Args:
        name: As for `find_bundle`.

    Raises:
        ModelError: It is missing, broken, or cannot be run by this version.
    """
    bundle = find_bundle(name)
    bundle.weight_columns()
    return Model(
        EMBEDDED if name == EMBEDDED else bundle.name, Pipeline(bundle, OnnxBackend(bundle))
    )


def load_catalog(model: str, rigs: Sequence[str] = ()) -> Catalog:
    """Everything that a server or `animate` needs.

    Args:
        model: As for `find_bundle`.
        rigs: Folders of rig tables of the user's own.

    Raises:
        ModelError: As `load_model`.
        ConfigError: A rig table is wrong.
    """
    tables = load_rigs(*(Path(folder) for folder in rigs))
    return Catalog([load_model(model)], tables)
