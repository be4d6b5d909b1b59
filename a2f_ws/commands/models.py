"""`a2f-ws models`: what can be served."""

from collections.abc import Sequence

from rich.table import Table

from a2f_ws.catalog import Model
from a2f_ws.commands.loading import EMBEDDED, load_model
from a2f_ws.commands.screen import out, plain_table
from a2f_ws.names import EMOTIONS


def run(names: Sequence[str]) -> None:
    """List the embedded model and the bundles named.

    Raises:
        ModelError: A bundle is missing, broken, or cannot be run.
    """
    models = [load_model(name) for name in dict.fromkeys([EMBEDDED, *names])]
    out().print(table(models))


def table(models: Sequence[Model]) -> Table:
    """One line per model."""
    lines = plain_table("model", "gives", "look-ahead", "emotions", "runs on", "folder")
    for model in models:
        bundle = model.bundle
        is_whole = set(model.emotions) == set(EMOTIONS)
        lines.add_row(
            f"{model.name}\n{bundle.version}",
            f"{len(bundle.poses)} weights",
            f"{model.look_ahead_us / 1000:g} ms",
            f"all {len(EMOTIONS)}" if is_whole else ", ".join(model.emotions),
            model.pipeline.backend.name,
            str(bundle.path),
        )
    return lines
