"""Which installed packages a server needs, and which of the environment it does not."""

from importlib.metadata import Distribution, distribution, packages_distributions
from typing import Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PRODUCT: Final = "a2f-ws"
LEFT_OUT: Final = frozenset({"matplotlib"})
"""Draws the picture of `a2f-ws demo` and nothing else, at 80 MB with what it needs in turn."""

STANDARD_LEFT_OUT: Final = ("_tkinter", "idlelib", "readline", "test", "tkinter")
"""Of the standard library: windows, tests, and a library under the GPL that edits typed lines."""


def needed() -> list[Distribution]:
    """The product and what it requires, directly or not, by name; no extras."""
    found: dict[str, Distribution] = {}
    waiting = [PRODUCT]
    while waiting:
        name = canonicalize_name(waiting.pop())
        if name in found or name in LEFT_OUT:
            continue
        found[name] = distribution(name)
        for text in found[name].requires or ():
            requirement = Requirement(text)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                waiting.append(requirement.name)
    return [found[name] for name in sorted(found)]


def unneeded(kept: list[Distribution]) -> list[str]:
    """Top-level modules that are not to be bundled, though something mentions them.

    Args:
        kept: From `needed`.
    """
    names = {canonicalize_name(one.metadata["Name"]) for one in kept}
    others = [
        module
        for module, owners in packages_distributions().items()
        if module.isidentifier() and not names & {canonicalize_name(owner) for owner in owners}
    ]
    return sorted({*others, *STANDARD_LEFT_OUT})
