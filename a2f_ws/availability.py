"""What `open` and `set` may ask of this server and this model."""

from typing import Any, Final

from a2f_ws.catalog import Model
from a2f_ws.errors import PeerError
from a2f_ws.wire.codes import Code
from a2f_ws.wire.requests import Open

NOT_YET: Final = ("name", "clock", "resume", "cache")
"""Fields of `open` that belong to features announced in `hello.capabilities` when they come."""


def refuse_what_is_not_there(message: Open) -> None:
    """Refuse features that no session of this server has.

    Raises:
        PeerError: 4422, `field` says which.
    """
    if message.role == "watch":
        raise _not_available("role")
    for field in NOT_YET:
        value: Any = getattr(message, field)
        if value not in (None, False):
            raise _not_available(field)
    for k, wanted in enumerate(message.want):
        if wanted not in ("status", "geometry"):
            raise _not_available(f"want.{k}")


def geometry_hz(message: Open, model: Model) -> int:
    """How many meshes a second an `open` asks for; 0 = none.

    Raises:
        PeerError: 4422, the model gives none.
    """
    if "geometry" not in message.want:
        return 0
    refuse_without_mesh(model, field=f"want.{message.want.index('geometry')}")
    return message.geometry_hz


def refuse_without_mesh(model: Model, *, field: str) -> None:
    """Refuse a model that gives no meshes to a session that wants them.

    Raises:
        PeerError: 4422.
    """
    if not model.pipeline.has_mesh:
        raise PeerError(
            Code.BAD_VALUE,
            f"geometry: found model {model.name!r}, which gives none, wanted a geometry bundle"
            " on a server that was started with --geometry",
            field=field,
        )


def _not_available(field: str) -> PeerError:
    return PeerError(
        Code.BAD_VALUE,
        f"{field}: not available on this server; `hello.capabilities` lists what is",
        field=field,
    )
