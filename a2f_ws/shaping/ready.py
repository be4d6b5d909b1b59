"""What was made ready for some face parameters, kept for as long as somebody uses it."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias
from weakref import WeakValueDictionary

from a2f_ws.names import Floats

RECENT_MAX: Final = 8
"""What is kept though nobody uses it: what was made or asked for last (ours)."""

Key: TypeAlias = tuple[float, ...]
"""Values of the columns that something was made for."""


@dataclass(frozen=True, slots=True, weakref_slot=True, eq=False, kw_only=True)
class Ready:
    """Something made for the values of some face parameters.

    Attributes:
        columns: Those parameters, as columns; none where it suits all values.
        key: Their values.
        matrix: What was made, any float32 array; None where nothing has to be.
    """

    columns: tuple[int, ...] = ()
    key: Key = ()
    matrix: Floats | None = None

    def applied(self, params: Floats) -> Floats:
        """Face parameters, float32 (P,), with the values that this was made for; new if changed."""
        if key_of(params, self.columns) == self.key:
            return params
        result = params.copy()
        result[list(self.columns)] = self.key
        return result


NOTHING: Final = Ready()
"""For kinds of bundles where nothing has to be made."""


class Store:
    """Makes what is asked for, and finds it again while it is used, or was of late."""

    def __init__(self, columns: Sequence[int], make: Callable[[Key], Floats]) -> None:
        """Have nothing.

        Args:
            columns: Face parameters that things are made for.
            make: Makes one; slow, safe in any thread.
        """
        self._columns, self._make = tuple(columns), make
        self._used: WeakValueDictionary[Key, Ready] = WeakValueDictionary()
        self._recent: OrderedDict[Key, Ready] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, params: Floats) -> Ready | None:
        """What suits face parameters, float32 (P,), if it is there."""
        key = key_of(params, self._columns)
        with self._lock:
            found = self._used.get(key)
            if found is not None:
                self._touch(found)
            return found

    def make(self, params: Floats) -> Ready:
        """What suits face parameters, float32 (P,), made now unless it is there."""
        found = self.find(params)
        if found is not None:
            return found
        key = key_of(params, self._columns)
        made = Ready(columns=self._columns, key=key, matrix=self._make(key))
        with self._lock:
            made = self._used.setdefault(key, made)
            self._touch(made)
        return made

    def _touch(self, ready: Ready) -> None:
        self._recent[ready.key] = ready
        self._recent.move_to_end(ready.key)
        if len(self._recent) > RECENT_MAX:
            self._recent.popitem(last=False)


def key_of(params: Floats, columns: Sequence[int]) -> Key:
    """The values of some columns of face parameters, float32 (P,)."""
    return tuple(float(params[column]) for column in columns)
