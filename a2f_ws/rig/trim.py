"""Treatment of single curves: gain, offset and narrower bounds."""

from dataclasses import dataclass

from a2f_ws.rig.faults import WANTED_NUMBER, WishError, is_number, quoted
from a2f_ws.rig.value import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveTrim:
    """What a client may set for one curve: value = clamp(gain · w + offset, min, max).

    Attributes:
        gain: Factor, −1e6 … 1e6.
        offset: Summand in the curve's units, −1e6 … 1e6.
        min: Smallest value, within the curve's range; None: the rig's.
        max: Largest value, within the curve's range; None: the rig's.
    """

    gain: float = 1.0
    offset: float = 0.0
    min: float | None = None
    max: float | None = None


def trimmed(name: str, value: Value, *, trim: CurveTrim) -> Value:
    """A curve with a client's wishes.

    Raises:
        WishError: A number is not finite, or outside of what it may be.
    """

    def fault(text: str) -> WishError:
        return WishError(f"curves.{name}", f"curve {name}: {text}")

    low = value.low if trim.min is None else trim.min
    high = value.high if trim.max is None else trim.max
    for key, found in (("gain", trim.gain), ("offset", trim.offset), ("min", low), ("max", high)):
        if not is_number(found):
            raise fault(f"{key} {quoted(found)}, {WANTED_NUMBER}")
    for key, bound in (("min", low), ("max", high)):
        if not value.low <= bound <= value.high:
            reach = f"{value.low:g} to {value.high:g}"
            raise fault(f"{key} {bound:g} is outside its range {reach}")
    if low > high:
        raise fault(f"min {low:g} is above max {high:g}")
    return value.scaled(trim.gain, offset=trim.offset, low=low, high=high)
