"""The same sound gives the same poses, bit for bit, whatever way it takes to the network."""

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from a2f_ws.inference.bundle import load_bundle
from a2f_ws.inference.onnx import OnnxBackend
from a2f_ws.pipeline import Pipeline
from a2f_ws.style.style import SolverStyle
from a2f_ws.wire import replies
from tests.core.desk import Desk, of, poses
from training.bundle.writer import write_bundle

FRAME_BYTES = {"s16le": 2, "f32le": 4, "ulaw": 1, "alaw": 1}
FORMATS = st.sampled_from(
    [
        (8_000, "ulaw", 1),
        (16_000, "s16le", 1),
        (16_000, "f32le", 2),
        (22_050, "f32le", 1),
        (44_100, "s16le", 2),
        (48_000, "f32le", 1),
        (48_000, "s16le", 2),
    ]
)


def sound(rate, *, seconds, format="f32le", channels=1, seed=0):
    """Bytes of something like speech: tones that come and go, and a little noise."""
    random = np.random.default_rng(seed)
    frames = round(rate * seconds)
    t = np.arange(frames)[:, None] / rate
    voiced = np.sin(2 * np.pi * (120 + 40 * seed) * t) + 0.5 * np.sin(2 * np.pi * 900 * t)
    level = np.clip(np.sin(2 * np.pi * (3 + seed) * t), 0, 1)
    wave = 0.3 * voiced * level + 0.01 * random.standard_normal((frames, channels))
    if format == "f32le":
        return wave.astype("<f4").tobytes()
    if format == "s16le":
        return (wave * 30_000).astype("<i2").tobytes()
    return (np.abs(wave) * 200).astype(np.uint8).tobytes()


def opened(desk, form, *, sid=1, **fields):
    rate, format, channels = form
    desk.open(sid=sid, rate=rate, format=format, channels=channels, **fields)


def rows_of(messages, **fields):
    """All poses in order, as bytes."""
    found = poses(messages, **fields)
    assert list(found) == list(range(len(found)))
    return b"".join(row.tobytes() for row in found.values())


def whole(pipeline, form, pcm, **fields):
    """Poses of a line that comes in one piece, burst."""
    desk = Desk(pipeline, max_batch=pipeline.backend.max_batch)
    opened(desk, form, pacing="burst", **fields)
    desk.line(pcm)
    return rows_of(desk.finish())


def pieces(pcm, cuts, *, frame_bytes):
    """(first, bytes) of a line cut after so many frames, again and again."""
    first, k = 0, 0
    frames = len(pcm) // frame_bytes
    while first < frames:
        end = min(frames, first + cuts[k % len(cuts)])
        yield first, pcm[first * frame_bytes : end * frame_bytes]
        first, k = end, k + 1


@settings(max_examples=60)
@given(
    form=FORMATS,
    cuts=st.lists(st.floats(0.0, 1.0), min_size=1, max_size=6),
    waits=st.lists(st.booleans(), min_size=1, max_size=5),
    smoothing=st.sampled_from([0.0, 0.03]),
)
def test_any_split_of_the_same_sound_gives_the_same_poses(embedded, form, cuts, waits, smoothing):
    rate, format, channels = form
    pcm = sound(rate, seconds=0.7, format=format, channels=channels)
    params = {"lower_face_smoothing": smoothing}
    # From a hundredth of a second, which is 80 frames and more, to a whole one.
    steps = [max(rate // 100, round(cut**3 * rate)) for cut in cuts]
    desk = Desk(embedded, max_batch=5)
    opened(desk, form, pacing="burst", params=params)
    frame_bytes = FRAME_BYTES[format] * channels
    for k, (first, part) in enumerate(pieces(pcm, steps, frame_bytes=frame_bytes)):
        desk.say(part, first=first)
        if waits[k % len(waits)]:
            desk.work()
    desk.end()
    assert rows_of(desk.finish()) == whole(embedded, form, pcm, params=params)


@pytest.mark.parametrize("form", [(16_000, "s16le", 1), (22_050, "f32le", 1), (8_000, "ulaw", 1)])
def test_one_frame_a_message_gives_the_same_poses(embedded, form):
    rate, format, channels = form
    pcm = sound(rate, seconds=0.35, format=format, channels=channels)
    desk = Desk(embedded)
    opened(desk, form, pacing="burst")
    for first, part in pieces(pcm, [1], frame_bytes=FRAME_BYTES[format] * channels):
        desk.say(part, first=first)
        if first % 1_000 == 0:
            desk.work()
    desk.end()
    assert rows_of(desk.finish()) == whole(embedded, form, pcm)


@settings(max_examples=25)
@given(
    form=FORMATS,
    chunk_s=st.sampled_from([0.02, 0.1, 0.5]),
    lags=st.lists(st.integers(0, 4), min_size=1, max_size=8),
    ahead_us=st.sampled_from([250_000, 1_500_000]),
)
def test_live_and_burst_give_the_same_poses(embedded, form, chunk_s, lags, ahead_us):
    rate, format, channels = form
    pcm = sound(rate, seconds=1.2, format=format, channels=channels)
    desk = Desk(embedded, max_batch=3)
    opened(desk, form, pacing="live", ahead_us=ahead_us)
    cuts = [round(chunk_s * rate)]
    frame_bytes = FRAME_BYTES[format] * channels
    for k, (first, part) in enumerate(pieces(pcm, cuts, frame_bytes=frame_bytes)):
        desk.say(part, first=first)
        desk.wait(0.05 * lags[k % len(lags)], works=False)
        desk.work()
    desk.end()
    live = rows_of(desk.finish())
    assert of(desk.log, replies.Status) == []
    assert live == whole(embedded, form, pcm)


@settings(max_examples=6)
@given(turns=st.lists(st.integers(0, 7), min_size=20, max_size=60), batch=st.integers(1, 64))
def test_eight_sessions_interleaved_give_what_each_gives_alone(embedded, turns, batch):
    forms = [
        (8_000, "ulaw", 1), (16_000, "s16le", 1), (44_100, "f32le", 1), (48_000, "s16le", 2),
    ] * 2  # fmt: skip
    lines = [
        sound(form[0], seconds=0.3 + k / 20, format=form[1], channels=form[2], seed=k)
        for k, form in enumerate(forms)
    ]
    fields = [
        {"fps": [24, 60][k % 2], "emotion": {"joy": k / 8}, "params": {"skin_strength": 1 + k / 9}}
        for k in range(8)
    ]
    desk = Desk(embedded, max_batch=batch)
    waiting = []
    for k, form in enumerate(forms):
        opened(desk, form, sid=k, pacing=["burst", "live"][k % 2], **fields[k])
        step = [form[0] // (9 + k)]
        waiting.append(list(pieces(lines[k], step, frame_bytes=FRAME_BYTES[form[1]] * form[2])))
    for k in [*turns, *sorted(list(range(8)) * 20)]:
        if waiting[k]:
            first, part = waiting[k].pop(0)
            desk.say(part, sid=k, first=first)
            desk.work(1)
    for k in range(8):
        desk.end(sid=k)
    desk.finish()
    for k, form in enumerate(forms):
        assert rows_of(desk.log, sid=k) == whole(embedded, form, lines[k], **fields[k])


@settings(max_examples=12)
@given(form=FORMATS, head_us=st.integers(300_000, 900_000))
def test_a_line_that_is_taken_up_again_gives_the_same_poses_from_the_play_head_on(
    embedded, form, head_us
):
    rate, format, channels = form
    frame_bytes = FRAME_BYTES[format] * channels
    pcm = sound(rate, seconds=1.1, format=format, channels=channels)
    desk = Desk(embedded)
    opened(desk, form, pacing="burst")
    desk.line(pcm)
    desk.finish()
    look_back_us = of(desk.log, replies.Opened)[0].look_back_us
    first = max(0, head_us - look_back_us) * rate // 1_000_000
    desk.line(pcm[first * frame_bytes :], u=2, first=first)
    desk.finish()
    before, again = poses(desk.log, u=1), poses(desk.log, u=2)
    assert min(again) == -(-first * 60 // rate)
    assert max(again) == max(before)
    heard = [i for i in again if i * 1_000_000 // 60 >= head_us]
    assert len(heard) > 10
    assert all(again[i].tobytes() == before[i].tobytes() for i in heard)


@pytest.fixture(scope="module")
def theirs(tmp_path_factory):
    """A bundle like NVIDIA's, whose network gives other bits in company."""
    folder = write_bundle(
        tmp_path_factory.mktemp("repeatability") / "theirs", size="tiny", network="light"
    )
    return load_bundle(folder)


@pytest.fixture(scope="module", params=["admm", "bvls", "exact"])
def geometry(theirs, request):
    style = SolverStyle(method=request.param, strengths={"skin.temporal": 0.3})
    return Pipeline(theirs, OnnxBackend(theirs, threads=2), style=style)


@settings(max_examples=4, phases=[Phase.explicit, Phase.generate])
@given(
    cuts=st.lists(st.floats(0.0, 1.0), min_size=1, max_size=4),
    turns=st.lists(st.integers(0, 2), min_size=5, max_size=30),
    batch=st.sampled_from([1, 2, 7, 64]),
)
def test_any_split_in_any_company_gives_the_same_faces_of_a_mesh(geometry, cuts, turns, batch):
    form = 16_000, "s16le", 1
    lines = [sound(16_000, seconds=0.4, format="s16le", seed=k) for k in range(3)]
    fields = [{"params": {"face_mask_level": 0.5 + k / 20, "skin_strength": 1.0}} for k in range(3)]
    desk = Desk(geometry, max_batch=min(batch, geometry.backend.max_batch))
    waiting = []
    for k in range(3):
        opened(desk, form, sid=k, pacing=["burst", "live", "burst"][k], **fields[k])
        step = max(160, round(cuts[k % len(cuts)] ** 2 * 6_400))
        waiting.append(list(pieces(lines[k], [step], frame_bytes=2)))
    for k in [*turns, *[0, 1, 2] * 40]:
        if waiting[k]:
            first, part = waiting[k].pop(0)
            desk.say(part, sid=k, first=first)
            desk.work(1)
    for k in range(3):
        desk.end(sid=k)
    desk.finish()
    for k in range(3):
        assert rows_of(desk.log, sid=k) == whole(geometry, form, lines[k], **fields[k])
