"""`a2f-ws models check`: what a bundle is, and everything that is wrong with it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from a2f_ws.animation.params import GEOMETRY_PARAMS, WEIGHT_PARAMS, ParamSet
from a2f_ws.animation.recognition import RECOGNITION_PARAMS
from a2f_ws.audio.emotion_window import WINDOW_MAX, WINDOW_MIN
from a2f_ws.commands.loading import EMBEDDED, find_bundle, load_model
from a2f_ws.commands.model_tables import (
    faces,
    file_sizes,
    parameters,
    rigs,
    strangers,
)
from a2f_ws.commands.model_warnings import warnings
from a2f_ws.commands.pulled import models_folder, pulled_path
from a2f_ws.commands.screen import EXIT_FAULT, out, plain_table, say_fault, say_warning
from a2f_ws.errors import ModelError
from a2f_ws.inference.bundle import Bundle
from a2f_ws.inference.emotion_bundle import (
    EmotionBundle,
    describe_emotion_bundle,
    is_emotion_bundle,
    load_emotion_bundle,
)
from a2f_ws.inference.emotion_onnx import OnnxClassifier
from a2f_ws.inference.faults import array_faults, manifest_faults
from a2f_ws.inference.onnx_blocks import onnx_backend
from a2f_ws.inference.solver_data import SolverData, read_solvers
from a2f_ws.recognizer import Recognizer


def check(names: Sequence[str]) -> int:
    """Explain bundles.

    Args:
        names: As for `find_bundle`.

    Returns:
        The exit code: 2 when one of them cannot be served.
    """
    counts = [_check(name) for name in dict.fromkeys(names)]
    return EXIT_FAULT if any(counts) else 0


def _check(name: str) -> int:
    """Explain one; how much is wrong with it."""
    console = out()
    try:
        pulled = None if Path(name).exists() else pulled_path(name, models_folder(""))
        if is_emotion_bundle(pulled or name):
            return _check_emotions(name, pulled or Path(name))
        bundle = find_bundle(name)
    except ModelError as error:
        return _say(name, _with_others(str(error), name))
    runs_on, faults = _served(name, bundle)
    console.print(f"{bundle.name} {bundle.version}", style="bold")
    console.print(faces(bundle, runs_on))
    console.print()
    console.print(file_sizes(bundle))
    console.print()
    console.print(parameters(bundle))
    if bundle.kind == "geometry":
        with suppress(ModelError):
            _explain(read_solvers(bundle))
    if bundle.unknown:
        console.print(f"\nnot known to this version: {', '.join(bundle.unknown)}")
    for warning in warnings(bundle):
        say_warning(f"{name}: {warning}")
    return _say(name, faults)


def _check_emotions(name: str, path: Path) -> int:
    """Explain a bundle that hears emotions; how much is wrong with it."""
    try:
        bundle = load_emotion_bundle(path)
    except ModelError as error:
        return _say(name, [str(error)])
    lines = plain_table("", "")
    lines.show_header = False
    for title, text in describe_emotion_bundle(bundle).items():
        lines.add_row(title, text)
    out().print(lines)
    faults = list(_recognition_faults(bundle))
    for window in (WINDOW_MIN, WINDOW_MAX):
        try:
            classifier = OnnxClassifier(bundle, window=window)
            classifier.close()
            if not faults:
                Recognizer(bundle, classifier)
        except ModelError as error:
            return _say(name, [*faults, str(error)])
    return _say(name, faults)


def _explain(solvers: tuple[SolverData, SolverData]) -> None:
    """Print what is fitted to the meshes."""
    console = out()
    console.print()
    console.print(rigs(solvers))
    lacking, unknown = strangers(solvers)
    if lacking:
        console.print(f"\nweights that stay 0, as no rig has them: {', '.join(lacking)}")
    if unknown:
        console.print(f"\nposes that no rig table knows: {', '.join(unknown)}")


def _served(name: str, bundle: Bundle) -> tuple[str, list[str]]:
    """What runs the network, and what is wrong with a bundle: it is loaded as a server would."""
    try:
        model = load_model(name)
    except ModelError as error:
        runs_on, faults = _network(bundle)
        of_arrays = array_faults(bundle) if bundle.kind == "geometry" else []
        faults += [*_parameter_faults(bundle), *of_arrays]
        return runs_on, faults if _is_told(str(error), faults) else [*faults, str(error)]
    backend = model.pipeline.backend
    backend.close()
    return backend.name, []


def _is_told(fault: str, faults: Sequence[str]) -> bool:
    """True when others say the same of the same file and key."""
    key = fault.partition(": found")[0]
    return any(key == other.partition(": found")[0] for other in faults)


def _network(bundle: Bundle) -> tuple[str, list[str]]:
    """What runs the network, and what is wrong with it."""
    try:
        backend = onnx_backend(bundle)
    except ModelError as error:
        return "nothing", [str(error)]
    backend.close()
    return backend.name, []


def _parameter_faults(bundle: Bundle) -> Iterable[str]:
    known = GEOMETRY_PARAMS if bundle.kind == "geometry" else WEIGHT_PARAMS
    return _faults_of(known, bundle.config, place=f"{bundle.config_path}: config")


def _recognition_faults(bundle: EmotionBundle) -> Iterable[str]:
    config = msgspec.structs.asdict(bundle.config)
    place = f"{bundle.config_path}: post_processing_config"
    return _faults_of(RECOGNITION_PARAMS, config, place=place)


def _faults_of(known: ParamSet, config: Mapping[str, object], *, place: str) -> Iterator[str]:
    """What is wrong with the parameters that a bundle sets."""
    for param in known.params:
        if not param.in_bundle:
            continue
        if param.name not in config:
            wanted = f"wanted a number from {param.min:g} to {param.max:g}"
            yield f"{place}.{param.name}: missing, {wanted}"
        elif fault := param.fault(config[param.name]):
            yield f"{place}.{param.name}: {fault}"


def _with_others(first: str, name: str) -> list[str]:
    """The fault for which a bundle could not be read, and those of its other files."""
    path = Path(name)
    others = manifest_faults(path) if name != EMBEDDED and path.exists() else []
    return list(dict.fromkeys([first, *others]))


def _say(name: str, faults: Sequence[str]) -> int:
    """Tell the end of it."""
    for fault in faults:
        say_fault(fault)
    if faults:
        out().print(f"{name}: cannot be served", soft_wrap=True)
    else:
        out().print(f"\n{name}: ok", soft_wrap=True)
    return len(faults)
