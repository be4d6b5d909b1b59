"""What a server tells of itself on the local network, by the records of multicast DNS."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final

from a2f_ws.wire.fields import VERSION

SERVICE: Final = "_a2f-ws._tcp.local."
"""Type of service (RFC 6763 §7)."""

VALUE_BYTES: Final = 255
"""Longest "key=value" of a TXT record (RFC 6763 §6.1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A server on the network, as its records tell.

    Attributes:
        name: What people tell it by.
        addresses: IP addresses, those of version 4 first.
        port: TCP port.
        path: Path of the WebSocket.
        protocol: Version of the protocol; 0 = it does not say.
        auth: "none", "challenge" or "token".
        has_tls: True = it speaks TLS only.
        models: Names of its models, the default one first.
        version: Of the program.
    """

    name: str
    addresses: tuple[str, ...]
    port: int
    path: str = "/"
    protocol: int = VERSION
    auth: str = "none"
    has_tls: bool = False
    models: tuple[str, ...] = ()
    version: str = ""

    @property
    def url(self) -> str:
        """Where clients connect."""
        host = self.addresses[0]
        host = f"[{host}]" if ":" in host else host
        return f"{'wss' if self.has_tls else 'ws'}://{host}:{self.port}{self.path}"


def txt(place: Place) -> dict[str, str]:
    """What the TXT record of a server says."""
    return {
        "protocol": str(place.protocol),
        "path": place.path,
        "auth": place.auth,
        "tls": "1" if place.has_tls else "0",
        "models": _listed(place.models, room=VALUE_BYTES - len("models=")),
        "version": place.version,
    }


def place_from(
    name: str, values: Mapping[bytes, bytes | None], *, addresses: Sequence[str], port: int
) -> Place | None:
    """A server from its records; what it does not say is as in protocol 1.

    Args:
        name: Instance name, with or without the type of service.
        values: Of its TXT record.
        addresses: IP addresses.
        port: TCP port.

    Returns:
        The server, or None where the records lead nowhere: strangers write them, too.
    """
    said = {
        key.decode(errors="replace").lower(): (value or b"").decode(errors="replace")
        for key, value in values.items()
    }
    path = said.get("path", "/")
    if not addresses or not path.startswith("/") or not path.isprintable() or " " in path:
        return None
    protocol = said.get("protocol", "")
    return Place(
        name=_printable(name.removesuffix(f".{SERVICE}")),
        addresses=tuple(sorted(addresses, key=preference)),
        port=port,
        path=path,
        protocol=int(protocol) if protocol.isascii() and protocol.isdigit() else 0,
        auth=_printable(said.get("auth", "none")),
        has_tls=said.get("tls") == "1",
        models=tuple(_printable(one) for one in said.get("models", "").split(",") if one),
        version=_printable(said.get("version", "")),
    )


def preference(address: str) -> tuple[bool, bool]:
    """Sorts IPv4 before IPv6, and addresses of a network before those of a single link."""
    return ":" in address, ip_address(address.partition("%")[0]).is_link_local


def _listed(names: Sequence[str], *, room: int) -> str:
    """As many names as there is room for, in bytes."""
    listed = ""
    for name in names:
        longer = f"{listed},{name}" if listed else name
        if len(longer.encode()) > room:
            break
        listed = longer
    return listed


def _printable(text: str) -> str:
    """Text of a stranger's, fit for a terminal."""
    return "".join(one if one.isprintable() else "?" for one in text)
