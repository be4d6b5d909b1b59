"""`a2f-ws rigs`: the curves that faces can be sent in."""

from collections.abc import Sequence
from pathlib import Path

from a2f_ws.commands.screen import out, plain_table
from a2f_ws.rig.table import load_rigs


def run(folders: Sequence[str]) -> None:
    """List the rigs of the installation and of the user's folders.

    Raises:
        ConfigError: A folder is missing, or a table has a mistake.
    """
    lines = plain_table("rig", "title", "curves", "range", "source")
    for name, rig in load_rigs(*(Path(folder) for folder in folders)).items():
        lines.add_row(
            name, rig.title, str(len(rig.curves)), f"{rig.low:g} to {rig.high:g}", rig.source
        )
    out().print(lines)
