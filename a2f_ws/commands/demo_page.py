"""The second half of `a2f-ws demo`: the studio in a browser."""

import os
import sys
import threading
import webbrowser
from collections.abc import Mapping
from functools import partial
from typing import Final

from rich.console import Console
from rich.text import Text

from a2f_ws.catalog import Catalog
from a2f_ws.commands.lifetime import stay
from a2f_ws.errors import ConfigError
from a2f_ws.server import Server
from a2f_ws.settings import Settings
from a2f_ws.web.pages import Pages, remedy

DISPLAYS: Final = ("DISPLAY", "WAYLAND_DISPLAY")
"""Variables of which a desktop other than Windows and macOS sets one."""


def is_terminal() -> bool:
    """True when somebody sits there to look at a page and to press Ctrl+C afterwards."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def has_desktop(environ: Mapping[str, str], system: str) -> bool:
    """Whether a browser would open in front of the user.

    Args:
        environ: Environment of the process.
        system: As `sys.platform` calls it.
    """
    if "SSH_CONNECTION" in environ:
        return False
    return system in ("win32", "darwin") or any(environ.get(name) for name in DISPLAYS)


def present(catalog: Catalog, pages: Pages, *, console: Console) -> None:
    """Serve the studio, and open it where there is a desktop, until Ctrl+C.

    Args:
        catalog: What to serve.
        pages: The studio among them.
        console: Where to say so.

    Raises:
        ConfigError: No port can be had.
    """
    wanted = Server(catalog, Settings(drain_s=0.0), pages=pages)
    try:
        stay(wanted, tell=partial(_tell, wanted, console))
    except ConfigError:
        other = Server(catalog, Settings(port=0, drain_s=0.0), pages=pages)
        stay(other, tell=partial(_tell, other, console))


def _tell(server: Server, console: Console) -> None:
    url = Text(server.page_url, style="bold green")
    console.print(Text.assemble("\nStudio  ", url, "  Ctrl+C ends the demo"), soft_wrap=True)
    if has_desktop(os.environ, sys.platform):
        # Some browsers hold up their caller as long as they are open.
        threading.Thread(target=webbrowser.open, args=(server.page_url,), daemon=True).start()


def hint(pages: Pages) -> str:
    """How to get at the page, for a demo that ends without it."""
    if not pages.has_studio:
        return f"There is more to see: {remedy()}."
    return f"The studio: a2f-ws serve, then http://127.0.0.1:{Settings().port}/ in a browser."
