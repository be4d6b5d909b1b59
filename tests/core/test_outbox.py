"""What waits for a socket: its order, what is counted, what a slow client loses."""

from a2f_ws.outbox import ENVELOPE_BYTES, GEOMETRY_BYTES, Outbox
from a2f_ws.wire import replies
from a2f_ws.wire.geometry import Geometry, Parts


def poses(i, *, n=2, sid=1, u=1, row_bytes=8):
    return replies.Poses(
        sid=sid, u=u, layout=1, i=i, t_us=1_000 * i, n=n, data=bytes(n * row_bytes)
    )


def put(outbox, *several):
    for message in several:
        outbox.put(message, last_us=1_000 * (message.i + message.n - 1))


def state(name, *, sid=1, u=1, t_us=77):
    return replies.Utterance(sid=sid, u=u, state=name, poses=0, t_us=t_us)


def drained(outbox):
    messages = []
    while (message := outbox.take()) is not None:
        messages.append(message)
    return messages


def test_messages_leave_in_the_order_they_came():
    outbox = Outbox()
    several = [poses(0), replies.Ok(re=1), poses(2), replies.Pong(t=4)]
    for message in several:
        outbox.put(message)
    assert len(outbox) == 4
    assert drained(outbox) == several
    assert outbox.take() is None


def test_every_message_that_is_added_is_announced():
    calls = []
    outbox = Outbox(on_mail=lambda: calls.append(len(outbox)))
    outbox.put(replies.Ok(re=1))
    outbox.put(replies.Ok(re=2))
    assert calls == [1, 2]


def test_its_size_counts_rows_and_an_envelope_for_each_message():
    outbox = Outbox()
    put(outbox, poses(0, n=10, row_bytes=272))
    outbox.put(replies.Rest(sid=1, layout=1, data=bytes(272)))
    outbox.put(replies.Ok(re=1))
    assert outbox.size_bytes == 3 * ENVELOPE_BYTES + 2_720 + 272
    drained(outbox)
    assert outbox.size_bytes == 0


def test_final_states_tell_what_was_handed_over():
    outbox = Outbox()
    outbox.put(state("started"))
    put(outbox, poses(3, n=4), poses(7, n=3))
    outbox.put(state("audio_done", t_us=5_000))
    put(outbox, poses(10, n=1))
    outbox.put(state("poses_done"))
    told = [m for m in drained(outbox) if isinstance(m, replies.Utterance)]
    assert [(m.state, m.poses, m.t_us) for m in told] == [
        ("started", 0, 77), ("audio_done", 7, 5_000), ("poses_done", 8, 10_000),
    ]  # fmt: skip


def test_without_rows_a_final_state_tells_the_first_sample():
    outbox = Outbox()
    outbox.put(state("poses_done"))
    assert (outbox.take().poses, outbox.size_bytes) == (0, 0)
    outbox.put(state("interrupted"))
    assert outbox.take().t_us == 77


def test_rows_are_counted_for_each_session_and_utterance_apart():
    outbox = Outbox()
    put(outbox, poses(0, n=1), poses(0, n=2, u=2), poses(0, n=3, sid=2))
    for sid, u in ((1, 1), (1, 2), (2, 1)):
        outbox.put(state("poses_done", sid=sid, u=u))
    told = [m.poses for m in drained(outbox) if isinstance(m, replies.Utterance)]
    assert told == [1, 2, 3]


def test_a_number_that_is_used_again_is_counted_afresh():
    outbox = Outbox()
    for _ in range(2):
        put(outbox, poses(0, n=5))
        outbox.put(state("poses_done"))
    told = [m.poses for m in drained(outbox) if isinstance(m, replies.Utterance)]
    assert told == [5, 5]


def test_drop_removes_the_poses_up_to_an_utterance_and_nothing_else():
    outbox = Outbox()
    put(outbox, poses(0, u=1), poses(0, u=2), poses(0, u=3), poses(0, sid=2))
    outbox.put(replies.Ok(re=1))
    outbox.drop(1, up_to_u=2)
    kept = drained(outbox)
    assert [(m.sid, m.u) for m in kept[:-1]] == [(1, 3), (2, 1)]
    assert kept[-1] == replies.Ok(re=1)


def test_interrupted_removes_the_poses_of_its_utterance_that_wait():
    outbox = Outbox()
    put(outbox, poses(0, n=2))
    outbox.take()
    put(outbox, poses(2, n=2), poses(0, u=2))
    outbox.put(state("interrupted"))
    left = drained(outbox)
    assert [(type(m).__name__, m.u) for m in left] == [("Poses", 2), ("Utterance", 1)]
    assert (left[1].poses, left[1].t_us) == (2, 1_000)


def test_relief_drops_the_oldest_first_and_only_what_may_go():
    outbox = Outbox()
    for i in range(10):
        put(outbox, poses(i, n=1, row_bytes=872))
    limit = 6 * (ENVELOPE_BYTES + 872)
    assert outbox.relieve(limit, lambda m, last_us: last_us >= 1_000) == {1: 4}
    assert outbox.size_bytes == limit
    assert [m.i for m in drained(outbox)] == [0, 5, 6, 7, 8, 9]


def test_relief_counts_rows_by_session():
    outbox = Outbox()
    put(outbox, poses(0, n=3), poses(0, n=4, sid=2), poses(3, n=5))
    assert outbox.relieve(0, lambda m, last_us: True) == {1: 8, 2: 4}
    assert len(outbox) == 0


def test_nothing_but_poses_is_ever_dropped():
    outbox = Outbox()
    outbox.put(replies.Rest(sid=1, layout=1, data=bytes(400)))
    outbox.put(state("started"))
    assert outbox.relieve(0, lambda m, last_us: True) == {}
    assert len(outbox) == 2


def test_below_the_limit_nothing_is_dropped():
    outbox = Outbox()
    put(outbox, poses(0), poses(2))
    assert outbox.relieve(10_000, lambda m, last_us: True) == {}
    assert len(outbox) == 2


def test_dropped_rows_are_not_counted_as_handed_over():
    outbox = Outbox()
    put(outbox, poses(0, n=3), poses(3, n=4))
    outbox.relieve(outbox.size_bytes - 1, lambda m, last_us: True)
    outbox.put(state("poses_done"))
    told = drained(outbox)
    assert [m.i for m in told[:-1]] == [3]
    assert (told[-1].poses, told[-1].t_us) == (4, 6_000)


def mesh(i, *, u=1, size=1_000):
    return Geometry(sid=1, u=u, i=i, t_us=1_000 * i, parts=Parts(skin=bytes(size), jaw=bytes(64)))


def test_meshes_have_a_room_of_their_own():
    outbox = Outbox()
    outbox.put(mesh(0))
    assert (outbox.size_bytes, outbox.geometry_bytes) == (0, 1_064 + ENVELOPE_BYTES)
    assert outbox.has_room_for_geometry
    outbox.put(mesh(1, size=GEOMETRY_BYTES))
    assert not outbox.has_room_for_geometry
    assert outbox.relieve(0, lambda poses, last_us: True) == {}
    assert len(drained(outbox)) == 2
    assert outbox.geometry_bytes == 0


def test_meshes_of_an_utterance_go_with_its_poses():
    outbox = Outbox()
    for u in (1, 2, 3):
        outbox.put(mesh(0, u=u))
    outbox.put(state("interrupted", u=2))
    outbox.drop(1, up_to_u=1)
    assert [m.u for m in drained(outbox)] == [3, 2]
    assert outbox.geometry_bytes == 0
