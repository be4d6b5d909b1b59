"""A file's speech to poses without a server: the session, scheduler and pipeline of one."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

import numpy as np

from a2f_ws.batching.scheduler import Scheduler
from a2f_ws.catalog import Catalog
from a2f_ws.errors import ConfigError, MisuseError, PeerError
from a2f_ws.output.recording import Recorder, Recording
from a2f_ws.output.speech import SpeechFile
from a2f_ws.pipeline import Pipeline
from a2f_ws.session.announcing import Greeting
from a2f_ws.session.session import Session
from a2f_ws.session.setup import Setup, settle
from a2f_ws.session.windows import Window
from a2f_ws.timebase import MICROSECONDS, PoseRate
from a2f_ws.wire.messages import AudioFormat, Message
from a2f_ws.wire.replies import Opened, Poses
from a2f_ws.wire.requests import Audio, Open

BLOCKS_PER_S: Final = 2
"""Blocks in which the file is read (ours); how it is cut does not change the poses."""

CREDIT_US: Final = 10 * MICROSECONDS
"""More than a block and the look-ahead of any model: what is heard is computed at once."""

NOW_S: Final = 0.0
"""The clock stands: a burst session follows none."""

SAMPLE_BYTES: Final = {"s16le": 2, "f32le": 4}
U: Final = 1
"""The one utterance."""


def animate(
    speech: SpeechFile,
    catalog: Catalog,
    *,
    rig: str = "arkit",
    rate: PoseRate,
    model: str | None = None,
    emotion: Mapping[str, float] | None = None,
    on_poses: Callable[[int], None] = lambda poses: None,
) -> Recording:
    """The poses of a whole file, bit for bit those that a server gives for it.

    Args:
        speech: The file.
        catalog: Models and rigs.
        rig: Name of a rig.
        rate: Poses per second.
        model: Name of a model; None = the first of the catalog.
        emotion: Emotion by name, 0 … 1; None = the model's own.
        on_poses: Called now and then with the number of poses that are done.

    Raises:
        ConfigError: Rig, model or emotion is unknown, or the file is damaged.
        ModelError: The network failed.
    """
    request = Open(
        sid=1,
        rig=rig,
        fps=rate.wire,
        audio=audio_format(speech),
        model=model,
        pacing="burst",
        emotion=None if emotion is None else dict(emotion),
    )
    recorder, poses = None, 0
    for message in conversation(request, speech, catalog=catalog):
        if isinstance(message, Opened):
            recorder = Recorder(
                rig=message.rig,
                curves=message.curves,
                rate=PoseRate.of(message.fps),
                transforms=message.transforms,
                model=message.model,
            )
            recorder.begin(U)
        elif isinstance(message, Poses) and recorder is not None:
            recorder.add(np.frombuffer(message.data, "<f4").reshape(message.n, -1), message.i)
            poses += message.n
            on_poses(poses)
    if recorder is None:
        raise MisuseError("a session that was not opened")
    return recorder.recording({"source": speech.path.name})


def conversation(request: Open, speech: SpeechFile, *, catalog: Catalog) -> Iterator[Message]:
    """What a server says to a client that sends a whole file as its first utterance.

    Args:
        request: The session; with the audio format of the file, and burst.
        speech: The file.
        catalog: Models and rigs.

    Raises:
        ConfigError: Rig, model, emotion … is unknown, or the file is damaged.
        ModelError: The network failed.
    """
    try:
        setup, values = settle(request, catalog)
    except PeerError as fault:
        raise ConfigError(fault.message) from None
    setup.model.pipeline.prepare(setup.params)
    session = Session(request.sid, setup, emotion=values, credit_us=CREDIT_US)
    session.announce(Greeting(layout=1))
    yield from _said(session, setup, speech=speech)


def audio_format(speech: SpeechFile) -> AudioFormat:
    """How a session has to read the blocks of a file."""
    return AudioFormat(
        format="s16le" if speech.format == "s16le" else "f32le",
        rate=speech.rate_hz,
        channels=speech.channels,
    )


def pose_count(speech: SpeechFile, rate: PoseRate) -> int | None:
    """Poses that a file will give, easing included; None where it does not say its length."""
    if speech.frames is None:
        return None
    return rate.first_at(speech.frames, speech.rate_hz) + rate.ease_poses


def _said(session: Session, setup: Setup, *, speech: SpeechFile) -> Iterator[Message]:
    """What the session says of a whole file, while it is read."""
    pipeline = setup.model.pipeline
    scheduler = Scheduler[Session, Window](max_batch=pipeline.backend.max_batch)
    yield from _computed(session, scheduler, pipeline=pipeline)
    first = 0
    for block in speech.blocks(speech.rate_hz // BLOCKS_PER_S):
        session.hear(Audio(sid=session.sid, u=U, first=first, pcm=block), now=NOW_S)
        first += len(block) // (SAMPLE_BYTES[speech.format] * speech.channels)
        yield from _computed(session, scheduler, pipeline=pipeline)
    session.end(U, now=NOW_S)
    yield from _computed(session, scheduler, pipeline=pipeline)


def _computed(
    session: Session, scheduler: Scheduler[Session, Window], *, pipeline: Pipeline
) -> Iterator[Message]:
    """Compute all that the audio heard so far allows, so that it never meets its credit."""
    while True:
        _recognise(session)
        for window, due in session.offer(now=NOW_S, has_room=True):
            scheduler.add(session, window, due=due, now=NOW_S, work=window.work)
        yield from session.saying.take()
        batch = scheduler.take(now=NOW_S)
        if not batch:
            return
        windows = [window for _, window in batch]
        cuts = [(window, cut) for window in windows if (cut := session.cut(window)) is not None]
        if cuts:
            faces = pipeline.run([cut for _, cut in cuts])
            session.take_faces([window for window, _ in cuts], faces)


def _recognise(session: Session) -> None:
    """Answer what the session asks about its voice."""
    recognizer = session.setup.model.recognizer
    asked = [question for question, _ in session.ask(now=NOW_S)]
    clips = [(one, clip) for one in asked if (clip := session.clip(one)) is not None]
    if clips and recognizer is not None:
        logits = recognizer.run([clip for _, clip in clips])
        session.sensing.take([question for question, _ in clips], logits)
