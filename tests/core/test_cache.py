"""Lines that were said before are not computed again."""

from hashlib import sha256

import numpy as np
import pytest

from a2f_ws.session.cache import Cache, Line
from a2f_ws.wire import replies, requests
from a2f_ws.wire.messages import WeightSet
from tests.core.desk import Desk, errors, of, poses
from tests.core.repeated import LINE, OTHER, answer, begin, pcm, windows


def test_a_line_said_again_has_the_same_poses_bit_for_bit_and_costs_no_inference(session):
    before = windows(session)
    begin(session, LINE, u=2)
    log = session.finish()
    assert windows(session) == before
    assert answer(log, 2) is True
    first, second = poses(log, u=1), poses(log, u=2)
    assert [*first] == [*second]
    assert all(np.array_equal(first[i], second[i]) for i in first)


def test_the_states_of_a_known_line_are_those_of_the_line(session):
    begin(session, LINE, u=2)
    log = session.finish()
    one, two = ([*of(log, replies.Utterance, u=u)] for u in (1, 2))
    assert [(m.state, m.poses, m.t_us) for m in one if m.state != "audio_done"] == [
        (m.state, m.poses, m.t_us) for m in two if m.state != "audio_done"
    ]
    assert [m.t_us for m in one + two if m.state == "audio_done"] == [1_000_000] * 2


def test_sound_of_a_known_line_that_comes_all_the_same_is_dropped_without_a_word(session):
    begin(session, LINE, u=2)
    session.say(LINE[1600:], u=2, first=1600)
    session.end(u=2)
    log = session.finish()
    assert len(poses(log, u=2)) == len(poses(log, u=1))
    assert not [one for one in of(log, replies.Status) if one.code == "stale"]
    assert not errors(log)


def test_a_line_that_is_not_known_is_answered_so_and_computed(session):
    begin(session, OTHER, u=2)
    session.say(OTHER[1600:], u=2, first=1600)
    session.end(u=2)
    log = session.finish()
    assert answer(log, 2) is False
    assert len(poses(log, u=2)) == len(poses(log, u=1))


def test_without_a_hash_nothing_is_said_of_the_cache(session):
    session.line(LINE, u=2)
    assert answer(session.finish(), 2) is None


def test_a_hash_that_is_not_that_of_the_sound_teaches_nothing_wrong(session):
    digest = sha256(pcm(OTHER)).digest()
    session.send(requests.Audio(sid=1, u=2, first=0, pcm=pcm(LINE), hash=digest))
    session.end(u=2)
    session.finish()
    begin(session, OTHER, u=3)
    session.say(OTHER[1600:], u=3, first=1600)
    session.end(u=3)
    log = session.finish()
    assert answer(log, 3) is False
    assert not np.array_equal(poses(log, u=3)[30], poses(log, u=1)[30])


def test_another_session_profits_in_its_own_rig(session):
    before = windows(session)
    session.open(sid=2, cache=True, have=("jawOpen", "mouthClose"), pacing="burst")
    session.work()
    rest = windows(session) - before
    begin(session, LINE, sid=2, u=1)
    log = session.finish()
    assert windows(session) - before == rest
    mine, others = poses(log, sid=2), poses(log, sid=1)
    names = of(log, replies.Opened, sid=1)[0].curves
    column = names.index("jawOpen")
    assert [row[0] for row in mine.values()] == [row[column] for row in others.values()]


def test_sessions_that_did_not_ask_have_no_cache(session):
    session.open(sid=2)
    session.work()
    begin(session, LINE, sid=2, u=1)
    session.say(LINE[1600:], sid=2, u=1, first=1600)
    session.end(sid=2, u=1)
    assert answer(session.finish(), 1, sid=2) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda desk: desk.set(params={"skin_strength": 0.5}),
        lambda desk: desk.set(weights={"jawOpen": WeightSet(gain=0.5)}),
        lambda desk: desk.emotion(joy=1.0),
        lambda desk: desk.set(fps=30),
    ],
    ids=["params", "weights", "emotion", "fps"],
)
def test_other_settings_are_another_line(session, change):
    change(session)
    session.wait(0.2)
    begin(session, LINE, u=2)
    assert answer(session.read(), 2) is False


def test_settings_that_come_back_find_the_line_again(session):
    session.set(params={"skin_strength": 0.5})
    session.set(params={"skin_strength": 1.0})
    begin(session, LINE, u=2)
    assert answer(session.read(), 2) is True


def test_another_beginning_is_another_line(session):
    begin(session, LINE, u=2, first=7)
    assert answer(session.read(), 2) is False


@pytest.mark.parametrize(
    "disturb",
    [
        lambda desk: desk.emotion(joy=1.0, u=1, t_us=500_000),
        lambda desk: desk.set(params={"skin_strength": 0.5}),
        lambda desk: (desk.set(visible=False), desk.set(visible=True)),
        lambda desk: desk.interrupt(u=1),
    ],
    ids=["emotion", "params", "hidden", "interrupt"],
)
def test_a_line_that_was_disturbed_is_not_kept(desk, disturb):
    desk.open(cache=True)
    desk.work()
    desk.say(LINE[:8_000])
    desk.work(2)
    disturb(desk)
    desk.say(LINE[8_000:], first=8_000)
    desk.end()
    desk.finish()
    assert len(desk.hall.cache) == 0


def test_a_line_with_a_gap_is_not_kept_as_the_one_without(desk):
    desk.open(cache=True)
    desk.work()
    desk.say(LINE[:8_000])
    desk.say(LINE[8_000:], first=9_000)
    desk.end()
    desk.finish()
    assert len(desk.hall.cache) == 0
    assert desk.hall.cache.pending_bytes == 0


def line(poses):
    return Line(poses, np.zeros((poses, 82), np.float32))


def test_a_cache_forgets_what_was_not_asked_for_longest():
    size = line(10).size_bytes
    cache = Cache(4 * size)
    for key in (b"a", b"b", b"c", b"d"):
        cache.keep(key, line(10))
    assert cache.find(b"a") is not None
    cache.keep(b"e", line(10))
    assert [cache.find(key) is not None for key in (b"a", b"b", b"c", b"d", b"e")] == [
        True, False, True, True, True,
    ]  # fmt: skip
    assert cache.size_bytes == 4 * size


def test_lines_under_way_take_room_from_those_that_are_kept():
    size = line(10).size_bytes
    cache = Cache(4 * size)
    for key in (b"a", b"b", b"c", b"d"):
        cache.keep(key, line(10))
    assert cache.borrow(2 * size)
    assert len(cache) == 2
    assert not cache.borrow(1)
    cache.give_back(2 * size)
    assert cache.borrow(size)


def test_a_line_longer_than_half_of_the_cache_is_not_kept():
    cache = Cache(line(10).size_bytes)
    cache.keep(b"a", line(10))
    assert (len(cache), cache.size_bytes) == (0, 0)


def test_a_server_without_a_cache_says_so(scripted):
    desk = Desk(scripted, cache_bytes=0)
    desk.open(cache=True)
    assert errors(desk.read()) == [(4422, "cache")]
