"""Makes the plugin's icon and its bundled line of speech; run it in the checkout.

It wants what `a2f_ws` wants.

The icon is drawn here, pixel by pixel. The line is `a2f_ws/samples/speech.flac`, sample for sample.
"""

import argparse
import io
import struct
import sys
import wave
import zlib
from pathlib import Path
from typing import Final

import soundfile

RESOURCES: Final = Path(__file__).parent / "Plugins" / "A2FWS" / "Resources"
SPEECH: Final = Path(__file__).parents[1] / "a2f_ws" / "samples" / "speech.flac"
SIDE: Final = 128
"""Pixels of the icon, as Unreal wants it."""

WAVES: Final = {*range(51, 55), *range(64, 71)}
"""How far from the mouth waves are, in pixels."""
GROUND, FACE, LINE = (24, 32, 48), (240, 190, 150), (60, 200, 170)


def pixel(x: int, y: int) -> tuple[int, int, int]:
    """Colour of a pixel, 0 … 255 each: a mouth that speaks, and waves of sound beside it."""
    mouth = ((x - 46) / 26) ** 2 + ((y - 64) / 17) ** 2
    lips = ((x - 46) / 38) ** 2 + ((y - 64) / 30) ** 2
    if mouth <= 1.0:
        return GROUND
    if lips <= 1.0:
        return FACE
    away = ((x - 46) ** 2 + (y - 64) ** 2) ** 0.5
    is_beside = abs(y - 64) < 0.75 * (x - 46)
    return LINE if is_beside and int(away) in WAVES else GROUND


def icon() -> bytes:
    """A PNG of 8 bits RGB; no time or name of a program is in it."""
    rows = b"".join(
        b"\0" + bytes(value for x in range(SIDE) for value in pixel(x, y)) for y in range(SIDE)
    )

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)
    parts = (chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(rows, 9)), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def speech() -> bytes:
    """The bundled line as RIFF WAVE, 16 bit mono."""
    samples, rate = soundfile.read(SPEECH, dtype="int16")
    target = io.BytesIO()
    with wave.open(target, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes(samples.tobytes())
    return target.getvalue()


def pixels_of(png: bytes) -> bytes:
    """What an icon shows; how well it is packed differs between versions of zlib."""
    at, size = png.index(b"IDAT"), png.index(b"IEND")
    return zlib.decompress(png[at + 4 : size - 8])


def main() -> int:
    """Write both, or say what is otherwise."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail where a file is otherwise"
    )
    check = parser.parse_args().check
    is_well = True
    for path, content in (
        (RESOURCES / "Icon128.png", icon()),
        (RESOURCES / "Speech" / "speech.wav", speech()),
    ):
        if check:
            found = path.read_bytes() if path.is_file() else b""
            is_same = found == content
            if found and path.suffix == ".png":
                is_same = pixels_of(found) == pixels_of(content)
            is_well = is_well and is_same
            print(f"{path.name}: {'as made' if is_same else 'is otherwise'}")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main())
