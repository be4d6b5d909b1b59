import io
import struct
import tracemalloc
import zlib

import numpy as np
import pytest

from a2f_ws.errors import ModelError
from a2f_ws.inference import npz, npz_entry
from a2f_ws.inference.npz import Archive

GRID = np.arange(24, dtype=np.float32).reshape(4, 3, 2)


def _read(path, shape=(4, 3, 2)):
    with Archive(path) as archive:
        return archive.read("a", dtype=np.float32, shape=shape)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "some.npz"


def _bomb(path, size, *, header):
    """An entry that unpacks to `size` zeros after a header."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(header) + packer.compress(bytes(size)) + packer.flush()
    content = header + bytes(size)
    name, crc = b"a.npy", zlib.crc32(content)
    sizes = struct.pack("<III", crc, len(packed), len(content))
    local = b"PK\x03\x04" + struct.pack("<HHHHH", 20, 0, 8, 0, 33) + sizes
    central = b"PK\x01\x02" + struct.pack("<HHHHHH", 20, 20, 0, 8, 0, 33) + sizes
    local += struct.pack("<HH", len(name), 0) + name
    central += struct.pack("<HHHHHII", len(name), 0, 0, 0, 0, 0, 0) + name
    start = len(local) + len(packed)
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), start, 0)
    path.write_bytes(local + packed + central + end)


@pytest.mark.parametrize(
    ("shape", "text"),
    [((4, 3, 2), r"found \d+ bytes, wanted \d+ as its header says"),
     ((1 << 24,), r"found float32 \(16777216,\), wanted float32 \(4, 3, 2\)")],
)  # fmt: skip
def test_a_zip_bomb_is_refused_without_its_memory(path, shape, text):
    header = io.BytesIO()
    description = {"descr": "<f4", "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(header, description)
    _bomb(path, 1 << 26, header=header.getvalue())
    tracemalloc.start()
    try:
        with pytest.raises(ModelError, match=rf"some\.npz: a: {text}"):
            _read(path)
        assert tracemalloc.get_traced_memory()[1] < 1 << 22
    finally:
        tracemalloc.stop()


def test_more_than_deflate_can_hold_is_refused_unread(path):
    np.savez_compressed(path, a=GRID)
    whole = bytearray(path.read_bytes())
    directory = whole.index(b"PK\x01\x02")
    struct.pack_into("<I", whole, directory + 24, 1 << 30)
    path.write_bytes(bytes(whole))
    with pytest.raises(ModelError, match=r"some\.npz: a: found 1073741824 bytes said to be in"):
        _read(path)


def test_bounds_hold_for_an_array_for_a_file_and_for_its_entries(path, monkeypatch):
    np.savez(path, a=GRID, b=GRID)
    monkeypatch.setattr(npz, "TOTAL_MAX", 300)
    with pytest.raises(ModelError, match=r"found 2 arrays of \d+ bytes, wanted at most"):
        Archive(path)
    monkeypatch.undo()
    monkeypatch.setattr(npz, "ENTRIES_MAX", 1)
    with pytest.raises(ModelError, match=r"found 2 arrays"):
        Archive(path)
    monkeypatch.undo()
    monkeypatch.setattr(npz_entry, "ENTRY_MAX", 100)
    with pytest.raises(ModelError, match=r"a: found 224 bytes said to be in"):
        _read(path)
    monkeypatch.undo()
    monkeypatch.setattr(npz_entry, "FREE_MAX", 95)
    assert _read(path).shape == (4, 3, 2)
    with pytest.raises(ModelError, match=r"a: found float32 \(4, 3, 2\), wanted at most 95 bytes"):
        _read(path, shape=(None, 3, 2))
