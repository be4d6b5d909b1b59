"""The program of the portable build: the command line of a2f-ws."""

import os

from a2f_ws.cli import main

SEARCHED = "LD_LIBRARY_PATH"


def restore_search_path() -> None:
    """Take back what the start of the build put in front of the path of shared libraries.

    This process has read it already; a browser that `a2f-ws demo` opens shall find its own.
    """
    before = os.environ.pop(f"{SEARCHED}_ORIG", None)
    if before is not None:
        os.environ[SEARCHED] = before
    else:
        os.environ.pop(SEARCHED, None)


restore_search_path()
main()
