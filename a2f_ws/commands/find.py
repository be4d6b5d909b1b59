"""`a2f-ws find`: the servers on the local network."""

import asyncio
import json
from collections.abc import Sequence

from a2f_ws.commands.screen import err, out, plain_table, printable
from a2f_ws.web.discovery import Place
from a2f_ws.web.multicast import find

AUTH = {"none": "open", "challenge": "password", "token": "token"}
"""How a client shows that it may connect, in a word."""


def run(seconds: float, *, as_json: bool, host: str = "") -> int:
    """Print the servers that answer; exit code 1 when there is none, else 0.

    Args:
        seconds: How long to listen.
        as_json: True = one line of JSON for each server.
        host: Address whose network is asked; "" = all networks.

    Raises:
        ConfigError: The package zeroconf is not there, or there is no network.
    """
    places = asyncio.run(find(seconds, host=host))
    if as_json:
        for place in places:
            print(printable(json.dumps(described(place), ensure_ascii=False)))
    elif places:
        _show(places)
    else:
        err().print(
            f"no server answered within {seconds:g} s; those that listen beyond loopback are found"
            " when they run with --discoverable"
        )
    return 0 if places else 1


def described(place: Place) -> dict[str, object]:
    """What programs are told of a server."""
    return {
        "name": place.name,
        "url": place.url,
        "addresses": list(place.addresses),
        "port": place.port,
        "path": place.path,
        "protocol": place.protocol,
        "auth": place.auth,
        "tls": place.has_tls,
        "models": list(place.models),
        "version": place.version,
    }


def _show(places: Sequence[Place]) -> None:
    lines = plain_table("server", "url", "access", "models", "version")
    for place in places:
        access = AUTH.get(place.auth, place.auth)
        lines.add_row(place.name, place.url, access, ", ".join(place.models), place.version)
    out().print(lines)
