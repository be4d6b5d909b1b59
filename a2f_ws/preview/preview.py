"""The sessions of a server as Live Link Face subjects: what Unreal shows without a plugin."""

import asyncio
import logging
from collections.abc import Callable
from itertools import count
from time import monotonic
from typing import Final

from a2f_ws.catalog import Catalog
from a2f_ws.errors import ConfigError
from a2f_ws.output.livelink_packet import subject_name
from a2f_ws.output.livelink_sender import Sender
from a2f_ws.preview.frames import frames
from a2f_ws.preview.guest import Guest
from a2f_ws.preview.subject import RIG, Subject
from a2f_ws.session.audience import Audience
from a2f_ws.session.fitting import fitting_of
from a2f_ws.session.voice import Voice
from a2f_ws.session.watcher import Watcher
from a2f_ws.settings import Settings
from a2f_ws.timebase import MICROSECONDS
from a2f_ws.wire.requests import Open

log = logging.getLogger(__name__)

SUBJECTS_MAX: Final = 16
"""Most subjects (ours): one takes 0.8 % of the loop thread (`bench/livelink.py`)."""

PER_TURN: Final = 4
"""Subjects shown before others get their turn: half a millisecond."""


class Preview:
    """Gives every live session a subject, and sends what all of them show sixty times a second.

    The first subject is always there, alive and at rest, so that a character can be set up before
    anybody speaks; it moves with the first session without a name. Further ones come and go with
    their sessions: under the name of the session, else the first one's with a number.
    """

    def __init__(
        self,
        catalog: Catalog,
        sender: Sender,
        *,
        name: str,
        angles: str = "radians",
        now: Callable[[], float] = monotonic,
    ) -> None:
        """Have the first subject.

        Args:
            catalog: Rigs, of which `unreal/livelink` is used.
            sender: Where packets go.
            name: Of the first subject.
            angles: Unit of the angles of head and eyes, one of `subject.ANGLE_UNITS`.
            now: The clock, seconds, monotonic.
        """
        self._catalog, self._sender, self._now, self._angles = catalog, sender, now, angles
        self._name = subject_name(name)
        self._numbers = count(1)
        self._guests: dict[str, Guest] = {}
        self._subject(self._name)

    @property
    def subjects(self) -> tuple[str, ...]:
        """Names of what is sent."""
        return tuple(self._guests)

    @property
    def target(self) -> str:
        """Where packets go."""
        return self._sender.target

    def join(self, voice: Voice, audience: Audience) -> None:
        """Show a session; burst sessions, and more than there is room for, are not shown."""
        if voice.session.setup.is_burst:
            return
        name = self._free_name(subject_name(audience.name) if audience.name else self._name)
        if name not in self._guests and len(self._guests) >= SUBJECTS_MAX:
            log.warning("Live Link: a session is not shown, %d are already", len(self._guests))
            return
        guest = self._guests.get(name) or self._subject(name)
        request = Open(
            sid=next(self._numbers), rig=RIG, fps=60, role="watch", name=audience.name or name
        )
        watcher = Watcher(
            request,
            fitting_of(request, self._catalog),
            layouts=self._numbers,
            token=lambda _: "",
            owner=guest,
        )
        guest.join(voice, audience, watcher=watcher)
        audience.join(watcher, re=None, now=self._now())
        guest.deliver(watcher)
        log.info("Live Link: %s shows %s", name, audience.name or "a session without a name")

    def part(self, voice: Voice) -> None:
        """A session is over: its face eases to rest."""
        for guest in self._guests.values():
            if guest.voice is voice:
                guest.part(now=self._now())

    async def run(self) -> None:
        """Send until cancelled."""
        try:
            async for seconds in frames(self._now):
                await self._send(seconds)
        except Exception:
            log.exception("a bug of ours: nothing is sent to Live Link any more")
        finally:
            self._sender.close()

    async def _send(self, seconds: float) -> None:
        """Send a packet of every subject; `seconds` is the time of day."""
        for k, (name, guest) in enumerate(list(self._guests.items()), start=1):
            now = self._now()
            self._sender.send(guest.packet(now=now, seconds=seconds))
            if name != self._name and guest.is_over(now):
                del self._guests[name]
            if k % PER_TURN == 0:
                await asyncio.sleep(0)

    def _subject(self, name: str) -> Guest:
        guest = Guest(Subject(name, angles=self._angles), now_us=self._now_us)
        self._guests[name] = guest
        return guest

    def _free_name(self, wanted: str) -> str:
        """A name that nobody has, or whose face nobody moves."""
        names = (wanted if k == 1 else f"{wanted}{k}" for k in count(1))
        return next(name for name in names if self._is_free(name))

    def _is_free(self, name: str) -> bool:
        guest = self._guests.get(name)
        return guest is None or guest.voice is None

    def _now_us(self) -> int:
        return int(self._now() * MICROSECONDS)


def preview_of(catalog: Catalog, settings: Settings) -> Preview | None:
    """What the settings want to be shown, or None.

    Raises:
        ConfigError: The address is none, nobody knows the host, or the rig is not there.
    """
    if not settings.livelink:
        return None
    if RIG not in catalog.rigs:
        raise ConfigError(f"livelink: found no rig {RIG!r}, which its faces are made with")
    sender = Sender(settings.livelink)
    return Preview(catalog, sender, name=settings.subject, angles=settings.livelink_angles)
