"""A network of the kernel's own: a namespace whose loopback has delay, jitter, loss and blackouts.

Needs root, `ip` and `tc`, and a kernel with netem.
"""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from time import perf_counter
from typing import Final

from _shaper import Conditions

NAME: Final = "a2f-bench"


class Kernel:
    """A way to a server in the same namespace; see `Shaper`.

    Attributes:
        conditions: What loopback is like.
        url: Where clients connect.
    """

    def __init__(self, url: str, conditions: Conditions) -> None:
        """Begin now."""
        self.url, self.conditions = url, conditions
        self._begun_s = perf_counter()

    @property
    def now_s(self) -> float:
        """Time since the beginning."""
        return perf_counter() - self._begun_s

    async def darken(self) -> None:
        """Have blackouts until cancelled."""
        while self.conditions.every_s:
            light_s = self.conditions.every_s - self.conditions.dark_s
            await asyncio.sleep(light_s - self.now_s % self.conditions.every_s)
            _tc(self.conditions, is_dark=True)
            await asyncio.sleep(self.conditions.every_s - self.now_s % self.conditions.every_s)
            _tc(self.conditions, is_dark=False)


def enter(arguments: Sequence[str]) -> str:
    """Run a Python program in a new namespace, to its end.

    Args:
        arguments: Of the interpreter.

    Returns:
        Why that cannot be; empty when it was run, and ended well.
    """
    inside = ("ip", "netns", "exec", NAME)
    probe = ("tc", "qdisc", "add", "dev", "lo", "root", "netem", "delay", "1ms")
    try:
        _run("ip", "netns", "add", NAME)
        try:
            _run(*inside, "ip", "link", "set", "lo", "up")
            _run(*inside, *probe)
            subprocess.run([*inside, sys.executable, *arguments], check=True)
        finally:
            _run("ip", "netns", "delete", NAME)
    except FileNotFoundError as error:
        return f"{error.filename}: not found"
    except subprocess.CalledProcessError as error:
        told = (error.stderr or b"").decode(errors="replace").strip()
        return f"{' '.join(error.cmd[:8])} …: {told or f'ended with {error.returncode}'}"
    return ""


@asynccontextmanager
async def netem(url: str, conditions: Conditions) -> AsyncIterator[Kernel]:
    """A way to a server through a loopback like that; for programs that `enter` has run."""
    _tc(conditions, is_dark=False)
    kernel = Kernel(url, conditions)
    darkening = asyncio.create_task(kernel.darken())
    try:
        yield kernel
    finally:
        darkening.cancel()


def _tc(conditions: Conditions, *, is_dark: bool) -> None:
    delays = (f"{seconds * 1e3:g}ms" for seconds in (conditions.delay_s, conditions.jitter_s))
    loss = f"{100 if is_dark else conditions.loss * 100:g}%"
    _run("tc", "qdisc", "replace", "dev", "lo", "root", "netem", "delay", *delays, "loss", loss)


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)
