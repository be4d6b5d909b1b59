"""The search itself: rising loads on a server until one is not borne."""

from collections.abc import Callable
from math import inf
from time import perf_counter

from msgspec.structs import replace

from a2f_ws.benching.ascent import Ascent
from a2f_ws.benching.figures import Load, Measured
from a2f_ws.benching.processes import Host, measure


def climb(
    host: Host,
    load: Load,
    *,
    ascent: Ascent,
    told: Callable[[Measured], None],
    until_s: float = inf,
) -> list[Measured]:
    """Put load after load on a server.

    Args:
        host: The server.
        load: What every session does.
        ascent: Says how many; is left where it ended.
        told: Called with every outcome.
        until_s: No further load begins after that time of `perf_counter`.

    Returns:
        What was measured, in order of the number of sessions; of those that were tried twice the
        better one.
    """
    found: dict[int, Measured] = {}
    while (sessions := ascent.count) is not None and perf_counter() < until_s:
        measured = measure(host, replace(load, sessions=sessions))
        told(measured)
        if sessions not in found or measured.is_borne:
            found[sessions] = measured
        ascent.tell(is_borne=measured.is_borne, busy=min(1.0, measured.share))
    return [found[sessions] for sessions in sorted(found)]
