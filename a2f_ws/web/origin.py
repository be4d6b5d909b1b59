"""Who may reach the server: addresses of this machine, and pages that belong to it."""

import ipaddress
from collections.abc import Sequence
from urllib.parse import urlsplit

from websockets.datastructures import Headers


def is_loopback(host: str) -> bool:
    """True when only programs on this machine can reach the address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_allowed_origin(headers: Headers, names: Sequence[str]) -> bool:
    """Whether a browser page, or an engine that sends `Origin`, may connect.

    Args:
        headers: Of the upgrade request.
        names: Host names that the user has declared.

    Returns:
        True without an Origin; else only for an http(s) origin whose host is that of the Host
        header and also an IP literal, or that is loopback as Host is (localhost is 127.0.0.1), or
        that is a declared name. Comparing with Host
        lets an engine in that sends `http://<server address>`; asking for a literal or a declared
        name stops pages that rebind their own name to this machine.
    """
    origins = headers.get_all("Origin")
    if not origins:
        return True
    page = _web_host(origins[0])
    here = _web_host("http://" + ",".join(headers.get_all("Host")))
    if not page or len(origins) > 1:
        return False
    if page in (name.lower() for name in names):
        return True
    if is_loopback(page):
        return here is not None and is_loopback(here)
    return page == here and _is_address(page)


def _web_host(url: str) -> str | None:
    """Host of an http(s) address in lower case; None for anything else."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return parts.hostname if parts.scheme in ("http", "https") else None


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
