"""An open microphone through a real server, in real time."""

import numpy as np

from a2f_ws.client import connect
from a2f_ws.names import ARKIT
from tests.core.desk import Desk, poses
from tests.noises import steady
from tests.sounds import real_time
from tests.speech.measure import clips

JAW = ARKIT.index("jawOpen")
QUIET_S = 1.5


def room():
    """A quiet room, a sentence, the room again; s16le."""
    pause = np.zeros(round(QUIET_S * 16_000), np.float32)
    sound = np.concatenate([pause, clips()[1].samples, pause])
    sound = sound + steady("pink", len(sound) / 16_000, db=-55)
    return (sound * 32_767).astype("<i2").tobytes()


async def test_the_mouth_moves_with_the_voice_and_rests_in_the_room(server, embedded):
    said, pcm = [], room()
    async with connect(server.url) as client:
        session = await client.open(source="mic", on_status=said.append)
        got = [pose async for pose in session.say(real_time(pcm, 0.02))]
    rows = np.stack([pose.row for pose in got])
    assert [pose.i for pose in got] == list(range(len(rows)))
    assert said == []
    jaw = rows[:, JAW]
    quiet = round((QUIET_S - 0.2) * 60)
    assert jaw[:quiet].max() < 0.05
    assert jaw[-quiet + 30 :].max() < 0.05
    assert jaw.max() > 0.2
    desk = Desk(embedded)
    desk.open(source="mic", pacing="burst", format="s16le")
    desk.line(pcm)
    burst = np.stack(list(poses(desk.finish()).values()))
    assert rows.tobytes() == burst.tobytes()
