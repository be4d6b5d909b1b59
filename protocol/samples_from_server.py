"""Sample messages of a server, each with optional fields absent or present, and edge values."""

from sample import HALF, INT31, INT53, LINE, Sample

from a2f_ws.wire.geometry import Geometry, Parts
from a2f_ws.wire.greeting import AudioOffer, Auth, Hello, ModelInfo, ParamInfo, Ready
from a2f_ws.wire.messages import Received
from a2f_ws.wire.replies import (
    Closed,
    Credit,
    Error,
    Ok,
    Opened,
    Pong,
    Poses,
    Rest,
    Status,
    Utterance,
)
from a2f_ws.wire.requests import Audio, Ping, Played

FROM_SERVER = [
    Sample(
        "a server without authentication",
        Hello(
            protocol=1,
            server="a2f-ws/0.1.0",
            instance="0123456789abcdef",
            models=(
                ModelInfo(
                    name="embedded",
                    look_ahead_us=120_000,
                    look_back_us=400_000,
                    emotions=("joy", "sadness"),
                    fps_max=240,
                    params=(ParamInfo(name="skin_strength", min=0.0, max=2.0, default=1.0),),
                ),
            ),
            rigs=("arkit", "browser/arkit"),
            audio=AudioOffer(
                formats=("s16le", "f32le", "ulaw", "alaw"), rate=(8000, 192_000), channels_max=8
            ),
            capabilities=("auto", "emotion", "have", "interrupt", "table"),
            limits={"message_bytes": 4_194_304, "credit_us": 60_000_000},
        ),
    ),
    Sample(
        "a challenge, and nothing on offer",
        Hello(
            protocol=1,
            server="ä/1",
            instance="",
            auth=Auth(kind="challenge", salt="c2FsdA==", challenge="bm9uY2U="),
            models=(),
            rigs=(),
            audio=AudioOffer(formats=(), rate=(16000, 16000), channels_max=1),
            limits={},
        ),
    ),
    Sample("least", Ready(connection="c1")),
    Sample("an answer", Ready(re=INT53, connection="c2")),
    Sample(
        "least",
        Opened(
            sid=0,
            layout=1,
            model="embedded",
            rig="arkit",
            fps=60,
            curves=("jawOpen",),
            transforms=(),
            row=1,
            idle={},
            look_ahead_us=0,
            look_back_us=0,
            credit_us=60_000_000,
        ),
    ),
    Sample(
        "all fields",
        Opened(
            re=1,
            sid=INT31,
            layout=INT31,
            model="m",
            rig="head",
            fps=[60000, 1001],
            curves=("jawOpen", "eyeBlinkLeft"),
            transforms=("head",),
            row=9,
            idle={"blinkLeft": (1, 1.0), "head": (2, 0.5)},
            look_ahead_us=137_000,
            look_back_us=400_000,
            credit_us=1,
            missing=("tongueOut",),
            unmatched=("Bone.001", "ほほ"),
            audio=LINE,
            resume="token",
            received=Received(u=3, to_us=1_500_000),
        ),
    ),
    Sample(
        "fitted to a mesh, in its order and spelling",
        Opened(
            sid=3,
            layout=2,
            model="embedded",
            rig="browser/arkit",
            fps=60,
            curves=("blendShape2.mouthSmile_L", "head.jawOpen", "teeth.jawOpen"),
            transforms=("head",),
            row=10,
            idle={"head": (3, 1.0)},
            look_ahead_us=120_000,
            look_back_us=400_000,
            credit_us=60_000_000,
            missing=("mouthClose", "tongueOut"),
            unmatched=("viseme_aa", "ほほ"),
        ),
    ),
    Sample("one curve", Rest(sid=1, layout=1, data=HALF)),
    Sample("no curve at all", Rest(sid=0, layout=INT31, data=b"")),
    Sample("as asked", Closed(sid=1, code=1000, reason="")),
    Sample("busy", Closed(re=3, sid=2, code=4429, reason="no room", retry_s=30)),
    Sample(
        "to a watcher of a name that nobody speaks under",
        Opened(
            sid=5,
            layout=1,
            model="",
            rig="arkit",
            fps=60,
            curves=("jawOpen",),
            transforms=(),
            row=1,
            idle={},
            look_ahead_us=0,
            look_back_us=0,
            credit_us=0,
            resume="t0k-en_",
        ),
    ),
    Sample(
        "to a watcher who wants the sound",
        Opened(
            sid=5,
            layout=2,
            model="embedded",
            rig="arkit",
            fps=30,
            curves=("jawOpen",),
            transforms=(),
            row=1,
            idle={},
            look_ahead_us=120_000,
            look_back_us=400_000,
            credit_us=0,
            audio=LINE,
            resume="t0k-en_",
        ),
    ),
    Sample("for a watcher", Audio(sid=1, u=1, first=160, pcm=b"\x00\x80")),
    Sample("from the clock watcher", Played(sid=1, u=1, t_us=40_000, rate=10.0)),
    Sample(
        "two rows of one curve",
        Poses(sid=1, u=1, layout=1, i=3, t_us=50_000, n=2, data=HALF + bytes(4)),
    ),
    Sample(
        "64 rows, largest numbers",
        Poses(sid=INT31, u=INT31, layout=INT31, i=INT53, t_us=INT53, n=64, data=HALF * 64),
    ),
    Sample("no part", Geometry(sid=1, u=1, i=0, t_us=0, parts=Parts())),
    Sample(
        "all parts",
        Geometry(
            sid=1,
            u=1,
            i=1,
            t_us=16_666,
            parts=Parts(skin=HALF * 3, tongue=b"", jaw=bytes(64), eyes=bytes(24)),
        ),
    ),
    Sample("started", Utterance(sid=1, u=1, state="started", poses=0, t_us=0)),
    Sample("known", Utterance(sid=1, u=2, state="started", poses=0, t_us=0, cached=True)),
    Sample("not known", Utterance(sid=1, u=3, state="started", poses=0, t_us=20, cached=False)),
    Sample("all heard", Utterance(sid=1, u=1, state="audio_done", poses=12, t_us=500_000)),
    Sample("all sent", Utterance(sid=1, u=1, state="poses_done", poses=45, t_us=733_333)),
    Sample("cut", Utterance(sid=1, u=1, state="interrupted", poses=INT53, t_us=INT53)),
    Sample("one second more", Credit(sid=1, u=1, to_us=61_000_000)),
    Sample(
        "of the connection",
        Status(
            level="info", code="load", message="", counters={"busy": 0.25, "late": 0, "dropped": 3}
        ),
    ),
    Sample(
        "of an utterance",
        Status(
            sid=1, u=2, level="warning", code="gap", message="320 frames filled: 2%\nof the line"
        ),
    ),
    Sample(
        "to a watcher whose speaker has left",
        Status(sid=5, level="info", code="waiting", message="nobody speaks as 'hall'"),
    ),
    Sample("of the server", Status(level="error", code="drain", message="stops in 10 s")),
    Sample("least", Ok(re=0)),
    Sample("of a session", Ok(re=INT53, sid=0)),
    Sample("least", Error(code=4400, message="")),
    Sample(
        "all fields",
        Error(
            re=1,
            sid=2,
            code=4429,
            message="found 65, wanted 64",
            field="audio.rate",
            retry_s=INT31,
        ),
    ),
    Sample("from the server", Ping(t=1)),
    Sample("all fields", Pong(re=1, t=INT53, server_us=INT53)),
]
