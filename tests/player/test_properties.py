"""What holds for the player whatever comes, in whatever order."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from a2f_ws.player.gate import State
from a2f_ws.player.pose_player import PosePlayer
from a2f_ws.timebase import PoseRate

SLOPE_PER_US = 0.01 / 20_000
"""Of the poses in these tests: curve 0 rises and falls by 0.01 per pose."""


def wave(first, count):
    """Poses that never change by more than 0.01, between 0 and 1."""
    i = np.arange(first, first + count)
    return (np.abs((i % 200) - 100) / 100).astype(np.float32)[:, None]


def fresh(**settings_):
    player = PosePlayer(**settings_)
    player.opened(1, curves=1, transforms=0, rate=PoseRate(50, 1), idle={})
    player.rest(1, np.array([0.0], np.float32))
    return player


@st.composite
def events(draw):
    """Steps of one frame each, with what may happen before it."""
    kinds = st.sampled_from(["poses", "rest", "interrupt", "next", "silence", "seek", "pause", "-"])
    return [
        (draw(st.sampled_from([1_000, 4_000, 16_000])), draw(kinds), draw(st.integers(0, 40)))
        for _ in range(draw(st.integers(5, 60)))
    ]


class Client:
    """Drives a player the way a game would."""

    def __init__(self):
        self.player = fresh()
        self.u, self.play_us, self.now_us, self.sent = 1, 0, 0, 0
        self.is_silent = False

    def happen(self, kind, number):
        if kind == "poses":
            self.player.poses(self.u, 1, i=self.sent, rows=wave(self.sent, number + 1))
            self.sent += number + 1
        elif kind == "rest":
            self.player.rest(1, np.array([number / 40], np.float32))
        elif kind == "interrupt":
            self.player.interrupt(self.u)
        elif kind == "next":
            self.u, self.play_us, self.sent = self.u + 1, 0, 0
        elif kind == "silence":
            self.is_silent = not self.is_silent
        elif kind == "seek":
            self.play_us = max(0, self.play_us + (number - 20) * 30_000)
        elif kind == "pause":
            self.player.is_paused = not self.player.is_paused

    def frame(self, step_us):
        self.now_us += step_us
        if not self.player.is_paused:
            self.play_us += step_us
        play_us = None if self.is_silent else self.play_us
        return float(self.player.sample(self.u, play_us, now_us=self.now_us)[0])


@given(steps=events())
@settings(max_examples=200)
def test_the_row_shown_never_jumps_further_than_blend_poses_and_tolerated_hitch_allow(steps):
    client = Client()
    before = client.frame(16_000)
    for step_us, kind, number in steps:
        client.happen(kind, number)
        after = client.frame(step_us)
        # A blend covers at most the range of 1 in 80 ms, its aim may move by the slope of the
        # poses, and a hitch of up to 100 ms is taken without a blend.
        allowed = step_us / 80_000 + SLOPE_PER_US * (step_us + 100_000)
        assert abs(after - before) <= allowed + 1e-5
        before = after


@given(steps=events())
def test_rows_stay_within_what_was_sent(steps):
    client = Client()
    for step_us, kind, number in steps:
        client.happen(kind, number)
        assert -1e-6 <= client.frame(step_us) <= 1 + 1e-6


@given(steps=events())
def test_asking_twice_changes_nothing(steps):
    once, twice = Client(), Client()
    for step_us, kind, number in steps:
        once.happen(kind, number)
        twice.happen(kind, number)
        shown = once.frame(step_us)
        assert twice.frame(step_us) == shown
        assert twice.frame(0) == shown
        assert twice.player.state == once.player.state
        assert twice.player.gate.margin_us == once.player.gate.margin_us


@given(steps=events())
def test_the_sound_is_never_allowed_after_an_interrupt(steps):
    client = Client()
    for step_us, kind, number in steps:
        client.happen(kind, number)
        client.frame(step_us)
        if kind == "interrupt":
            assert client.player.state is State.STOP


@given(
    order=st.permutations(range(8)),
    done_at=st.integers(0, 8),
    plays=st.lists(st.integers(0, 1_000_000), min_size=1, max_size=10),
)
def test_the_order_in_which_messages_come_before_a_sample_does_not_matter(order, done_at, plays):
    def told(parts, done_at):
        player = fresh(keep_us=None)
        for k, part in enumerate([*parts, None]):
            if k == done_at:
                player.utterance(1, "poses_done", poses=40, t_us=780_000)
            if part is not None:
                player.poses(1, 1, i=5 * part, rows=wave(5 * part, 5))
        return player

    mixed, plain = told(order, done_at), told(range(8), 8)
    for k, play_us in enumerate(sorted(plays)):
        now_us = 300_000 * k
        a = mixed.sample(1, play_us, now_us=now_us)
        b = plain.sample(1, play_us, now_us=now_us)
        assert a.tolist() == b.tolist()
        assert mixed.state == plain.state


@given(
    sizes=st.lists(st.integers(1, 64), min_size=1, max_size=40),
    keep_us=st.integers(0, 2_000_000),
    lead=st.integers(1, 75),
)
def test_memory_is_what_lies_ahead_and_keep_us_behind(sizes, keep_us, lead):
    player = fresh(keep_us=keep_us)
    sent = 0
    for size in sizes:
        player.poses(1, 1, i=sent, rows=wave(sent, size))
        sent += size
        play_us = max(0, sent - lead) * 20_000
        player.sample(1, play_us, now_us=play_us)
        assert player.rows <= keep_us // 20_000 + 2 + lead


@given(steps=st.lists(st.sampled_from([1_000, 7_000, 16_667, 33_333]), min_size=20, max_size=80))
def test_even_play_shows_the_poses_themselves_once_the_start_is_over(steps):
    player = fresh()
    player.poses(1, 1, i=0, rows=wave(0, 200))
    now_us = 0
    for step_us in steps:
        row = player.sample(1, now_us, now_us=now_us)
        if now_us >= 80_000:
            i = now_us / 20_000
            wanted = abs((i % 200) - 100) / 100
            assert abs(float(row[0]) - wanted) < 1e-5
        now_us += step_us
