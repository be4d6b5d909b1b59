"""Who may go on: those who have had their turn stand in line, all others never wait."""

import asyncio
from itertools import pairwise

from a2f_ws.turns import DEAR_EACH, FREE_HZ, LONG_S, RESTS, SHARE, TURN_S, Allowance, Turns


class Clock:
    """Time that passes when it is told to."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


async def test_who_works_a_little_and_waits_much_never_has_to_wait():
    clock = Clock()
    turns = Turns(clock, clock)
    for _ in range(1_000):
        clock.now += 0.02
        turns.begin()
        clock.now += 0.02 * SHARE / 2
        over = turns.over()
        try:
            over.send(None)
        except StopIteration:
            continue
        raise AssertionError("it waited")


async def test_who_works_all_the_time_lets_others_go_on_after_each_turn():
    clock, others = Clock(), []
    turns = Turns(clock, clock)

    async def count():
        while True:
            others.append(clock.now)
            await asyncio.sleep(0)

    counting = asyncio.create_task(count())
    for _ in range(100):
        turns.begin()
        clock.now += TURN_S / 2
        await turns.over()
    counting.cancel()
    # A turn is three stretches of half a turn each, less the share that counts for nothing.
    assert len(others) == 33


async def test_of_many_that_work_all_the_time_one_goes_on_between_two_turns_of_others():
    worked = []

    async def greedy(clock):
        turns = Turns(clock, clock)
        for _ in range(20):
            turns.begin()
            clock.now += 2 * TURN_S
            worked.append("greedy")
            await turns.over()

    async def modest():
        while True:
            worked.append("modest")
            await asyncio.sleep(0)

    others = asyncio.create_task(modest())
    await asyncio.gather(*(greedy(Clock()) for _ in range(10)))
    others.cancel()
    later = "".join(name[0] for name in worked[20:])
    assert later.count("g") > 150
    assert "gg" not in later


async def test_work_that_takes_long_leaves_as_much_time_to_others_however_many_ask_for_it():
    loop = asyncio.get_running_loop()
    took_s, begun = 5 * LONG_S, loop.time()

    async def ask(clock):
        turns = Turns(clock, clock)
        turns.begin()
        clock.now += took_s
        await turns.over()
        return loop.time() - begun

    ended = sorted(await asyncio.gather(*(ask(Clock()) for _ in range(4))))
    rest_s = took_s * (1 - SHARE)
    for place, end in enumerate(ended, 1):
        assert end > 0.9 * place * rest_s


async def test_what_makes_work_elsewhere_counts_for_more_than_it_takes():
    loop, clock = asyncio.get_running_loop(), Clock()
    turns, begun = Turns(clock, clock), loop.time()
    for _ in range(5):
        turns.begin()
        await turns.over(least_s=2 * LONG_S)
    assert loop.time() - begun > 0.9 * 5 * 2 * LONG_S


async def test_what_other_programs_take_of_the_machine_is_not_work():
    clock, work = Clock(), Clock()
    turns = Turns(clock, work)
    for _ in range(100):
        turns.begin()
        clock.now += 10 * LONG_S
        work.now += TURN_S / 10
        over = turns.over()
        try:
            over.send(None)
        except StopIteration:
            continue
        raise AssertionError("it waited")


async def test_work_that_takes_long_in_one_piece_is_never_free_however_long_one_has_waited():
    clock = Clock()
    turns = Turns(clock, clock)
    clock.now += 100 * LONG_S
    turns.begin()
    clock.now += 1.5 * LONG_S
    loop = asyncio.get_running_loop()
    begun = loop.time()
    await turns.over()
    assert loop.time() - begun > 1.5 * LONG_S * RESTS * 0.9


async def test_work_known_to_take_long_is_not_begun_while_others_rest_after_theirs():
    clock, loop = Clock(), asyncio.get_running_loop()
    begun = []

    async def ask():
        turns = Turns(clock, clock)
        turns.begin()
        await turns.stand()
        begun.append(loop.time())
        clock.now += 5 * LONG_S
        await turns.over()

    await asyncio.gather(*(ask() for _ in range(4)))
    apart = [later - earlier for earlier, later in pairwise(begun)]
    assert min(apart) > 0.9 * 5 * LONG_S * RESTS


async def test_what_is_waited_for_before_long_work_does_not_count_as_work():
    clock, loop = Clock(), asyncio.get_running_loop()
    other, turns = Turns(clock, clock), Turns(clock, clock)
    other.begin()
    clock.now += 2 * LONG_S
    resting = asyncio.create_task(other.over())
    await asyncio.sleep(0)
    turns.begin()
    standing = asyncio.create_task(turns.stand())
    await asyncio.sleep(0)
    clock.now += 100.0
    await resting
    await standing
    before = loop.time()
    await turns.over()
    assert loop.time() - before < 1.0


async def test_who_is_cut_off_before_its_work_is_done_leaves_the_line():
    clock = Clock()
    gone, other = Turns(clock, clock), Turns(clock, clock)
    await gone.stand()
    gone.leave()
    async with asyncio.timeout(1.0):
        await other.stand()
    other.leave()


def test_asking_is_free_as_often_as_clocks_need_it_and_now_and_then_dear_beyond_that():
    allowance = Allowance()
    assert not any(allowance.is_over(now=5.0) for _ in range(FREE_HZ))
    assert sum(allowance.is_over(now=5.0) for _ in range(10 * DEAR_EACH)) == 10
    steady = [allowance.is_over(now=9.0 + k / FREE_HZ) for k in range(10 * FREE_HZ)]
    assert not any(steady)
