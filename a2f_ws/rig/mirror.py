"""Left and right: which input mirrors which, and the groups that can be swapped."""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from a2f_ws.names import EYES, FACE, WEIGHTS
from a2f_ws.rig.faults import WishError, quoted
from a2f_ws.rig.spelling import instead_of

PREFIXES: Final[Mapping[str, tuple[str, ...]]] = {
    "eyes": ("eye",),
    "brows": ("brow",),
    "jaw": ("jaw",),
    "mouth": ("mouth",),
    "cheeks": ("cheek",),
    "nose": ("nose",),
    "tongue": ("tongue",),
}

GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    group: tuple(name for name in WEIGHTS + EYES if name.startswith(prefixes))
    for group, prefixes in PREFIXES.items()
}
"""Groups that every rig has, each with its inputs in the order of `names.FACE`."""


class Mirrored(NamedTuple):
    """The input that takes an input's place when left and right are swapped.

    Attributes:
        name: Name of the other input, or of the same one where it has no side.
        sign: −1 for a rotation to the side, which turns round in a mirror, else 1.
    """

    name: str
    sign: int


def mirror(name: str) -> Mirrored:
    """The mirror image of an input of a face.

    Args:
        name: One of `names.FACE`.

    Returns:
        The input on the other side; yaw angles of the eyes change their sign.
    """
    sign = -1 if name in EYES and name.endswith("Y") else 1
    if "Left" in name:
        return Mirrored(name.replace("Left", "Right"), sign)
    return Mirrored(name.replace("Right", "Left"), sign)


def mirrored_columns(
    swap: Iterable[str], groups: Mapping[str, tuple[str, ...]]
) -> dict[int, tuple[int, int]]:
    """The columns of a face that change places.

    Args:
        swap: Names of groups; naming one twice is naming it once.
        groups: Inputs of every group that may be named.

    Returns:
        Column of `names.FACE` → (the column whose value it takes, its sign).

    Raises:
        WishError: A name is no group.
    """
    swapped = list(swap)
    for k, group in enumerate(swapped):
        if group not in groups:
            text = f"no group {quoted(group)} to swap{instead_of(group, groups)}"
            raise WishError(f"swap.{k}", text)
    inputs = [name for group in swapped for name in groups[group]]
    pairs = ((name, mirror(name)) for name in inputs)
    return {FACE.index(name): (FACE.index(other.name), other.sign) for name, other in pairs}
