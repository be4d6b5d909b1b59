"""A network in blocks as a plain loop over a whole line: no chunks, batches, sessions or clocks."""

from fractions import Fraction
from math import ceil, floor

import numpy as np
import onnxruntime

from a2f_ws.catalog import Catalog
from a2f_ws.inference.manifest import NetworkInfo, read_json
from a2f_ws.model import Model
from a2f_ws.names import EMOTIONS
from a2f_ws.session.setup import settle
from a2f_ws.shaping.cut import Cut
from a2f_ws.wire.messages import AudioFormat
from a2f_ws.wire.requests import Open
from tests.core.desk import RIGS

RATE_HZ = 16_000


def network_rows(bundle, samples, *, until, feel, begin=0, heard_from=0):
    """Frame → row of `result`, from the first block, or from that with frame `begin`, on.

    Args:
        bundle: Its files are read; nothing of what was made of them is used.
        samples: The line at 16 kHz, float32.
        until: Frame up to which rows are wanted.
        feel: Explicit emotion (10,) at a sample.
        begin: Block that is computed first.
        heard_from: Samples before this one are not heard.
    """
    info = read_json(bundle.path / "network_info.json", NetworkInfo)
    params, audio = info.block_params, info.audio_params
    session = onnxruntime.InferenceSession(str(bundle.network), providers=["CPUExecutionProvider"])
    feeds = {}
    for state in params.states:
        shape = list(state.shape)
        shape.insert(state.batch_axis, 1)
        feeds[state.input] = np.zeros(shape, np.float32)
    if params.noise is not None:
        random = np.random.Generator(np.random.PCG64(params.noise.seed))
        feeds[params.noise.input] = random.standard_normal((1, *params.noise.shape), np.float32)
    rate = params.frame_rate
    rate = Fraction(rate) if isinstance(rate, int) else Fraction(*rate)
    heard = dict(enumerate(samples.tolist()[heard_from:], heard_from))
    rows, k = {}, begin
    names = [tensor.name for tensor in session.get_outputs()]
    while True:
        first = params.first_frame + k * params.frames
        if first > until:
            return rows
        start = floor(first * RATE_HZ / rate) - audio.buffer_ofs
        window = np.array([heard.get(n, 0.0) for n in range(start, start + audio.buffer_len)])
        times = [max(0, floor((first + j) * RATE_HZ / rate)) for j in range(params.frames)]
        emotion = [np.concatenate((bundle.implicit, feel(at))) for at in times]
        feeds |= {
            "input": window[None, None].astype(np.float32),
            "emotion": np.array([emotion], np.float32),
        }
        given = dict(zip(names, session.run(None, feeds), strict=True))
        for state in params.states:
            feeds[state.input] = given[state.output]
        for j in range(params.frames):
            rows[first + j] = given["result"][0, params.frames_before + j]
        k += 1


def plain_rows(
    pipeline, samples, *, fps=60, joy=lambda n: 0.0, begin_pose=0, begin=0, heard_from=0
):
    """Rows (n, C) of the rig "arkit" for the speech poses of a line, from a pose on.

    Args:
        pipeline: Its filters and its face parameters, one pose at a time.
        samples: As of `network_rows`.
        fps: Poses per second.
        joy: How much joy there is at a sample.
        begin_pose: First pose.
        begin: As of `network_rows`.
        heard_from: As of `network_rows`.
    """

    def feel(n):
        return np.array([joy(n) if name == "joy" else 0.0 for name in EMOTIONS], np.float32)

    frame_rate = read_json(pipeline.bundle.path / "network_info.json", NetworkInfo)
    rate = frame_rate.block_params.frame_rate
    frames = (Fraction(rate) if isinstance(rate, int) else Fraction(*rate)) / fps
    count = ceil(Fraction(len(samples) * fps, RATE_HZ))
    rows = network_rows(
        pipeline.bundle, samples, until=count * frames + 1, feel=feel, begin=begin,
        heard_from=heard_from,
    )  # fmt: skip
    state, faces = pipeline.new_state(), []
    for i in range(begin_pose, count):
        at = floor(i * frames)
        share = np.float32(i * frames - at)
        result = rows[at] + share * (rows[at + (share > 0)] - rows[at])
        felt = feel(i * RATE_HZ // fps)
        cut = Cut(samples, felt, pipeline.defaults, state, 1 / fps)
        faces.append(np.concatenate((pipeline.faces.step(result[None], [cut])[0], felt)))
    data = _setup(pipeline, fps).rows(np.stack(faces))
    return np.frombuffer(data, "<f4").reshape(len(faces), -1)


def _setup(pipeline, fps):
    audio = AudioFormat(format="f32le", rate=RATE_HZ)
    request = Open(sid=1, rig="arkit", fps=fps, audio=audio)
    return settle(request, Catalog([Model("m", pipeline)], RIGS))[0]
