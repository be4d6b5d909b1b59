"""Sample messages of a client, each with optional fields absent or present, and edge values."""

from sample import INT31, INT53, LINE, Sample

from a2f_ws.wire.messages import AudioFormat, CurveSet, WeightSet
from a2f_ws.wire.replies import Pong
from a2f_ws.wire.requests import (
    Audio,
    Close,
    Emotion,
    End,
    Identify,
    Interrupt,
    Open,
    Ping,
    Played,
    Set,
)

MIC = AudioFormat(format="f32le", rate=192_000, channels=8, source="mic")

FROM_CLIENT = [
    Sample("least", Identify(protocol=1, client="game/1.0")),
    Sample(
        "all fields", Identify(id=0, protocol=1, client="ゲーム/2", proof="cHJvb2Y=", token="t")
    ),
    Sample("least", Open(sid=0, rig="arkit", fps=60, audio=LINE)),
    Sample(
        "a microphone, in burst, with every setting",
        Open(
            id=7,
            sid=INT31,
            rig="auto",
            fps=[30000, 1001],
            audio=MIC,
            model="embedded",
            pacing="burst",
            ahead_us=60_000_000,
            params={"skin_strength": 1.25},
            curves={"jaw.Open": CurveSet(gain=1.5, offset=-0.25, min=0.0, max=1.0)},
            emotion={"joy": 0.5},
            want=("audio", "geometry", "status"),
            role="speak",
            name="Zoë",
            clock=True,
            have=("jawOpen", "mouth Close", "50%"),
            table={"title": "mine", "curves": {"aa": {"jawOpen": 0.5}}},
            resume="token",
            cache=True,
            weights={"jawOpen": WeightSet(gain=1.25, offset=-0.5)},
            geometry_hz=60,
            swap=("mouth", "eyes"),
        ),
    ),
    Sample(
        "empty maps and lists",
        Open(
            sid=1,
            rig="arkit",
            fps=10,
            audio=LINE,
            ahead_us=250_000,
            params={},
            curves={"jawOpen": CurveSet()},
            emotion={},
            have=(),
            table={},
            weights={},
        ),
    ),
    Sample(
        "the best rig for a mesh",
        Open(
            sid=3,
            rig="auto",
            fps=60,
            audio=LINE,
            curves={"blendShape2.mouthSmile_L": CurveSet(gain=0.75)},
            have=("blendShape2.mouthSmile_L", "blendShape2.jawOpen", "viseme_aa", "ほほ"),
        ),
    ),
    Sample(
        "a rig sent along",
        Open(
            sid=4,
            rig="robot",
            fps=30,
            audio=LINE,
            table={
                "title": "A jaw",
                "source": "our robot",
                "extends": "arkit",
                "terms": {"open": {"jawOpen": 1.0, "mouthClose": -1.0, "min": 0.0}},
                "curves": {"servo": {"product": ["open", 90], "min": 0, "max": 45.5}},
                "transforms": {"head": {}},
                "idle": {"head": "head"},
            },
        ),
    ),
    Sample("a watcher sends no audio", Open(sid=2, rig="arkit", fps=240, role="watch", name="n")),
    Sample(
        "a watcher with the clock and the sound, taking its place again",
        Open(
            sid=5,
            rig="auto",
            fps=60,
            want=("audio", "status"),
            role="watch",
            name="Zoë in the hall",
            clock=True,
            have=("jawOpen",),
            resume="t0k-en_",
        ),
    ),
    Sample(
        "a speaker who may be watched, taken up again",
        Open(sid=6, rig="arkit", fps=60, audio=LINE, name="hall", resume="t0k-en_"),
    ),
    Sample("least", Close(sid=1)),
    Sample("asks for an answer", Close(id=2, sid=INT31)),
    Sample("one sample", Audio(sid=1, u=1, first=320, pcm=b"\xff\x7f")),
    Sample("empty", Audio(sid=0, u=1, first=0, pcm=b"")),
    Sample(
        "a line that was perhaps said before",
        Audio(sid=1, u=3, first=0, pcm=b"", hash=bytes(range(32))),
    ),
    Sample("largest numbers", Audio(id=INT53, sid=INT31, u=INT31, first=INT53, pcm=bytes(4))),
    Sample("bin 16", Audio(sid=1, u=2, first=65_536, pcm=bytes(range(256)))),
    Sample("least", End(sid=1, u=1)),
    Sample("asks for an answer", End(id=4, sid=1, u=INT31)),
    Sample("now", Emotion(sid=1, values={"joy": 1.0, "sadness": 0.25})),
    Sample("neutral, at a time", Emotion(id=5, sid=1, values={}, u=2, t_us=0, transition_us=0)),
    Sample(
        "last time", Emotion(sid=1, values={"joy": 0.0}, u=1, t_us=INT53, transition_us=60_000_000)
    ),
    Sample("nothing", Set(sid=1)),
    Sample(
        "all fields",
        Set(
            id=6,
            sid=1,
            params={"skin_strength": -1.5},
            curves={"jawOpen": CurveSet(gain=0.5), "a=b": CurveSet(min=-1.0)},
            swap=("mouth", "eyes"),
            visible=False,
            model="m",
            rig="r",
            have=("jawOpen",),
            fps=[25, 1],
            weights={"mouthClose": WeightSet(gain=-10.0), "browInnerUp": WeightSet(offset=10.0)},
        ),
    ),
    Sample("weights as they are", Set(sid=1, weights={"jawOpen": WeightSet()})),
    Sample("nothing swapped", Set(sid=1, swap=(), visible=True, fps=30)),
    Sample("all curves of the best rig", Set(sid=1, rig="auto", have=())),
    Sample("everything", Interrupt(sid=1)),
    Sample("up to what was heard", Interrupt(id=8, sid=1, u=3, t_us=123_456)),
    Sample("normal speed", Played(sid=1, u=1, t_us=0)),
    Sample("slow and paused", Played(id=9, sid=1, u=2, t_us=INT53, rate=0.5, paused=True)),
    Sample("least", Ping(t=0)),
    Sample("asks for an answer", Ping(id=1, t=INT53)),
    Sample("to the server", Pong(t=1)),
]
