"""Sends packets over UDP to somebody who may not be there."""

import logging
import socket
from time import monotonic
from typing import Final

from a2f_ws.errors import ConfigError
from a2f_ws.output.livelink_packet import PORT

log = logging.getLogger(__name__)

COMPLAIN_S: Final = 30.0
"""Time between two complaints of the same kind, seconds (ours)."""

PORT_MAX: Final = 65_535


class Sender:
    """A socket that never waits: what cannot be sent at once is worthless later.

    It needs no event loop: a datagram goes out or fails. A receiver that is not there shows itself
    now and then as an error of the packet after the one that it refused (ICMP; Windows calls that
    a reset connection); the next packet may find it.

    Attributes:
        target: Where packets go, as text.
    """

    def __init__(self, target: str) -> None:
        """Find out where packets go.

        Args:
            target: HOST, HOST:PORT or [IPV6]:PORT; a broadcast address will do.

        Raises:
            ConfigError: It is none of that, or nobody knows the host.
        """
        host, port = address_of(target)
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)
        except OSError as error:
            raise ConfigError(f"{target}: nobody knows the host {host!r}: {error}") from None
        # Unreal listens on IPv4: "localhost" may be both, and not in this order.
        found.sort(key=lambda one: one[0] != socket.AF_INET)
        family, kind, protocol, _, address = found[0]
        self._address: tuple[object, ...] = address
        self.target = f"{f'[{host}]' if ':' in host else host}:{port}"
        self._socket = socket.socket(family, kind, protocol)
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        self._failed, self._quiet_until = 0, 0.0

    def send(self, packet: bytes) -> bool:
        """Send a packet; False where the machine could not, which the log tells now and then."""
        try:
            self._socket.sendto(packet, self._address)
        except OSError as error:
            self._complain(error)
            return False
        return True

    def close(self) -> None:
        """Give the socket back."""
        self._socket.close()

    def _complain(self, error: OSError) -> None:
        self._failed += 1
        now = monotonic()
        if now >= self._quiet_until:
            reason = error.strerror or str(error)
            log.warning("%s: %d packet(s) not sent: %s", self.target, self._failed, reason)
            self._failed, self._quiet_until = 0, now + COMPLAIN_S


def address_of(text: str) -> tuple[str, int]:
    """Host and port of an address.

    Args:
        text: HOST, HOST:PORT, [IPV6] or [IPV6]:PORT.

    Raises:
        ConfigError: It is none of that.
    """
    host, port = text, str(PORT)
    if text.startswith("["):
        host, _, rest = text[1:].partition("]")
        port = rest.removeprefix(":") if rest else port
    elif text.count(":") == 1:
        host, _, port = text.partition(":")
    if not host or not port.isascii() or not port.isdigit() or not 0 < int(port) <= PORT_MAX:
        raise ConfigError(f"{text!r}: wanted HOST:PORT, such as 127.0.0.1:{PORT}")
    return host, int(port)
