"""What `open` and `set` may ask of this server and this model."""

from typing import Final

from a2f_ws.errors import PeerError
from a2f_ws.model import Model
from a2f_ws.wire.codes import Code
from a2f_ws.wire.requests import Open

SPEAKERS: Final = ("emotion", "params", "model", "weights")
"""Fields of `open` that only whoever speaks decides."""


def refuse_what_is_not_there(message: Open) -> None:
    """Refuse what no speaker can have.

    Raises:
        PeerError: 4422, `field` says which.
    """
    if message.clock:
        raise _refusal("clock", 'is of watchers, wanted role "watch" or no clock')
    if "audio" in message.want:
        raise _refusal(f"want.{message.want.index('audio')}", "is sent to watchers only")
    if message.name is not None and message.pacing == "burst":
        raise _refusal("name", 'found pacing "burst", wanted "live": others watch by the clock')
    if message.cache:
        _refuse_to_cache(message)


def check_watcher(message: Open) -> None:
    """Refuse what no watcher can have.

    Raises:
        PeerError: 4422, or 4403 for what is the speaker's; `field` says which.
    """
    for field in SPEAKERS:
        if getattr(message, field) is not None:
            text = f"found {field}, wanted it from whoever speaks"
            raise PeerError(Code.NOT_PERMITTED, text, field=field)
    if "geometry" in message.want:
        raise _refusal(f"want.{message.want.index('geometry')}", "is sent to speakers only")
    if message.pacing == "burst":
        raise _refusal("pacing", 'found "burst", wanted "live": watchers go by the clock')
    if message.cache:
        raise _refusal("cache", "is of speakers")


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


def check_cache(message: Open, *, is_there: bool) -> None:
    """Refuse a cache that the server does not have.

    Raises:
        PeerError: 4422.
    """
    if message.cache and not is_there:
        raise _refusal("cache", "not available on this server; `hello.capabilities` lists what is")


def _refuse_to_cache(message: Open) -> None:
    """Refuse a cache to sessions whose lines do not end, or that need more than their poses."""
    if message.name is not None:
        raise _refusal("cache", "found a name, wanted none: watchers hear the sound itself")
    if message.audio is not None and message.audio.source == "mic":
        raise _refusal("cache", 'found audio.source "mic", wanted "line": a line that ends')
    if "geometry" in message.want:
        raise _refusal("cache", 'found "geometry" in want, wanted poses alone')


def _refusal(field: str, text: str) -> PeerError:
    return PeerError(Code.BAD_VALUE, f"{field}: {text}", field=field)
