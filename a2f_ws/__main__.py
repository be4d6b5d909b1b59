"""`python -m a2f_ws` is `a2f-ws`."""

from a2f_ws.cli import main

main()
