"""An utterance that goes on for hours: memory stays as it is, numbers stay exact."""

import gc
import sys

import numpy as np
import pytest

from a2f_ws.wire import replies
from tests.core.desk import Desk, finals
from tests.noises import steady, words

SECOND = 16_000
HOUR_S = 3_600
STEP_S = 20
LATE = 1_000 * 24 * HOUR_S * SECOND


def drained(desk):
    """Messages that the client gets now, which nobody keeps."""
    while (message := desk.outbox.take()) is not None:
        yield message


@pytest.fixture
def room():
    """Twenty seconds with and without words."""
    spoken = words(20)
    return np.concatenate([spoken, np.zeros(10 * SECOND, np.float32)]) + steady(
        "pink", STEP_S, db=-60
    )


@pytest.mark.slow
def test_two_hours_of_a_microphone_need_no_more_memory_than_two_minutes(scripted, room):
    desk = Desk(scripted)
    desk.open(source="mic", fps=10)
    pcm = room.astype("<f4").tobytes()
    objects, samples, due = [], [], 0
    for k in range(2 * HOUR_S // STEP_S):
        desk.now += STEP_S
        desk.say(pcm, first=k * STEP_S * SECOND)
        desk.wait(0.05)
        for message in drained(desk):
            if isinstance(message, replies.Poses):
                assert (message.i, message.t_us) == (due, due * 100_000)
                due += message.n
        if k % 6 == 5:
            scripted.backend.calls.clear()
            gc.collect()
            objects.append(sys.getallocatedblocks())
            ear = desk.sessions._voices[1].session._hearing.alive[0]._ear
            samples.append(ear.memory_bytes)
    assert due == 2 * HOUR_S * 10
    half = len(objects) // 2
    assert max(objects[half:]) - objects[half] < 2 * HOUR_S // STEP_S // 2
    assert max(samples) == samples[0]


def test_a_thousand_days_into_an_utterance_its_poses_have_the_same_bits(windowed, room):
    late, early = shown_from(LATE, windowed, room), shown_from(0, windowed, room)
    assert late.tobytes() == early.tobytes()


def test_a_thousand_days_into_an_utterance_the_embedded_network_says_the_same(embedded, room):
    late, early = shown_from(LATE, embedded, room), shown_from(0, embedded, room)
    # Silence that was heard and silence that is assumed differ in the last bits.
    np.testing.assert_allclose(late, early, rtol=0, atol=1e-5)


def shown_from(first, pipeline, room):
    """Rows of three seconds of a microphone that begin there."""
    desk = Desk(pipeline)
    desk.open(source="mic", pacing="burst", fps=30)
    desk.line(room[: 3 * SECOND], first=first)
    messages = desk.finish()
    assert finals(messages) == [(1, "poses_done")]
    found = [m for m in messages if isinstance(m, replies.Poses)]
    start = first * 30 // SECOND
    assert [m.t_us for m in found] == [m.i * 1_000_000 // 30 for m in found]
    assert found[0].i == start
    return np.frombuffer(b"".join(m.data for m in found), "<f4")
