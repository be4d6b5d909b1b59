"""Words of the command line as values."""

from collections.abc import Sequence
from fractions import Fraction

from a2f_ws.errors import ConfigError
from a2f_ws.timebase import PoseRate


def pose_rate(text: str, *, place: str = "--fps ") -> PoseRate:
    """A pose rate: "60", "29.97" or "30000/1001".

    Args:
        text: What was written.
        place: Where it stands, for people.

    Raises:
        ConfigError: It is none between 10 and 240.
    """
    try:
        value = Fraction(text)
        return PoseRate.of([value.numerator, value.denominator])
    except (ValueError, ZeroDivisionError):
        raise ConfigError(
            f"{place}{text}: wanted 10 to 240 poses per second, such as 60 or 30000/1001"
        ) from None


def emotion(words: Sequence[str], *, place: str = "--emotion ") -> dict[str, float] | None:
    """Emotion by name from words like "joy=0.6"; None when there are none.

    Args:
        words: What was written.
        place: Where it stands, for people.

    Raises:
        ConfigError: A word is not NAME=VALUE with a value of 0 … 1, or a name comes twice.
    """
    values: dict[str, float] = {}
    for word in words:
        name, _, text = word.partition("=")
        try:
            value = float(text)
        except ValueError:
            value = -1.0
        if not name or not 0.0 <= value <= 1.0:
            raise ConfigError(f"{place}{word}: wanted NAME=VALUE with a value of 0 to 1")
        if name in values:
            raise ConfigError(f"{place}{word}: {name} is given twice")
        values[name] = value
    return values or None
