"""vectors/clips/*.vec: clip files with what stands in them, and files that are none."""

from collections.abc import Iterator
from hashlib import sha256

import msgspec
import numpy as np
from generate_vectors import HEAD, field_lines

from a2f_ws.clips.clip import Clip
from a2f_ws.names import Floats
from a2f_ws.timebase import MICROSECONDS, PoseRate
from a2f_ws.wire.clip import HEADER, MAGIC, ClipHead, Part, Sound, pack_part
from a2f_ws.wire.frames import pack
from a2f_ws.wire.replies import Opened, Poses, Rest, Utterance

RATE_HZ = 8_000
PER_MESSAGE = 5
PLAYED_US = (0, 20_000, 50_000, 110_000, 230_000, 999_000)
"""Play heads at which each clip is looked at, beyond its beginning; the clock runs with them."""


def clip_files() -> dict[str, str]:
    """Name below vectors/ and text of every generated file."""
    good = "\n".join(["\n".join([*_block(title, content)]) + "\n" for title, content in _good()])
    bad = "\n".join(
        f"# {title}\nfrom file\nhex {content.hex(' ')}".rstrip() + "\nrefused\n"
        for title, content in _bad()
    )
    return {"clips/clips.vec": f"{HEAD}\n{good}", "clips/refused.vec": f"{HEAD}\n{bad}"}


def _good() -> Iterator[tuple[str, bytes]]:
    """Titles and bytes of clips."""
    yield "two curves and a head that turns", _file(_turning())
    yield (
        "a rate with a fraction, a beginning in the middle, what is known of the line",
        _file(_parts(curves=1, fps=[30_000, 1_001], frames=1_600, first=800, line={"text": "Hé"})),
    )
    yield "sound that is too short for a pose", _file(_parts(curves=1, fps=60, frames=0, first=1))
    parts = _parts(curves=1, fps=25, frames=1_600)
    yield (
        "an op and a field that are not known",
        MAGIC
        + _framed({**_plain(parts[0]), "later": [1, {"x": 2}]})
        + _framed({"op": "mark", "t_us": 1})
        + b"".join(map(pack_part, parts[1:])),
    )


def _bad() -> Iterator[tuple[str, bytes]]:
    """Titles and bytes of what is no clip."""
    parts = _parts(curves=2, fps=50, frames=1_600)
    whole = _file(parts)
    yield "nothing", b""
    yield "another file", b"RIFF" + bytes(40)
    yield "a later format", b"\xa8a2fclip2" + whole[len(MAGIC) :]
    yield "nothing behind the beginning", MAGIC
    yield "cut off before a length", whole[: len(MAGIC) + 2]
    yield "cut off in the head", whole[:60]
    yield "cut off behind a message: the end is missing", _file(parts[:-1])
    yield "a frame that is larger than any message", MAGIC + HEADER.pack(0xC6, 1 << 31)
    yield "a frame of another kind", MAGIC + b"\xc5" + whole[len(MAGIC) + 1 :]
    yield "something behind the end", whole + pack_part(parts[-1])
    yield "bytes behind the end", whole + b"\xc6"
    yield "the head is missing", _file(parts[1:])
    yield "the rest row is missing", _file([*parts[:2], *parts[3:]])
    yield "a later protocol", _changed(parts, 0, protocol=2)
    yield "a hash of another length", _changed(parts, 0, sound=_short(parts[0]))
    yield "a row that is not as long as its names", _changed(parts, 1, row=3)
    yield "poses per second out of range", _changed(parts, 1, fps=500)
    yield from _bad_names(parts)
    yield "a rest row of another length", _changed(parts, 2, data=bytes(4))
    yield "an utterance that does not begin", _changed(parts, 3, state="poses_done")
    yield "poses of another layout", _changed(parts, 4, layout=2)
    yield "poses of another utterance", _changed(parts, 4, u=2)
    yield "poses of another session", _changed(parts, 4, sid=2)
    yield "poses with a hole", _file([*parts[:4], *parts[5:]])
    yield "poses at another time", _changed(parts, 4, t_us=1)
    yield "fewer rows than told", _changed(parts, 4, n=PER_MESSAGE - 1)
    yield "a value that is not finite", _changed(parts, 4, data=_broken(parts[4]))
    yield "another number of poses in the head", _changed(parts, 0, poses=3)
    yield "another number of poses at the end", _changed(parts, len(parts) - 1, poses=3)
    yield "another end", _changed(parts, len(parts) - 1, t_us=3)
    yield "an interrupted line", _changed(parts, len(parts) - 1, state="interrupted")
    yield "two ends of the sound", _file([*parts[:-1], *parts[-2:]])


def _bad_names(parts: list[Part]) -> Iterator[tuple[str, bytes]]:
    """Rows whose names, or whose places of idle life, contradict one another."""
    yield "a curve that is named twice", _changed(parts, 1, curves=["a", "a"])
    yield (
        "a transform that is named twice",
        _changed(parts, 1, transforms=["head", "head"], row=2 + 14),
    )
    yield "idle life beyond the curves", _changed(parts, 1, idle={"blinkLeft": [2, 1.0]})
    yield "idle life far beyond the row", _changed(parts, 1, idle={"breath": [99_999, 1.0]})
    yield "an unknown role beyond the row", _changed(parts, 1, idle={"later": [2, 1.0]})
    yield "a head that idle life turns without one", _changed(parts, 1, idle={"head": [0, 1.0]})
    yield (
        "a head that idle life turns from its middle on",
        _changed(
            _parts(curves=2, fps=50, frames=1_600, transforms=("head",)), 1, idle={"head": [3, 1.0]}
        ),
    )


def _block(title: str, content: bytes) -> Iterator[str]:
    clip = Clip(content)
    said = {
        "head": _plain(clip.head),
        "opened": _plain(clip.opened),
        "rest": _numbers(clip.rest),
        "first": clip.first,
        "rows": [_numbers(row) for row in clip.rows],
        "start_us": clip.start_us,
        "sound_end_us": clip.sound_end_us,
        "end_us": clip.end_us,
        "samples": [*_samples(clip)],
    }
    yield f"# {title}"
    yield "from file"
    yield f"hex {content.hex(' ')}"
    for key, value in said.items():
        yield from field_lines(key, value)


def _samples(clip: Clip) -> Iterator[dict[str, object]]:
    """What a player that was given the clip as utterance 1 shows."""
    player = clip.player()
    for after_us in PLAYED_US:
        row = player.sample(1, clip.start_us + after_us, now_us=after_us)
        yield {
            "play_us": clip.start_us + after_us,
            "now_us": after_us,
            "state": player.state.value,
            "row": _numbers(row),
        }


def _turning() -> list[Part]:
    return _parts(curves=2, fps=50, frames=1_600, transforms=("head",))


def _parts(
    *,
    curves: int,
    fps: int | list[int],
    frames: int,
    first: int = 0,
    transforms: tuple[str, ...] = (),
    line: dict[str, str] | None = None,
) -> list[Part]:
    """A clip of silence whose curves rise and whose head turns."""
    rate = PoseRate.of(fps)
    begin, end = rate.first_at(first, RATE_HZ), rate.first_at(first + frames, RATE_HZ)
    poses = end - begin + rate.ease_poses if end > begin else 0
    rows = _rows(poses, curves, transforms=len(transforms))
    start_us = first * MICROSECONDS // RATE_HZ
    head = _head(poses, frames=frames, line=line)
    rest = _rows(1, curves, transforms=len(transforms))[0]
    opened = _opened(fps, curves=curves, transforms=transforms)
    told: list[Part] = [head, opened, Rest(sid=1, layout=1, data=rest.tobytes())]
    told.append(Utterance(sid=1, u=1, state="started", poses=0, t_us=start_us))
    for at in range(0, poses, PER_MESSAGE):
        part = rows[at : at + PER_MESSAGE]
        i = begin + at
        t_us = rate.t_us(i)
        told.append(Poses(sid=1, u=1, layout=1, i=i, t_us=t_us, n=len(part), data=part.tobytes()))
    if frames:
        end_us = (first + frames) * MICROSECONDS // RATE_HZ
        told.append(Utterance(sid=1, u=1, state="audio_done", poses=poses, t_us=end_us))
    last_us = rate.t_us(begin + poses - 1) if poses else start_us
    told.append(Utterance(sid=1, u=1, state="poses_done", poses=poses, t_us=last_us))
    return told


def _head(poses: int, *, frames: int, line: dict[str, str] | None) -> ClipHead:
    sound = Sound(
        hash=sha256(bytes(2 * frames)).digest(),
        format="s16le",
        rate=RATE_HZ,
        channels=1,
        frames=frames,
    )
    return ClipHead(
        protocol=1,
        maker="a2f-ws/0.1.0",
        source="silence.wav",
        sound=sound,
        poses=poses,
        emotion={"joy": 0.5},
        line=line,
    )


def _opened(fps: int | list[int], *, curves: int, transforms: tuple[str, ...]) -> Opened:
    return Opened(
        sid=1,
        layout=1,
        model="embedded",
        rig="mine",
        fps=fps,
        curves=tuple(f"curve{k}" for k in range(curves)),
        transforms=transforms,
        row=curves + 7 * len(transforms),
        idle={"blinkLeft": (0, 0.5)},
        look_ahead_us=120_000,
        look_back_us=260_000,
        credit_us=60_000_000,
    )


def _rows(poses: int, curves: int, *, transforms: int) -> Floats:
    """Curves that rise, heads that turn to one side and back."""
    rows: Floats = np.zeros((poses, curves + 7 * transforms), np.float32)
    for k in range(poses):
        rows[k, :curves] = (np.arange(curves) + k) / 64
        for at in range(curves, rows.shape[1], 7):
            rows[k, at : at + 4] = (0.0, 0.28, 0.0, 0.96) if k % 2 else (0.0, 0.0, 0.0, 1.0)
            rows[k, at + 4 :] = (k / 128, -0.25, 0.0)
    return rows


def _file(parts: list[Part]) -> bytes:
    return MAGIC + b"".join(map(pack_part, parts))


def _changed(parts: list[Part], number: int, **fields: object) -> bytes:
    """The file with other values in one of its parts, whatever they may be."""
    frames = [pack_part(part) for part in parts]
    frames[number] = _framed({**_plain(parts[number]), **fields})
    return MAGIC + b"".join(frames)


def _framed(plain: dict[str, object]) -> bytes:
    """Any map as a part of a file."""
    frame = pack(plain, False)
    if isinstance(frame, str):
        raise TypeError("found a text, wanted msgpack")
    return HEADER.pack(0xC6, len(frame)) + frame


def _short(head: Part) -> dict[str, object]:
    """The sound of a head with a hash that lacks a byte."""
    sound = msgspec.to_builtins(head.sound if isinstance(head, ClipHead) else None)
    return {**sound, "hash": bytes(31)}


def _broken(part: Part) -> bytes:
    data = bytearray(part.data if isinstance(part, Poses) else b"")
    data[:4] = np.array([np.nan], "<f4").tobytes()
    return bytes(data)


def _plain(part: Part) -> dict[str, object]:
    plain: dict[str, object] = msgspec.to_builtins(part, builtin_types=(bytes,))
    return plain


def _numbers(row: Floats) -> list[float]:
    return [float(value) for value in row]
