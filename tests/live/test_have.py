"""A session for a mesh, over a socket."""

from pathlib import Path

import numpy as np
import soundfile

import a2f_ws
from tests.live.raw import raw

SPEECH = Path(a2f_ws.__file__).parent / "samples" / "speech.flac"
HAVE = ["teeth.jawOpen", "nose", "Mouth_Smile_L", "skin.jawOpen", "mouthPress_R"]


def rows(poses):
    return np.frombuffer(poses["data"], "<f4").reshape(poses["n"], -1)


async def test_a_mesh_gets_rows_of_its_own_names_and_may_be_exchanged(server):
    samples, _ = soundfile.read(SPEECH, dtype="float32", frames=16_000)
    async with raw(server) as client:
        await client.open(id=1, rig="auto", have=HAVE, pacing="burst")
        opened = await client.until("opened", re=1)
        assert opened["rig"] == "browser/arkit"
        assert opened["curves"] == [
            "teeth.jawOpen",
            "Mouth_Smile_L",
            "skin.jawOpen",
            "mouthPress_R",
        ]
        assert opened["unmatched"] == ["nose"]
        assert "mouthClose" in opened["missing"]
        assert opened["idle"] == {"head": [4, 1.0]}
        assert opened["row"] == 4 + 7
        await client.audio(samples)
        await client.send("end", sid=1, u=1)
        await client.until("utterance", state="poses_done")
        found = np.concatenate([rows(m) for m in client.seen if m["op"] == "poses"])
        assert found.shape == (75, 11)
        assert found[:, 0].max() > 0.1
        assert np.array_equal(found[:, 0], found[:, 2])
        assert (found[:, 4:] == [0, 0, 0, 1, 0, 0, 0]).all()
        await client.send("set", sid=1, id=2, have=["A", "O", "Blink"])
        opened = await client.until("opened", re=2)
        assert (opened["rig"], opened["curves"]) == ("unity/vrm0", ["A", "O", "Blink"])
        assert opened["idle"] == {"blinkLeft": [2, 1.0], "head": [3, 1.0]}
        await client.until("rest", layout=opened["layout"])


async def test_a_mesh_that_nothing_can_move_is_told_what_is_wanted(server):
    async with raw(server) as client:
        await client.open(id=1, rig="auto", have=["Jowl", "Head"])
        error = await client.until("error", re=1)
        assert (error["code"], error["field"]) == (4422, "have")
        assert "('Jowl', 'Head')" in error["message"]
        assert (await client.until("closed"))["code"] == 4422
        await client.open(id=2, rig="auto", have=["jawOpen"])
        assert (await client.until("opened", re=2))["curves"] == ["jawOpen"]


async def test_a_rig_is_sent_along_as_a_map(server):
    table = {
        "title": "A robot",
        "source": "its maker",
        "space": {"handedness": "left", "unit": "cm"},
        "curves": {"servo": {"jawOpen": 90, "mouthClose": -90, "max": 45.5}},
        "transforms": {"jaw": {"z": {"jawForward": 0.01}}},
    }
    async with raw(server) as client:
        await client.open(id=1, rig="robot", table=table)
        opened = await client.until("opened", re=1)
        assert (opened["rig"], opened["curves"], opened["row"]) == ("robot", ["servo"], 8)
        table["curves"]["servo"] = {"jawOpne": 1}
        await client.open(2, id=2, rig="robot", table=table)
        error = await client.until("error", re=2)
        assert (error["code"], error["field"]) == (4422, "table")
        assert (
            error["message"] == "table: curve servo: no input 'jawOpne' (did you mean 'jawOpen'?)"
        )
