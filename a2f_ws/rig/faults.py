"""How a mistake in a rig table is told, and what counts as a number in one."""

from dataclasses import dataclass
from typing import Final, TypeGuard

from a2f_ws.errors import ConfigError

NUMBER_MAX: Final = 1e6
"""Bound of every number, far outside any rig, so that no product overflows float32. Ours."""

WANTED_NUMBER: Final = f"wanted a number within ±{NUMBER_MAX:g}"
SHOWN_MAX: Final = 64


@dataclass(frozen=True, slots=True)
class Faults:
    """Makes the errors of one file.

    Attributes:
        file: How the texts call it.
    """

    file: str

    def found(self, text: str) -> ConfigError:
        """The error that says what was found in the file."""
        return ConfigError(f"{self.file}: {text}")


class WishError(ValueError):
    """Something that a client wants of a rig and that cannot be.

    Attributes:
        field: What it concerns: `curves.jawOpen`, `swap.0`.
    """

    def __init__(self, field: str, text: str) -> None:
        """Describe the fault: what was found, what was wanted."""
        super().__init__(text)
        self.field = field


def is_number(value: object) -> TypeGuard[int | float]:
    """Whether a value is a finite number within ±1e6; truth values are none."""
    return (
        isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= NUMBER_MAX
    )


def shown(value: object) -> str:
    """A value of a file in few characters, or that there was none."""
    if value is None:
        return "nothing found"
    return f"found {quoted(value)}"


def quoted(value: object) -> str:
    """A name or value of a file as it is written, in few characters."""
    start = value[: SHOWN_MAX + 1] if isinstance(value, str) else value
    try:
        text = repr(start)
    except ValueError:  # a whole number of more digits than Python writes
        return "a number of too many digits"
    return text if len(text) <= SHOWN_MAX + 2 else text[:SHOWN_MAX] + "…"
