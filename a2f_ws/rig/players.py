"""Who plays the roles of idle life in a rig."""

from collections.abc import Mapping
from typing import Final

from a2f_ws.rig import sections
from a2f_ws.rig.contents import HEAD, Document, Role
from a2f_ws.rig.faults import Faults, shown
from a2f_ws.rig.value import Motion, Value

IDLE_ROLES: Final = (
    "blinkLeft", "blinkRight", "squintLeft", "squintRight",
    "lookUpLeft", "lookUpRight", "lookDownLeft", "lookDownRight",
    "lookInLeft", "lookInRight", "lookOutLeft", "lookOutRight",
    "breath", HEAD,
)  # fmt: skip
"""Roles of idle life; they are the player's, who adds to them."""


class Players:
    """The curves and transforms of a rig, which roles go to.

    Attributes:
        curves: Curve → value.
        motions: Transform → motion.
        faults: Makes the errors.
    """

    def __init__(
        self, curves: Mapping[str, Value], motions: Mapping[str, Motion], *, faults: Faults
    ) -> None:
        """Know who there is."""
        self.curves, self.motions, self.faults = curves, motions, faults

    def roles(self, document: Document) -> dict[str, Role]:
        """Who plays what, as the section `idle` of a table or of a fallback says it.

        Raises:
            ConfigError: There is no such role or player, or the gain is none.
        """
        section = sections.section(document, "idle", faults=self.faults)
        for role in section:
            sections.check_known(role, IDLE_ROLES, what="idle role", faults=self.faults)
        return {role: self._role(role, part) for role, part in section.items()}

    def _role(self, role: str, part: object) -> Role:
        is_head = role == HEAD
        kind = "transform" if is_head else "curve"
        known = self.motions if is_head else self.curves
        if isinstance(part, str):
            part = {kind: part}
        if not isinstance(part, Mapping) or not {kind} <= part.keys() <= {kind, "gain"}:
            raise self.faults.found(
                f"idle role {role}: {shown(part)}, "
                f"wanted a {kind} or {{ {kind} = name, gain = number }}"
            )
        name = part[kind]
        sections.check_known(name, known, what=kind, place=f"idle role {role}", faults=self.faults)
        gain = sections.number(part.get("gain", 1.0), f"idle role {role}: gain", faults=self.faults)
        if not gain:
            raise self.faults.found(f"idle role {role}: gain: found 0, wanted any other number")
        return Role(name, gain)
