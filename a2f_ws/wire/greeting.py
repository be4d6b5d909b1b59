"""The greeting: what a server tells about itself, and its answer to `identify`."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from a2f_ws.wire.fields import INT31, Count, Number, Small
from a2f_ws.wire.messages import Message, Reply


class Auth(Struct, frozen=True, kw_only=True):
    """How to show one's right to connect.

    Attributes:
        kind: "none" = nothing more, "challenge" = `identify.proof`, or `token` where there is one,
            "token" = `identify.token`.
        salt: For "challenge", base64 text.
        challenge: For "challenge", base64 text, another one on every connection.
    """

    kind: Literal["none", "challenge", "token"] = "none"
    salt: str | None = None
    challenge: str | None = None


class ParamInfo(Struct, frozen=True, kw_only=True):
    """A face parameter of a model.

    Attributes:
        name: Name in `params`.
        min: Lowest value accepted.
        max: Highest value accepted.
        default: Value in force unless set.
    """

    name: str
    min: Number
    max: Number
    default: Number


class ModelInfo(Struct, frozen=True, kw_only=True):
    """A model that the server runs.

    Attributes:
        name: Name in `open.model`.
        look_ahead_us: Audio beyond a pose that the network needs, microseconds.
        look_back_us: Audio before a pose that the network uses, microseconds.
        emotions: Names that `emotion.values` may have.
        fps_max: Fastest pose rate.
        params: Face parameters.
    """

    name: str
    look_ahead_us: Count
    look_back_us: Count
    emotions: tuple[str, ...]
    fps_max: Annotated[int, Meta(ge=1, le=INT31)]
    params: tuple[ParamInfo, ...] = ()


class AudioOffer(Struct, frozen=True, kw_only=True):
    """The audio that `open.audio` may name.

    Attributes:
        formats: Sample formats.
        rate: Lowest and highest rate, sample frames per second.
        channels_max: Most channels.
    """

    formats: tuple[str, ...]
    rate: tuple[Small, Small]
    channels_max: Small


class Hello(Message, frozen=True, kw_only=True, tag="hello"):
    """Server → client, first of all and unasked.

    Attributes:
        protocol: Version that the server speaks; this one is 1.
        server: "name/version" of the program.
        instance: Random text, new at every start: a restart is not a reconnection.
        auth: How to show one's right to connect.
        models: Models, the default one first.
        rigs: Names that `open.rig` may have.
        audio: The audio that `open.audio` may name.
        capabilities: Features beyond the basic ones that this server has.
        limits: Limits by name.
    """

    protocol: Annotated[int, Meta(ge=1, le=INT31)]
    server: str
    instance: str
    auth: Auth = Auth()
    models: tuple[ModelInfo, ...]
    rigs: tuple[str, ...]
    audio: AudioOffer
    capabilities: tuple[str, ...] = ()
    limits: dict[str, Count]


class Ready(Reply, frozen=True, kw_only=True, tag="ready"):
    """Server → client, the answer to `identify`: everything else may come.

    Attributes:
        connection: Name of this connection in the server's log.
    """

    connection: str
