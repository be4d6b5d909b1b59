"""What an interrupt takes back, and what it leaves alone."""

from a2f_ws.wire import replies
from tests.core.desk import errors, finals, of, poses, ramp, states

SECOND = 16_000


def test_an_interrupt_takes_back_all_that_was_not_handed_to_the_socket(burst):
    burst.say(ramp(SECOND))
    burst.work()
    sent = of(burst.read(), replies.Poses)[0]
    burst.say(ramp(4 * SECOND), first=SECOND)
    burst.hand.begin(burst.now)
    burst.interrupt()
    burst.hand.complete()
    burst.work()
    messages = burst.read()
    assert of(messages, replies.Poses) == []
    (final,) = of(messages, replies.Utterance)
    assert (final.state, final.poses) == ("interrupted", sent.n)
    assert final.t_us == (sent.n - 1) * 1_000_000 // 60
    assert burst.hand.scheduler.waiting == 0


def test_interrupting_again_is_harmless(burst):
    burst.say(ramp(SECOND))
    for _ in range(3):
        burst.interrupt()
    burst.interrupt(u=77)
    assert states(burst.read()) == [(1, "started"), (1, "interrupted")]
    assert errors(burst.log) == []


def test_interrupt_of_an_utterance_leaves_later_ones_alone(burst):
    for u in (1, 2, 3):
        burst.say(ramp(SECOND), u=u)
    burst.interrupt(u=2)
    burst.end(u=3)
    assert finals(burst.finish()) == [
        (1, "interrupted"), (2, "interrupted"), (3, "poses_done"),
    ]  # fmt: skip
    assert {m.u for m in of(burst.log, replies.Poses)} == {3}


def test_the_next_utterance_may_follow_an_interrupt_at_once(burst):
    burst.say(ramp(SECOND))
    burst.hand.begin(burst.now)
    burst.interrupt()
    burst.line(ramp(SECOND // 2), u=2)
    burst.hand.complete()
    assert len(poses(burst.finish())) == 30 + 15
    assert {m.u for m in of(burst.log, replies.Poses)} == {2}


def test_an_interrupt_takes_back_a_line_that_is_computed_but_not_sent(burst):
    burst.line(ramp(SECOND))
    burst.work()
    burst.interrupt()
    messages = burst.read()
    assert of(messages, replies.Poses) == []
    final = of(messages, replies.Utterance)[-1]
    assert (final.state, final.poses) == ("poses_done", 0)
