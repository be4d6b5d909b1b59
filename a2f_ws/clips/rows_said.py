"""What `opened` of a clip says of its rows has to hold together before anything is looked up."""

from a2f_ws.player.idle import CURVES
from a2f_ws.wire.replies import TRANSFORM_FLOATS, Opened

HEAD = "head"
"""The role whose place is the beginning of a transform (protocol §19)."""


def fault_in(opened: Opened) -> str | None:
    """What cannot be in it, None = nothing.

    Names are looked up, so none may stand there twice; places of idle life are written to, so a
    role of a curve has to be at a curve, and the head at a transform. Roles that are not known
    only have to lie in the row: they are ignored.
    """
    for kind, names in (("curves", opened.curves), ("transforms", opened.transforms)):
        seen: set[str] = set()
        for name in names:
            if name in seen:
                return f"{kind}: found {name!r} twice, wanted each name once"
            seen.add(name)
    curves = len(opened.curves)
    for role, (index, _) in opened.idle.items():
        if role == HEAD and (index < curves or (index - curves) % TRANSFORM_FLOATS):
            return f"idle.head: found place {index}, wanted the first one of a transform"
        count = curves if role in CURVES else opened.row
        if index >= count:
            return f"idle.{role}: found place {index}, wanted one below {count}"
    return None
