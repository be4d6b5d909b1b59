"""Messages that a server sends; the greeting has a module of its own."""

from typing import Annotated, Final, Literal

from msgspec import Meta, field

from a2f_ws.errors import PeerError
from a2f_ws.wire.fields import (
    POSES_PER_MESSAGE,
    CodeNumber,
    Count,
    Figure,
    Fps,
    Id,
    Layout,
    Number,
    Secret,
    Sid,
    Small,
    Utt,
)
from a2f_ws.wire.messages import (
    AudioFormat,
    FieldError,
    Message,
    Received,
    Reply,
    check_rows,
)

TRANSFORM_FLOATS: Final = 7
"""Floats of one transform in a row: quaternion xyzw, position xyz."""


class Opened(Reply, frozen=True, kw_only=True, tag="opened"):
    """Server → client, a session as it is now; again after every change of its rows.

    Attributes:
        sid: Session.
        layout: Number of this row layout; a new one at every `opened` of the connection.
        model: Name of the model.
        rig: Name of the rig.
        fps: Poses per second.
        curves: Names of the curves, in row order.
        transforms: Names of the transforms, which follow the curves in a row.
        row: Floats in a row: curves + 7 · transforms.
        idle: Where idle life goes: role → [index into the row, gain].
        look_ahead_us: Audio beyond a pose that it needs: model, resampler and interpolation.
        look_back_us: Audio before a pose that it uses.
        credit_us: Audio that may lie beyond what has been processed, microseconds.
        missing: Curves of the rig that `have` lacks.
        unmatched: Names in `have` that nothing drives.
        audio: Format of the `audio` that watchers get; absent = none is sent.
        resume: Token that takes this session over from another connection; absent = none.
        received: Where audio goes on; absent = nothing was resumed.
    """

    sid: Sid
    layout: Layout
    model: str
    rig: str
    fps: Fps
    curves: tuple[str, ...]
    transforms: tuple[str, ...]
    row: Small
    idle: dict[str, tuple[Small, Number]]
    look_ahead_us: Count
    look_back_us: Count
    credit_us: Count
    missing: tuple[str, ...] = ()
    unmatched: tuple[str, ...] = ()
    audio: AudioFormat | None = None
    resume: Secret | None = None
    received: Received | None = None

    def __post_init__(self) -> None:
        """Check what no single field tells."""
        wanted = len(self.curves) + TRANSFORM_FLOATS * len(self.transforms)
        if self.row != wanted:
            raise FieldError("row", f"found {self.row}, wanted {wanted}: curves + 7 · transforms")


class Rest(Message, frozen=True, kw_only=True, tag="rest"):
    """Server → client, what the face shows in silence; after `opened` and at each change.

    Attributes:
        sid: Session.
        layout: Row layout of `data`.
        data: One row, float32 little endian.
    """

    sid: Sid
    layout: Layout
    data: bytes

    def __post_init__(self) -> None:
        """Check what no single field tells."""
        check_rows(self.data, 1)


class Poses(Message, frozen=True, kw_only=True, tag="poses"):
    """Server → client, consecutive poses of an utterance.

    Attributes:
        sid: Session.
        u: Utterance.
        layout: Row layout of `data`.
        i: Index of the first row in the utterance.
        t_us: Time of the first row after the utterance's sample 0, microseconds.
        n: Rows.
        data: n rows, float32 little endian.
    """

    sid: Sid
    u: Utt
    layout: Layout
    i: Count
    t_us: Count
    n: Annotated[int, Meta(ge=1, le=POSES_PER_MESSAGE)]
    data: bytes

    def __post_init__(self) -> None:
        """Check what no single field tells."""
        check_rows(self.data, self.n)


class Utterance(Message, frozen=True, kw_only=True, tag="utterance"):
    """Server → client, how far an utterance is.

    Attributes:
        sid: Session.
        u: Utterance.
        state: What happened: "poses_done" and "interrupted" are final.
        poses: Rows handed to the socket so far.
        t_us: started: first sample; audio_done: end of audio; else the last row handed to the
            socket (without any: the first sample), microseconds.
        cached: started, where the first `audio` had a `hash`: True = the line is known, its audio
            is not needed.
    """

    sid: Sid
    u: Utt
    state: Literal["started", "audio_done", "poses_done", "interrupted"]
    poses: Count
    t_us: Count
    cached: bool | None = None


class Credit(Message, frozen=True, kw_only=True, tag="credit"):
    """Server → client, how much audio may be sent.

    Attributes:
        sid: Session.
        u: Utterance.
        to_us: Audio of it may be sent up to here, microseconds.
    """

    sid: Sid
    u: Utt
    to_us: Count


class Status(Message, frozen=True, kw_only=True, tag="status"):
    """Server → client, something worth knowing that refuses nothing.

    Attributes:
        sid: Session; absent = the whole connection.
        u: Utterance; absent = none in particular.
        level: How grave it is.
        code: What it is about; unknown ones are to be ignored.
        message: One sentence for people.
        counters: Figures by name.
    """

    sid: Sid | None = None
    u: Utt | None = None
    level: Literal["info", "warning", "error"]
    code: str
    message: str
    counters: dict[str, Figure] = field(default_factory=dict)


class Ok(Message, frozen=True, kw_only=True, tag="ok"):
    """Server → client, a request was accepted; only sent when it had an `id`.

    Attributes:
        re: `id` of the request.
        sid: Session; absent = none.
    """

    re: Id
    sid: Sid | None = None


class Error(Reply, frozen=True, kw_only=True, tag="error"):
    """Server → client, a request was refused; the session goes on unless `closed` follows.

    Attributes:
        sid: Session; absent = none.
        code: Number from the table of codes.
        message: What was found and what was wanted.
        field: Path of the field at fault, as in "audio.rate"; absent = none.
        retry_s: Seconds after which to try again; absent = see the table of codes.
    """

    sid: Sid | None = None
    code: CodeNumber
    message: str
    field: str | None = None
    retry_s: Small | None = None

    @classmethod
    def of(cls, fault: PeerError) -> "Error":
        """The message that tells the peer of its fault."""
        return cls(
            re=fault.re,
            sid=fault.sid,
            code=int(fault.code),
            message=fault.message,
            field=fault.field,
            retry_s=fault.retry_s,
        )


class Closed(Reply, frozen=True, kw_only=True, tag="closed"):
    """Server → client, a session is over; its `sid` may be used again.

    Attributes:
        sid: Session.
        code: Number from the table of codes.
        reason: One sentence for people.
        retry_s: Seconds after which to try again; absent = see the table of codes.
    """

    sid: Sid
    code: CodeNumber
    reason: str
    retry_s: Small | None = None


class Pong(Reply, frozen=True, kw_only=True, tag="pong"):
    """Both directions, the answer to `ping`.

    Attributes:
        t: `t` of the ping.
        server_us: The server's clock, microseconds from an arbitrary start; absent from clients.
    """

    t: Count
    server_us: Count | None = None
