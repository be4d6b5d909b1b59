"""What `-o face.glb` writes, judged by the validator of the Khronos Group."""

import json

import numpy as np
import pytest

from a2f_ws.names import WEIGHTS
from a2f_ws.output.files import write_recording
from a2f_ws.output.recording import Recording
from a2f_ws.timebase import PoseRate
from tests.clients.conftest import call

ASK = """
const { readFileSync } = require("node:fs");
const { validateBytes } = require("gltf-validator");
validateBytes(new Uint8Array(readFileSync(process.argv[1]))).then(({ issues, info }) =>
  console.log(JSON.stringify({ messages: issues.messages, animations: info.animationCount })));
"""
"""Node resolves `gltf-validator` from the folder that it runs in."""


def recording(count, transforms):
    generator = np.random.default_rng(7)
    rows = generator.uniform(-0.2, 1.2, (count, len(WEIGHTS) + 7 * len(transforms)))
    turns = rows[:, len(WEIGHTS) :].reshape(count, len(transforms), 7)
    turns[..., :4] /= np.linalg.norm(turns[..., :4], axis=-1, keepdims=True)
    return Recording(
        rig="browser/arkit",
        curves=WEIGHTS,
        rate=PoseRate.of([30000, 1001]),
        times_us=np.arange(count, dtype=np.int64) * 33_366 + 1_000_000,
        utterances=np.ones(count, np.int64),
        rows=rows.astype(np.float32),
        transforms=transforms,
        meta={"source": "lächeln.wav", "live": True},
    )


@pytest.mark.needs("node")
@pytest.mark.parametrize(
    ("count", "transforms"),
    [(0, ()), (1, ()), (120, ()), (120, ("head", "jaw", "leftEye", "rightEye"))],
)
def test_the_validator_finds_nothing_to_say_of_a_recording(packages, tmp_path, count, transforms):
    path = tmp_path / "face.glb"
    write_recording(recording(count, transforms), path)
    found = json.loads(call(["node", "-e", ASK, str(path)], limit_s=60))
    assert found == {"messages": [], "animations": min(count, 1)}
