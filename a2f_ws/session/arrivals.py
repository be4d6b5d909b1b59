"""When the audio of poses came."""

from collections import deque


class Arrivals:
    """Remembers when audio came, as long as poses that it made available are not computed.

    Attributes:
        first: When the first audio came, seconds.
    """

    def __init__(self, now: float) -> None:
        """Begin with the first audio, at `now`, seconds."""
        self.first = now
        self._ready: deque[tuple[int, float]] = deque()

    def __len__(self) -> int:
        """Times in memory."""
        return len(self._ready)

    def note(self, available: int, *, taken: int, now: float) -> None:
        """More audio, or its end, comes now.

        Args:
            available: Index after the last pose that is available without it.
            taken: Index after the last pose computed.
            now: Present time, seconds.
        """
        if self._ready and self._ready[-1][0] == available:
            self._ready.pop()
        self._ready.append((available, now))
        self._forget(taken)

    def at(self, i: int, *, taken: int) -> float:
        """When the audio of an available pose came, seconds.

        Args:
            i: Pose, not before `taken`.
            taken: Index after the last pose computed.
        """
        self._forget(taken)
        found = self.first
        for available, at in self._ready:
            if available > i:
                break
            found = at
        return found

    def _forget(self, taken: int) -> None:
        while len(self._ready) > 1 and self._ready[1][0] <= taken:
            self._ready.popleft()
