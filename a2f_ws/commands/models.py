"""`a2f-ws models`: what can be served."""

from collections.abc import Sequence

from rich.table import Table

from a2f_ws.commands.loading import EMBEDDED, load_model
from a2f_ws.commands.pulled import Pulled, models_folder, pulled_models
from a2f_ws.commands.screen import out, plain_table
from a2f_ws.model import Model
from a2f_ws.names import EMOTIONS, WEIGHTS


def run(names: Sequence[str], models_dir: str = "") -> None:
    """List the embedded model and the bundles named, then the models that were pulled.

    Raises:
        ModelError: A bundle is missing, broken, or cannot be run.
    """
    models = [load_model(name) for name in dict.fromkeys([EMBEDDED, *names])]
    out().print(table(models))
    pulled = list(pulled_models(models_folder(models_dir)))
    if pulled:
        out().print(pulled_table(pulled))


def pulled_table(pulled: Sequence[Pulled]) -> Table:
    """One line per model that was pulled; none of them is loaded."""
    lines = plain_table("pulled", "repository", "commit", "licence", "MiB", "folder", title="\n")
    for one in pulled:
        lines.add_row(
            one.names[-1],
            one.repo,
            one.commit[:12],
            one.licence,
            f"{one.bytes / 2**20:.1f}",
            str(one.path),
        )
    return lines


def table(models: Sequence[Model]) -> Table:
    """One line per model."""
    lines = plain_table("model", "gives", "look-ahead", "emotions", "runs on", "folder")
    for model in models:
        bundle = model.bundle
        is_whole = set(model.emotions) == set(EMOTIONS)
        lines.add_row(
            f"{model.name}\n{bundle.version}",
            f"{len(WEIGHTS)} weights{', meshes' if model.pipeline.has_mesh else ''}",
            f"{model.look_ahead_us / 1000:g} ms",
            f"all {len(EMOTIONS)}" if is_whole else ", ".join(model.emotions),
            model.pipeline.backend.name,
            str(bundle.path),
        )
    return lines
