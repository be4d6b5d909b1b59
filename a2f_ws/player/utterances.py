"""All utterances that may still be shown."""

from a2f_ws.player.track import Track


class Utterances:
    """Tracks by number, from the utterance sampled last on.

    Attributes:
        current: The newest `u` that was sampled; 0 before the first.
    """

    def __init__(self) -> None:
        self.current = 0
        self._dead_to = 0
        self._tracks: dict[int, Track] = {}

    @property
    def rows(self) -> int:
        """Number of rows kept."""
        return sum(track.rows for track in self._tracks.values())

    def is_wanted(self, u: int) -> bool:
        """True unless `u` was left behind or interrupted by the client."""
        return u >= max(1, self.current) and u > self._dead_to

    def track(self, u: int) -> Track:
        """What is known of `u`; a new, empty track when nothing is."""
        found = self._tracks.get(u)
        if found is None:
            found = Track(is_dead=u <= self._dead_to)
            self._tracks[u] = found
        return found

    def enter(self, u: int) -> None:
        """Go on to a newer utterance; what is known of older ones is deleted."""
        self.current = u
        for older in [known for known in self._tracks if known < u]:
            del self._tracks[older]

    def interrupt(self, u: int) -> None:
        """Every utterance up to `u` is dead, now and when it is first heard of."""
        self._dead_to = max(self._dead_to, u)
        for known, track in self._tracks.items():
            if known <= u:
                track.kill()
