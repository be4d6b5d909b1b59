"""How many connections an address may have, how fast, and how often it may be wrong."""

import ipaddress
from collections import Counter, OrderedDict
from dataclasses import dataclass
from enum import Enum
from typing import Final

ADDRESSES_MAX: Final = 4_096
"""Addresses remembered; of more, those that were quiet longest are forgotten (ours)."""

BURST_S: Final = 4.0
"""An address may do at once what it may do in this time, seconds: a browser opens a page with ten
connections (ours)."""

LOOPBACK: Final = "loopback"
LOOPBACK_FACTOR: Final = 20.0
"""Programs on this machine, and proxies that speak for many, connect so much faster (ours)."""

FREE_FAILURES: Final = 5
"""Wrong proofs before an address has to wait: people mistype (ours)."""

PAUSE_S: Final = 1.0
PAUSE_MAX_S: Final = 60.0
"""The first wait and the longest; each further wrong proof doubles it (ours)."""

LOOPBACK_PAUSE_MAX_S: Final = 1.0
"""Behind a proxy everybody comes from one address, and none may lock out the others for long."""

FORGET_S: Final = 600.0
"""Time after which wrong proofs are forgotten (ours)."""

TOLD_MAX: Final = 64
"""Connections beyond a limit that are let in far enough to be told that there is no room: a limit
below a thousand leaves some of the 1,024 files that systems give a process (ours)."""


class Welcome(Enum):
    """What to do with a new connection: serve it; tell it that there is no room; cut it."""

    SERVE = "serve"
    FULL = "full"
    CUT = "cut"


class Shown(Enum):
    """With what a client shows its right; each is counted by itself."""

    PROOF = "proof"
    TOKEN = "token"


@dataclass(slots=True)
class _Record:
    """What is remembered of an address.

    Attributes:
        room: Connections that it may open at once.
        at: When that was so, seconds.
        wrong: What it has shown that was wrong.
    """

    room: float
    at: float
    wrong: "dict[Shown, _Wrong]"


@dataclass(slots=True)
class _Wrong:
    """What was wrong of one kind.

    Attributes:
        count: So many in a row.
        at: The last of them, seconds.
    """

    count: int = 0
    at: float = 0.0


class Limiter:
    """Counts per address; IPv6 counts by /64, which is what one customer gets (RFC 6177)."""

    def __init__(self, *, total: int, per_address: int, rate_hz: float) -> None:
        """Begin without connections.

        Args:
            total: Connections served at a time.
            per_address: Those of one address; loopback has no limit of its own.
            rate_hz: New connections per second and address.
        """
        self._total, self._per_address, self._rate_hz = total, per_address, rate_hz
        self._records: OrderedDict[str, _Record] = OrderedDict()
        self._open: Counter[str] = Counter()
        self._count = 0

    @property
    def remembered(self) -> int:
        """Addresses remembered, for watching that they do not grow."""
        return max(len(self._records), len(self._open))

    def arrive(self, address: str, *, now: float) -> Welcome:
        """A connection has come; unless it is cut, `leave` has to follow.

        Args:
            address: Of the peer.
            now: Present time, seconds, monotonic.
        """
        group = group_of(address)
        record = self._record(group, now=now)
        per_address = self._total if group == LOOPBACK else self._per_address
        is_flood = self._count >= self._total + min(TOLD_MAX, self._total) or self._open[
            group
        ] >= per_address + min(TOLD_MAX, per_address)
        if record.room < 1.0 or is_flood:
            self._forget_if_none(group)
            return Welcome.CUT
        record.room -= 1.0
        is_full = self._count >= self._total or self._open[group] >= per_address
        self._count += 1
        self._open[group] += 1
        return Welcome.FULL if is_full else Welcome.SERVE

    def leave(self, address: str) -> None:
        """A connection that was not cut has gone."""
        group = group_of(address)
        self._count -= 1
        self._open[group] -= 1
        self._forget_if_none(group)

    def fail(self, address: str, *, now: float, shown: Shown = Shown.PROOF) -> None:
        """A proof or token of this address was wrong."""
        wrong = self._record(group_of(address), now=now).wrong.setdefault(shown, _Wrong())
        wrong.count += 1
        wrong.at = now

    def succeed(self, address: str, *, now: float, shown: Shown = Shown.PROOF) -> None:
        """A proof or token of this address was right."""
        self._record(group_of(address), now=now).wrong.pop(shown, None)

    def wait_s(self, address: str, *, now: float, shown: Shown = Shown.PROOF) -> float:
        """Seconds until a proof of this address is looked at, or a wrong token told; 0 = now."""
        group = group_of(address)
        wrong = self._record(group, now=now).wrong.get(shown)
        over = -1 if wrong is None else wrong.count - FREE_FAILURES
        if wrong is None or over < 0:
            return 0.0
        most_s = LOOPBACK_PAUSE_MAX_S if group == LOOPBACK else PAUSE_MAX_S
        pause_s = min(most_s, PAUSE_S * 2.0 ** min(over, 32))
        return max(0.0, wrong.at + pause_s - now)

    def _record(self, group: str, *, now: float) -> _Record:
        """What is known of an address by now."""
        rate_hz = self._rate_hz * (LOOPBACK_FACTOR if group == LOOPBACK else 1.0)
        most = max(1.0, rate_hz * BURST_S)
        record = self._records.get(group)
        if record is None:
            record = self._records[group] = _Record(most, now, {})
            if len(self._records) > ADDRESSES_MAX:
                self._records.popitem(last=False)
            return record
        self._records.move_to_end(group)
        record.room = min(most, record.room + max(0.0, now - record.at) * rate_hz)
        record.at = now
        for shown, wrong in list(record.wrong.items()):
            if now - wrong.at > FORGET_S:
                del record.wrong[shown]
        return record

    def _forget_if_none(self, group: str) -> None:
        if self._open[group] <= 0:
            del self._open[group]


def group_of(address: str) -> str:
    """Whom an address is counted with.

    Args:
        address: IPv4 or IPv6, as the socket gives it.

    Returns:
        "loopback"; an IPv4 address, also one that is written as IPv6; the /64 of an IPv6 address;
        the text itself for anything else.
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is None:
            if parsed.is_loopback:
                return LOOPBACK
            return str(ipaddress.IPv6Network((int(parsed), 64), strict=False))
        parsed = parsed.ipv4_mapped
    return LOOPBACK if parsed.is_loopback else str(parsed)
