"""How much audio may be sent ahead of what is processed."""

from a2f_ws.wire import replies
from tests.core.desk import Desk, errors, of, ramp, states

SECOND = 16_000


def credits(messages):
    return [(m.u, m.to_us) for m in of(messages, replies.Credit)]


def test_credit_ends_exactly_at_its_bound_and_the_chunk_may_come_again(desk):
    desk.open(rate=44_100)
    credit = 60 * 44_100
    first = 3 * 44_100
    for k in range(60):
        desk.say(ramp(44_100), first=first + k * 44_100)
    assert errors(desk.read()) == []
    desk.say(ramp(1), first=first + credit)
    assert errors(desk.read()) == [(4413, "pcm")]
    desk.wait(1.5)
    desk.say(ramp(1), first=first + credit)
    assert errors(desk.read()) == []
    utterance = desk.sessions._voices[1].session._hearing.alive[0]
    assert utterance.received == first + credit + 1


def test_the_first_chunk_has_the_credit_of_its_own_beginning(desk):
    desk.open(rate=44_100)
    desk.say(ramp(60 * 44_100 + 1), first=1)
    assert errors(desk.read()) == [(4413, "pcm")]
    assert states(desk.log) == []
    desk.say(ramp(60 * 44_100), first=1)
    assert errors(desk.read()) == []


def test_credit_follows_after_each_second_that_became_free(scripted):
    desk = Desk(scripted, credit_s=2.0)
    desk.open(ahead_us=250_000)
    sent, seen = 0, []
    for _ in range(200):
        chunk = SECOND // 4
        desk.say(ramp(chunk), first=sent)
        if not errors(desk.read()):
            sent += chunk
        desk.wait(0.05)
        seen += credits(desk.read())
    assert len(seen) >= 8
    bounds = [to_us for _, to_us in seen]
    steps = [b - a for a, b in zip([2_000_000, *bounds], bounds, strict=False)]
    assert all(1_000_000 <= step < 1_100_000 for step in steps)
    assert abs(sent / SECOND * 1e6 - bounds[-1]) < 1_300_000


def test_what_credit_promises_is_taken(scripted):
    desk = Desk(scripted, credit_s=2.0)
    desk.open(pacing="burst", rate=11_025, fps=[30_000, 1001])
    bound, sent = 2 * 11_025, 0
    for _ in range(12):
        desk.say(ramp(bound - sent), first=sent)
        desk.work()
        messages = desk.read()
        assert errors(messages) == []
        sent = bound
        for _, to_us in credits(messages):
            bound = to_us * 11_025 // 1_000_000
    assert sent > 10 * 11_025


def test_no_credit_is_told_for_an_utterance_that_takes_no_audio(burst):
    burst.line(ramp(10 * SECOND))
    assert credits(burst.finish()) == []
