"""Messages that a client sends; `audio` and `played` also go from the server to watchers."""

from typing import Annotated, Any, Literal

from msgspec import Meta

from a2f_ws.wire.fields import (
    INT31,
    Count,
    Emotions,
    Fps,
    Name,
    Params,
    Secret,
    Sid,
    Utt,
)
from a2f_ws.wire.messages import (
    AudioFormat,
    Curves,
    FieldError,
    Have,
    Request,
    Swap,
    Weights,
    check_fps,
)


class Identify(Request, frozen=True, kw_only=True, tag="identify"):
    """Client → server, first of all: who speaks, in which version.

    Attributes:
        protocol: Version that the client speaks; this one is 1.
        client: "name/version" of the program, for logs.
        proof: Answer to the challenge of `hello`; ignored where `hello.auth` asks for none.
        token: Bearer token; ignored where `hello.auth` asks for none.
    """

    protocol: Annotated[int, Meta(ge=1, le=INT31)]
    client: Name
    proof: Secret | None = None
    token: Secret | None = None


class Open(Request, frozen=True, kw_only=True, tag="open"):
    """Client → server, begin a session; answered by `opened` and `rest`.

    Attributes:
        sid: Session, chosen by the client, not in use on this connection.
        rig: Name of a rig, or "auto": the best one for `have`. With `table`, what to call that.
        fps: Poses per second, 10 to 240 also as a quotient.
        audio: How `pcm` will be sent; a speaker has to say it.
        model: Name of a model; absent = the first of `hello`.
        pacing: "live" follows the play head, "burst" computes everything at once.
        ahead_us: How far beyond the play head live poses are computed, microseconds.
        params: Face parameters by name, in the ranges of `hello`.
        curves: Treatment of single curves by name.
        emotion: Emotion in force at the start; absent = the model's default.
        want: What is sent besides poses; "audio" only to watchers, "geometry" only to speakers.
        role: "speak" feeds audio, "watch" follows the session that has the name.
        name: Name under which watchers find the session, of printable characters; a watcher has
            to say it.
        clock: True for the watcher that owns `played`.
        have: Names of the curves that the mesh has; absent or empty = all curves of the rig.
        table: A rig sent along: a rig table (engines/README.md) as a map.
        resume: Token of an `opened`, to take that session over as it is.
        cache: True = lines that were said before need not be computed again (`audio.hash`).
        weights: Treatment of single weights of the face by name; absent ones as the model has it.
        geometry_hz: With "geometry" in `want`: most meshes per second of sound.
        swap: Groups of curves whose left and right change places; absent or empty = none.
    """

    sid: Sid
    rig: Name
    fps: Fps
    audio: AudioFormat | None = None
    model: Name | None = None
    pacing: Literal["live", "burst"] = "live"
    ahead_us: Annotated[int, Meta(ge=250_000, le=60_000_000)] = 1_500_000
    params: Params | None = None
    curves: Curves | None = None
    emotion: Emotions | None = None
    want: Annotated[tuple[Literal["audio", "geometry", "status"], ...], Meta(max_length=3)] = ()
    role: Literal["speak", "watch"] = "speak"
    name: Name | None = None
    clock: bool = False
    have: Have | None = None
    table: dict[str, Any] | None = None
    resume: Secret | None = None
    cache: bool | None = None
    weights: Weights | None = None
    geometry_hz: Annotated[int, Meta(ge=1, le=60)] = 30
    swap: Swap | None = None

    def __post_init__(self) -> None:
        """Check what no single field tells."""
        check_fps(self.fps)
        if self.role == "watch" and self.name is None:
            text = 'found nothing, wanted a text: role "watch" follows a name'
            raise FieldError("name", text, is_missing=True)
        if self.role == "speak" and self.audio is None:
            text = 'found nothing, wanted a map: role "speak" sends audio'
            raise FieldError("audio", text, is_missing=True)
        if self.name is not None and not self.name.isprintable():
            text = f"found {self.name!r}, wanted printable characters: others see the name"
            raise FieldError("name", text)


class Audio(Request, frozen=True, kw_only=True, tag="audio"):
    """Client → server, a piece of an utterance; server → client, the same for watchers.

    Attributes:
        sid: Session.
        u: Utterance; a new number starts one and ends those before it.
        first: Sample frame of the utterance at which this piece begins, at the client's rate.
        pcm: Samples in the session's format; may be empty.
        hash: In the first message of an utterance, with `open.cache`: SHA-256 of all its `pcm`.
    """

    sid: Sid
    u: Utt
    first: Count
    pcm: bytes
    hash: Annotated[bytes, Meta(min_length=32, max_length=32)] | None = None


class End(Request, frozen=True, kw_only=True, tag="end"):
    """Client → server, no more audio will come for an utterance.

    Attributes:
        sid: Session.
        u: Utterance.
    """

    sid: Sid
    u: Utt


class Emotion(Request, frozen=True, kw_only=True, tag="emotion"):
    """Client → server, move the emotion to a new value.

    Attributes:
        sid: Session.
        values: The whole emotion by name; an absent name is 0.
        u: Utterance in which the ramp begins; absent = as soon as possible.
        t_us: Time in that utterance at which the ramp begins, microseconds; goes with `u`.
        transition_us: Length of the ramp, microseconds; 0 jumps.
    """

    sid: Sid
    values: Emotions
    u: Utt | None = None
    t_us: Count | None = None
    transition_us: Annotated[int, Meta(ge=0, le=60_000_000)] = 300_000

    def __post_init__(self) -> None:
        """Check what no single field tells."""
        if (self.u is None) != (self.t_us is None):
            field = "u" if self.u is None else "t_us"
            text = "found nothing, wanted an integer: u and t_us go together"
            raise FieldError(field, text, is_missing=True)


class Set(Request, frozen=True, kw_only=True, tag="set"):
    """Client → server, change a session; an absent field stays as it is.

    Attributes:
        sid: Session.
        params: Face parameters by name, in the ranges of `hello`.
        curves: Treatment of single curves by name.
        swap: Groups of curves whose left and right change places; empty = none.
        visible: False = no poses are computed or sent until it is True again.
        model: Name of a model; only while no utterance is alive, as the next three.
        rig: Name of a rig, or "auto".
        have: Names of the curves that the mesh has; empty = all curves of the rig.
        fps: Poses per second, 10 to 240 also as a quotient.
        weights: Treatment of single weights of the face by name.
    """

    sid: Sid
    params: Params | None = None
    curves: Curves | None = None
    swap: Swap | None = None
    visible: bool | None = None
    model: Name | None = None
    rig: Name | None = None
    have: Have | None = None
    fps: Fps | None = None
    weights: Weights | None = None

    def __post_init__(self) -> None:
        """Check what no single field tells."""
        check_fps(self.fps)


class Interrupt(Request, frozen=True, kw_only=True, tag="interrupt"):
    """Client → server, drop utterances now.

    Attributes:
        sid: Session.
        u: Last utterance to drop; absent = all that were seen.
        t_us: What was heard of it, microseconds.
    """

    sid: Sid
    u: Utt | None = None
    t_us: Count | None = None


class Played(Request, frozen=True, kw_only=True, tag="played"):
    """Client → server, where the sound is; server → speaker, the same from the clock watcher.

    Attributes:
        sid: Session.
        u: Utterance.
        t_us: Play head from the utterance's sample 0, microseconds.
        rate: Play speed, 1.0 = normal.
        paused: True while the sound stands still.
    """

    sid: Sid
    u: Utt
    t_us: Count
    rate: Annotated[float, Meta(ge=0.1, le=10.0)] = 1.0
    paused: bool = False


class Close(Request, frozen=True, kw_only=True, tag="close"):
    """Client → server, end a session: interrupts all, answered by `closed` 1000.

    Attributes:
        sid: Session.
    """

    sid: Sid


class Ping(Request, frozen=True, kw_only=True, tag="ping"):
    """Both directions, answered by `pong`.

    Attributes:
        t: Sender's clock or any other number, echoed.
    """

    t: Count
