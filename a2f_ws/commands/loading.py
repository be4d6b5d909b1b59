"""What the user names, loaded: models and rigs."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from a2f_ws.catalog import Catalog
from a2f_ws.commands.machine import give_memory_back, use_one_thread_for_products
from a2f_ws.commands.pulled import hint, models_folder, pulled_path
from a2f_ws.commands.recognition import load_recognizer
from a2f_ws.errors import ModelError
from a2f_ws.inference.bundle import Bundle, embedded_path, load_bundle
from a2f_ws.inference.choice import choose
from a2f_ws.inference.means import Means
from a2f_ws.model import Model
from a2f_ws.pipeline import Pipeline
from a2f_ws.recognizer import Recognizer
from a2f_ws.rig.table import load_rigs
from a2f_ws.settings import Settings, read_style_tables
from a2f_ws.style.style import Style
from a2f_ws.style.tables import style_from_words
from a2f_ws.style.yaml_file import read_style

log = logging.getLogger(__name__)

EMBEDDED: Final = "embedded"
"""What the bundle that comes with the package is called, on the command line and on the wire."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """How a model is to be run, beside which.

    Attributes:
        style: What is laid over the bundle.
        solver: "admm", "bvls" or "exact"; "" = as the style says, else admm.
        threads: CPU threads of the network; 0 = automatic.
        audio2emotion: Path of an Audio2Emotion bundle, "" = none.
        has_geometry: True = clients may ask for the mesh.
        models: Folder of pulled models, "" = the usual one.
        means: What the network may be run with; its threads are those above.
    """

    style: Style = field(default_factory=Style)
    solver: str = ""
    threads: int = 0
    audio2emotion: str = ""
    has_geometry: bool = False
    models: str = ""
    means: Means = field(default_factory=Means)

    @property
    def method(self) -> str:
        """The solver to use."""
        return self.solver or self.style.solver.method or "admm"


def wishes_of(settings: Settings, config: Path | None, *, words: Sequence[str] = ()) -> Wishes:
    """What settings, the tables of a configuration file, a style and single parameters ask for.

    Args:
        settings: The settings in force.
        config: TOML file of the user's, or None.
        words: Face parameters as NAME=VALUE, over all others.

    Raises:
        ConfigError: A file cannot be read, or a value in it cannot be used.
    """
    style = read_style_tables(config)
    if settings.style:
        style = read_style(Path(settings.style)).over(style)
    if words:
        style = style_from_words(words, "--param").over(style)
    return Wishes(
        style=style,
        solver=settings.solver,
        threads=settings.threads,
        audio2emotion=settings.audio2emotion,
        has_geometry=settings.geometry,
        models=settings.models,
        means=means_of(settings),
    )


def means_of(settings: Settings) -> Means:
    """What settings let a network be run with."""
    return Means(
        backend=settings.backend,
        cuda=settings.cuda,
        has_graphs=settings.cuda_graphs,
        devices=tuple(settings.devices),
        workers=0 if settings.workers == "auto" else settings.workers,
        threads=settings.threads,
        engines=settings.engines,
        may_fall=settings.cpu_fallback,
    )


def find_bundle(name: str, models: str = "") -> Bundle:
    """The bundle that a user names.

    Args:
        name: "embedded", the path of a bundle's folder or `model.json`, or a model that was
            pulled: its repository or the last word of that, such as "mark".
        models: Folder of pulled models, "" = the usual one.

    Raises:
        ModelError: It is missing or broken.
    """
    if name == EMBEDDED:
        return load_bundle(embedded_path())
    path = Path(name)
    if not path.exists():
        pulled = pulled_path(name, models_folder(models))
        if pulled is not None:
            return load_bundle(pulled)
        if (text := hint(name)) is not None:
            raise ModelError(text)
    return load_bundle(path)


def load_model(name: str, wishes: Wishes | None = None) -> Model:
    """A model, ready to compute.

    Args:
        name: As for `find_bundle`.
        wishes: How it is to be run; None = as its bundle says.

    Raises:
        ModelError: It is missing, broken, or cannot be run by this version.
        ConfigError: The style does not fit it.
    """
    wishes = wishes or Wishes()
    bundle = find_bundle(name, wishes.models)
    backend, *others = choose(bundle, replace(wishes.means, threads=wishes.threads)).backends
    pipeline = Pipeline(
        bundle,
        backend,
        style=replace(wishes.style.solver, method=wishes.method),
        keeps_mesh=wishes.has_geometry,
    )
    served = EMBEDDED if name == EMBEDDED else bundle.name
    model = Model(
        served,
        pipeline,
        wishes.style,
        _recognizer(wishes, bundle),
        others=tuple(pipeline.beside(other) for other in others),
    )
    pipeline.keep(model.defaults)
    if unused := wishes.style.unused_on(pipeline.params):
        log.warning("%s: face parameters that this model lacks: %s", name, ", ".join(unused))
    return model


def _recognizer(wishes: Wishes, bundle: Bundle) -> Recognizer | None:
    """What hears the emotion of voices beside a face, where one is wanted."""
    if not wishes.audio2emotion:
        return None
    name = wishes.audio2emotion
    pulled = None if Path(name).exists() else pulled_path(name, models_folder(wishes.models))
    options = wishes.style.audio2emotion
    return load_recognizer(pulled or Path(name), options, look_ahead=bundle.look_ahead)


def load_catalog(model: str, rigs: Sequence[str] = (), *, wishes: Wishes | None = None) -> Catalog:
    """Everything that a server or `animate` needs.

    Args:
        model: As for `find_bundle`.
        rigs: Folders of rig tables of the user's own.
        wishes: How the model is to be run; None = as its bundle says.

    Raises:
        ModelError: As `load_model`.
        ConfigError: A rig table is wrong, or the style does not fit the model.
    """
    use_one_thread_for_products()
    tables = load_rigs(*(Path(folder) for folder in rigs))
    catalog = Catalog([load_model(model, wishes)], tables)
    give_memory_back()
    return catalog
