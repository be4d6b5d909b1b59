"""What is fed with any bytes: each function takes some and raises where the server would break.

The first byte says what the rest is, so that a fuzzer reaches all of it.
"""

import io
import tempfile
import zipfile
from contextlib import suppress
from functools import cache
from pathlib import Path

import numpy as np

from a2f_ws.clips.clip import Clip
from a2f_ws.errors import ModelError, PeerError
from a2f_ws.inference.bundle import load_bundle
from a2f_ws.inference.model_data import read_model_data
from a2f_ws.inference.npz import Archive
from a2f_ws.inference.solver_data import read_solvers
from a2f_ws.wire.client_protocol import ClientProtocol
from a2f_ws.wire.codec import FROM_CLIENT, decode, encode
from a2f_ws.wire.codes import Code
from a2f_ws.wire.greeting import Ready
from a2f_ws.wire.replies import Pong, Utterance
from a2f_ws.wire.requests import Identify, Ping
from a2f_ws.wire.server_protocol import ServerProtocol
from a2f_ws.wire.states import ClientState, ServerState
from tests.core.desk import Desk
from tests.data.bundles import write_geometry
from tests.data.windowed import windowed_bundle
from tests.fakes import scripted_pipeline

IS_JSON, IS_OPEN, IS_BURST, IS_FROM_SERVER = 1, 2, 4, 8
"""Bits of the first byte of a conversation."""

SHAPES = ((4, 3, 2), (None, 3), (None,), (2, None))
FILES = (
    "model.json",
    "network_info.json",
    "model_config.json",
    "bs_skin_config.json",
    "bs_tongue_config.json",
)
CODES = frozenset(int(code) for code in Code)


def fuzz_wire(data):
    """Frames, each behind its length in two bytes, as a client or a server sends them."""
    flags = data[0] if data else 0
    frames = [_as_sent(frame, flags & IS_JSON) for frame in frames_of(data[1:])]
    if flags & IS_FROM_SERVER:
        _hear_server(frames, bool(flags & IS_JSON))
    else:
        _hear_client(frames, flags)


def fuzz_npz(data):
    """An `.npz` file (first byte even), or what stands in it as its array `a`."""
    is_entry = bool(data and data[0] & 1)
    path = _scratch() / "some.npz"
    path.write_bytes(_zipped(data[1:]) if is_entry else data[1:])
    try:
        with Archive(path) as archive:
            for name in archive.names[:4]:
                _read_all(archive, name)
    except ModelError as fault:
        assert str(path) in str(fault)


def fuzz_manifest(data):
    """One of the JSON files of a bundle, by the first byte; the others are right."""
    folder = bundle_folder()
    path = folder / FILES[(data[0] if data else 0) % len(FILES)]
    before = path.read_bytes()
    path.write_bytes(data[1:])
    try:
        bundle = load_bundle(folder)
        read_model_data(bundle, vertices=np.arange(3, dtype=np.int32))
        read_solvers(bundle)
    except ModelError as fault:
        assert str(folder) in str(fault)
    finally:
        path.write_bytes(before)


def fuzz_clip(data):
    """A clip file; what can be read is played."""
    try:
        clip = Clip(data)
    except PeerError as fault:
        assert fault.code == Code.BAD_VALUE
        return
    player = clip.player()
    for play_us in (clip.start_us, clip.end_us // 2, clip.end_us, clip.end_us + 500_000):
        assert np.isfinite(player.sample(1, play_us, now_us=play_us)).all()


TARGETS = {"wire": fuzz_wire, "npz": fuzz_npz, "manifest": fuzz_manifest, "clip": fuzz_clip}


def frames_of(data):
    """The frames of a conversation; a length that goes beyond the end means the rest."""
    at = 0
    while at < len(data):
        length = int.from_bytes(data[at : at + 2], "little")
        yield data[at + 2 : at + 2 + length]
        at += 2 + length


def conversation(frames, flags=IS_OPEN):
    """The bytes that `fuzz_wire` reads such frames from."""
    sized = [len(frame).to_bytes(2, "little") + frame for frame in frames if len(frame) < 1 << 16]
    return bytes([flags]) + b"".join(sized)


def _as_sent(frame, is_json):
    return frame.decode("utf-8", "replace") if is_json else frame


def _hear_client(frames, flags):
    """Let sessions answer what a client sends; whatever it is, they keep to the protocol."""
    protocol, desk = ServerProtocol(bool(flags & IS_JSON)), Desk(_pipeline(), max_batch=8)
    protocol.state = ServerState.GREETED
    if flags & IS_OPEN:
        protocol.state = ServerState.READY
        desk.open(pacing="burst" if flags & IS_BURST else "live")
    for frame in frames:
        try:
            message = protocol.receive(frame)
        except PeerError as fault:
            assert fault.code in CODES
            if fault.closes:
                break
            continue
        _comes_back(message, protocol.is_json)
        _answer(desk, protocol, message)
    _finish(desk, protocol)


def _answer(desk, protocol, message):
    if isinstance(message, Identify):
        protocol.send(Ready(connection="c1"))
    elif not isinstance(message, Ping | Pong):
        desk.send(message)
        desk.work(2)
        desk.wait(0.1)
    desk.read()


def _finish(desk, protocol):
    """What was said may be said, and every utterance that was started has one end."""
    for sid in {message.sid for message in desk.log if getattr(message, "sid", None) is not None}:
        desk.interrupt(sid=sid)
    desk.read()
    assert not desk.log or protocol.state is ServerState.READY
    for message in desk.log:
        protocol.send(message)
    said = [(m.sid, m.u, m.state) for m in desk.log if isinstance(m, Utterance)]
    starts = [(sid, u) for sid, u, state in said if state == "started"]
    ends = [(sid, u) for sid, u, state in said if state in ("poses_done", "interrupted")]
    assert sorted(starts) == sorted(ends), said


def _hear_server(frames, is_json):
    protocol = ClientProtocol(is_json)
    protocol.state = ClientState.READY
    for frame in frames:
        try:
            message = protocol.receive(frame)
        except PeerError as fault:
            assert fault.code in CODES
            if fault.closes:
                return
        else:
            if message is not None:
                _comes_back(message, is_json)


def _comes_back(message, is_json):
    """What was understood can be said, and is then understood in the same way."""
    assert decode(encode(message, is_json), is_json) == message or not _is_sent_by_us(message)


def _is_sent_by_us(message):
    return isinstance(message, FROM_CLIENT)


def _read_all(archive, name):
    for shape in SHAPES:
        for dtype in (np.float32, np.int32):
            try:
                array = archive.read(name, dtype=dtype, shape=shape)
            except ModelError:
                continue
            assert array.dtype == dtype and np.isfinite(array).all()
            blocks = list(archive.blocks(name, dtype=dtype, shape=shape, rows=3))
            assert sum(map(len, blocks)) == len(array)
    with suppress(ModelError):
        assert all(isinstance(text, str) for text in archive.texts(name))


def _zipped(content):
    file = io.BytesIO()
    method = zipfile.ZIP_DEFLATED if content[:1] == b"\x00" else zipfile.ZIP_STORED
    with zipfile.ZipFile(file, "w", method) as archive:
        archive.writestr("a.npy", content.removeprefix(b"\x00"))
    return file.getvalue()


@cache
def _pipeline():
    return scripted_pipeline(windowed_bundle())


@cache
def _scratch():
    fast = Path("/dev/shm")
    folder = tempfile.TemporaryDirectory(dir=fast if fast.is_dir() else None)
    _KEPT.append(folder)
    return Path(folder.name)


@cache
def bundle_folder():
    return write_geometry(_scratch() / "bundle")


_KEPT = []
"""Folders that go when the process does."""


def forget_scratch():
    """Remove what was written."""
    while _KEPT:
        _KEPT.pop().cleanup()
    _scratch.cache_clear()
    bundle_folder.cache_clear()
