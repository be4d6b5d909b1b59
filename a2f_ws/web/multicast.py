"""Servers on the local network: one is announced, all are found, by multicast DNS."""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Final

from a2f_ws.errors import ConfigError
from a2f_ws.web.discovery import SERVICE, Place, place_from, preference, txt

if TYPE_CHECKING:
    from zeroconf import ServiceInfo
    from zeroconf.asyncio import AsyncZeroconf

log = logging.getLogger(__name__)

LABEL_BYTES: Final = 63
"""Longest label of a name (RFC 1035 §2.3.4)."""

ANYWHERE: Final = ("", "0.0.0.0", "::")
ANSWER_MS: Final = 1_500
"""Longest wait for the particulars of one server that was found, milliseconds (ours)."""

MISSING: Final = "found no package zeroconf, wanted it: pip install 'a2f-ws[discovery]'"


@asynccontextmanager
async def announced(place: Place, *, host: str) -> AsyncIterator[None]:
    """Be found inside of the block; a network without multicast is complained about, no more.

    Args:
        place: The server; without `addresses` those of `host` are announced.
        host: Address that it listens on.

    Raises:
        ConfigError: The package zeroconf is not there.
    """
    check_package()
    from zeroconf import NonUniqueNameException  # noqa: PLC0415

    net = None
    try:
        net = _network(host)
        info = _info(place, place.addresses or addresses_of(host))
        await net.async_register_service(info, allow_name_change=True)
        log.info("announced on the network as %r", info.name.removesuffix(f".{SERVICE}"))
    except (OSError, NonUniqueNameException) as error:
        log.warning("cannot be announced on the network: %s", error or type(error).__name__)
    try:
        yield
    finally:
        if net is not None:
            await net.async_unregister_all_services()
            await net.async_close()


async def find(seconds: float, *, host: str = "") -> list[Place]:
    """Servers that answer.

    Args:
        seconds: How long to listen.
        host: Address whose network is asked; "" = all networks.

    Returns:
        By name; a server that has gone meanwhile is not among them.

    Raises:
        ConfigError: The package zeroconf is not there, or there is no network.
    """
    check_package()
    from zeroconf import ServiceStateChange  # noqa: PLC0415
    from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo  # noqa: PLC0415

    names: dict[str, None] = {}

    def note(*, name: str, state_change: ServiceStateChange, **_: Any) -> None:  # noqa: ANN401
        if state_change is ServiceStateChange.Removed:
            names.pop(name, None)
        else:
            names[name] = None

    try:
        net = _network(host)
    except OSError as error:
        raise ConfigError(f"found no network to search: {error}") from None
    try:
        browser = AsyncServiceBrowser(net.zeroconf, SERVICE, handlers=[note])
        await asyncio.sleep(seconds)
        infos = [AsyncServiceInfo(SERVICE, name) for name in names]
        await asyncio.gather(*(info.async_request(net.zeroconf, ANSWER_MS) for info in infos))
        await browser.async_cancel()
    finally:
        await net.async_close()
    places = [
        place_from(
            info.name, info.properties, addresses=info.parsed_addresses(), port=info.port or 0
        )
        for info in infos
    ]
    return sorted((one for one in places if one is not None), key=lambda one: (one.name, one.url))


def check_package() -> None:
    """Say what to install.

    Raises:
        ConfigError: The package zeroconf is not there.
    """
    try:
        import zeroconf  # noqa: F401, PLC0415
    except ImportError:
        raise ConfigError(MISSING) from None


def addresses_of(host: str) -> tuple[str, ...]:
    """The addresses under which a server is reached that listens on `host`."""
    if host not in ANYWHERE:
        return (host,)
    import ifaddr  # noqa: PLC0415

    every = [
        ip.ip if isinstance(ip.ip, str) else ip.ip[0]
        for adapter in ifaddr.get_adapters()
        for ip in adapter.ips
    ]
    kept = [one for one in every if host == "::" or ":" not in one]
    reachable = [one for one in kept if not ip_address(one).is_loopback]
    return tuple(sorted(reachable, key=preference))


def _network(host: str) -> "AsyncZeroconf":
    from zeroconf import InterfaceChoice, IPVersion  # noqa: PLC0415
    from zeroconf.asyncio import AsyncZeroconf  # noqa: PLC0415

    version = IPVersion.All if ":" in host else IPVersion.V4Only
    if host in ANYWHERE:
        return AsyncZeroconf(interfaces=InterfaceChoice.All, ip_version=version)
    return AsyncZeroconf(interfaces=[host], ip_version=version)


def _info(place: Place, addresses: Sequence[str]) -> "ServiceInfo":
    from zeroconf.asyncio import AsyncServiceInfo  # noqa: PLC0415

    # A host name of our own: that of the machine belongs to the system's responder.
    host = f"a2f-ws-{place.port}-{socket.gethostname().partition('.')[0]}"
    return AsyncServiceInfo(
        SERVICE,
        f"{_cut(place.name.replace('.', '-'), LABEL_BYTES)}.{SERVICE}",
        port=place.port,
        properties=txt(place),
        server=f"{_cut(host, LABEL_BYTES)}.local.",
        parsed_addresses=list(addresses),
    )


def _cut(text: str, size: int) -> str:
    return text.encode()[:size].decode(errors="ignore")
