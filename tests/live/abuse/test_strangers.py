"""Those who have no right to come in."""

import asyncio

from a2f_ws.wire.proof import proof_of
from tests.live.abuse.harness import PASSWORD
from tests.live.raw import raw


async def refused(place, **shown):
    """The code that an `identify` with these fields is closed with."""
    async with raw(place, greets=False) as one:
        await one.until("hello")
        await one.send("identify", protocol=1, client="stranger/1", **shown)
        return (await one.closing())[0]


async def test_a_proof_that_was_overheard_lets_nobody_in(locked):
    async with locked.undisturbed("a_proof_that_was_overheard_lets_nobody_in"):
        async with raw(locked, greets=False) as one:
            auth = (await one.until("hello"))["auth"]
            proof = proof_of(PASSWORD, salt=auth["salt"], challenge=auth["challenge"])
            await one.send("identify", protocol=1, client="friend/1", proof=proof)
            await one.until("ready")
            again = [await refused(locked, proof=proof) for _ in range(5)]
        assert set(again) <= {4401, 4429}
        assert await refused(locked) == 4401


async def test_a_thousand_wrong_tokens_open_nothing(locked):
    async def guess(k):
        return [await refused(locked, token=f"a2f_{k}_{n}") for n in range(250)]

    async with locked.undisturbed("a_thousand_wrong_tokens_open_nothing"):
        codes = await asyncio.gather(*map(guess, range(4)))
    assert {code for row in codes for code in row} == {4401, 4429}


async def test_four_megabytes_of_empty_lists_from_a_stranger_cost_nothing(locked):
    wide = b"\xdc\x0f\xff" + (b"\xdc\x03\xfb" + b"\x90" * 1019) * 4095
    async with locked.undisturbed("four_megabytes_of_empty_lists_from_a_stranger") as rounds:
        async for _ in rounds:
            async with raw(locked, greets=False) as one:
                await one.until("hello")
                await one.socket.send(b"\x83\xa2op\xa4ping\xa1t\x01\xa1x" + wide)
                assert (await one.closing())[0] == 1009
