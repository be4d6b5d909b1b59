import io
import tracemalloc
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from a2f_ws.errors import ModelError
from a2f_ws.inference.npz import Archive

GRID = np.arange(24, dtype=np.float32).reshape(4, 3, 2)


def _read(path, name="a", dtype=np.float32, shape=(4, 3, 2)):
    with Archive(path) as archive:
        return archive.read(name, dtype=dtype, shape=shape)


def _npy(array, **changes):
    """The bytes of a `.npy` file, the header's text replaced where asked for."""
    file = io.BytesIO()
    np.lib.format.write_array(file, np.asarray(array))
    content = file.getvalue()
    for found, wanted in changes.get("header", ()):
        assert content.count(found) == 1 and len(found) == len(wanted)
        content = content.replace(found, wanted)
    return content


def _zip(path, *entries, method=zipfile.ZIP_STORED):
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return path


@pytest.fixture
def path(tmp_path):
    return tmp_path / "some.npz"


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_arrays_come_back_as_they_were_saved(path, save):
    save(path, a=GRID, b=np.array([3, -1], np.int32), c=np.zeros((0, 2), np.float32))
    with Archive(path) as archive:
        assert archive.names == ("a", "b", "c")
        assert archive.read("a", dtype=np.float32, shape=(4, None, 2)).tolist() == GRID.tolist()
        b = archive.read("b", dtype=np.int32, shape=(None,))
        assert (b.dtype, b.tolist()) == (np.int32, [3, -1])
        assert archive.read("c", dtype=np.float32, shape=(None, 2)).shape == (0, 2)


@pytest.mark.parametrize("kind", ["S", "U"])
def test_lists_of_texts_are_read_from_bytes_and_from_text(path, kind):
    np.savez(path, names=np.array(["neutral", "jawOpen"], kind))
    with Archive(path) as archive:
        assert archive.texts("names") == ("neutral", "jawOpen")


@given(rows=st.integers(1, 6), count=st.integers(0, 5))
def test_blocks_put_together_are_the_whole_array(tmp_path_factory, rows, count):
    path = tmp_path_factory.mktemp("blocks") / "some.npz"
    array = np.arange(count * 6, dtype=np.float32).reshape(count, 2, 3)
    np.savez(path, a=array)
    with Archive(path) as archive:
        blocks = list(archive.blocks("a", dtype=np.float32, shape=(None, 2, 3), rows=rows))
    assert all(len(block) <= rows for block in blocks)
    assert [row.tolist() for block in blocks for row in block] == array.tolist()


def test_blocks_never_hold_more_than_themselves_in_memory(path):
    np.savez_compressed(path, a=np.ones((64, 1 << 16), np.float32))
    tracemalloc.start()
    try:
        with Archive(path) as archive:
            for block in archive.blocks("a", dtype=np.float32, shape=(64, 1 << 16), rows=4):
                del block
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    whole = 64 * 4 * (1 << 16)
    assert peak < whole / 2


WRONG_ARRAYS = [
    (GRID.astype(np.float64), r"found float64 \(4, 3, 2\), wanted float32 .*nothing is converted"),
    (GRID.astype(np.float16), r"found float16"),
    (GRID.astype(np.int32), r"found int32"),
    (GRID.astype(">f4"), r"found big-endian float32"),
    (GRID.astype(object), r"found object \(4, 3, 2\), wanted float32"),
    (GRID.astype("c8"), r"found complex64"),
    (GRID.view([("x", "<f4")]), r"cannot be read: found a type .*, wanted that of plain numbers"),
    (GRID[:3], r"found float32 \(3, 3, 2\), wanted float32 \(4, 3, 2\)"),
    (GRID.reshape(4, 6), r"found float32 \(4, 6\), wanted float32 \(4, 3, 2\)"),
    (GRID.reshape(-1), r"found float32 \(24,\)"),
    (np.asfortranarray(GRID), r"found float32 \(4, 3, 2\) in Fortran order, wanted .* in C order"),
    (np.where(GRID == 23, np.nan, GRID), r"found nan at \[3, 2, 1\], wanted finite numbers"),
    (np.where(GRID > 8, -np.inf, GRID), r"found -inf at \[1, 1, 1\], wanted finite numbers"),
    (np.where(GRID == 7, 1.1e6, GRID).astype("f4"), r"found 1\.1e\+06 at \[1, 0, 1\], wanted"),
    (np.where(GRID == 7, -1e30, GRID).astype("f4"), r"found -1e\+30 at .*, wanted .* from -1e"),
]  # fmt: skip


@pytest.mark.parametrize(("array", "text"), WRONG_ARRAYS)
def test_an_array_of_another_kind_is_named_with_what_was_found(path, array, text):
    np.savez(path, a=array)
    with pytest.raises(ModelError, match=rf"some\.npz: a: {text}"):
        _read(path)


def test_the_place_of_a_wrong_number_counts_over_all_blocks(path):
    np.savez(path, a=np.where(GRID == 20, np.nan, GRID))
    with Archive(path) as archive, pytest.raises(ModelError, match=r"found nan at \[3, 1, 0\]"):
        list(archive.blocks("a", dtype=np.float32, shape=(4, 3, 2), rows=1))


def test_every_faulty_array_is_told_of(path):
    np.savez(path, a=GRID, b=GRID[:2], c=GRID * np.nan)
    shapes = dict.fromkeys("abcd", GRID.shape)
    with Archive(path) as archive:
        faults = archive.faults(shapes)
    wanted = ("b: found float32 (2, 3, 2)", "c: found nan at [0, 0, 0]", "missing arrays: d")
    assert [text in fault for text, fault in zip(wanted, faults, strict=True)] == [True] * 3


@pytest.mark.parametrize("content", [b"", b"PK", b"not a zip file at all", b"\x93NUMPY\x01\x00"])
def test_a_file_that_is_no_zip_file_is_named(path, content):
    path.write_bytes(content)
    with pytest.raises(ModelError, match=r"some\.npz: cannot be read as \.npz: .*cut short"):
        Archive(path)


def test_a_pointer_of_git_lfs_is_told_as_such(path):
    path.write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n")
    with pytest.raises(
        ModelError, match="pointer of Git LFS, wanted the file itself: run `git lfs p"
    ):
        Archive(path)


def test_a_smaller_bound_may_be_asked_for_but_no_larger_one(path):
    np.savez(path, a=GRID * 1e5, b=GRID)
    with Archive(path) as archive:
        with pytest.raises(ModelError, match=r"a: found 1.1e\+06 at .* from -1e\+06 to 1e\+06"):
            archive.read("a", dtype=np.float32, shape=GRID.shape, most=1e9)
        with pytest.raises(ModelError, match=r"b: found 23 at .*, wanted .* -22.5 to 22.5"):
            archive.read("b", dtype=np.float32, shape=GRID.shape, most=22.5)


def test_a_missing_file_is_named(path):
    with pytest.raises(ModelError, match=r"some\.npz: cannot be read as \.npz: No such file"):
        Archive(path)


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_a_file_cut_anywhere_is_refused(path, save):
    save(path, a=GRID)
    whole = path.read_bytes()
    for length in range(0, len(whole), 7):
        path.write_bytes(whole[:length])
        with pytest.raises(ModelError, match=r"some\.npz"):
            _read(path)


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_a_flipped_bit_of_the_data_is_found_by_the_check_sum(path, save):
    save(path, a=GRID)
    whole = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        info = archive.infolist()[0]
    whole[info.header_offset + 30 + len("a.npy") + 20 + info.compress_size - 5] ^= 1
    path.write_bytes(bytes(whole))
    with pytest.raises(ModelError, match=r"some\.npz: a: (cannot be read|found)"):
        _read(path)


@given(at=st.integers(0, 10_000), to=st.integers(0, 255))
def test_a_changed_byte_gives_the_array_or_a_model_error(tmp_path_factory, at, to):
    path = tmp_path_factory.mktemp("fuzz") / "some.npz"
    np.savez_compressed(path, a=GRID)
    whole = bytearray(path.read_bytes())
    whole[at % len(whole)] = to
    path.write_bytes(bytes(whole))
    try:
        assert _read(path).tolist() == GRID.tolist()
    except ModelError as error:
        assert "some.npz" in str(error)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", r"cannot be read"),
        (b"\x93NUMPY", r"cannot be read"),
        (b"\x93NUMPY\x03\x00" + _npy(GRID)[8:], r"cannot be read: found \.npy version \(3, 0\)"),
        (_npy(GRID)[:-4], r"found \d+ bytes, wanted \d+ as its header says"),
        (_npy(GRID) + b"more", r"found \d+ bytes, wanted \d+ as its header says"),
        (_npy(GRID, header=[(b"(4, 3, 2)", b"(4, 3, -)")]), r"cannot be read"),
        (_npy(GRID, header=[(b"(4, 3, 2)", b"(4,-3,-2)")]), r"cannot be read: found a shape"),
        (_npy(GRID, header=[(b"'shape'", b"'shade'")]), r"cannot be read: 'shape'"),
        (_npy(GRID, header=[(b"'<f4'", b"'<q9'")]), r"cannot be read"),
        (_npy(GRID, header=[(b"(4, 3, 2)", b"[[[[[[[[[")]), r"cannot be read"),
        (_npy(GRID, header=[(b"'<f4'", b"'\\xf'")]), r"cannot be read"),
    ],
)
def test_a_broken_header_is_refused_before_any_data(path, content, text):
    _zip(path, ("a.npy", content))
    with pytest.raises(ModelError, match=rf"some\.npz: a: {text}"):
        _read(path)


def test_entries_that_are_no_arrays_are_passed_by(path):
    _zip(path, ("a.npy", _npy(GRID)), ("readme.txt", b"hello"), ("b", b""))
    assert _read(path).tolist() == GRID.tolist()
    with Archive(path) as archive:
        assert archive.names == ("a",)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_array_that_is_there_twice_is_refused(path):
    _zip(path, ("a.npy", _npy(GRID)), ("a.npy", _npy(GRID)))
    with pytest.raises(ModelError, match=r"some\.npz: a: found twice"):
        Archive(path)


def test_a_missing_array_is_named(path):
    np.savez(path, b=GRID)
    with pytest.raises(ModelError, match=r"some\.npz: missing arrays: a$"):
        _read(path)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_compressions_are_refused(path, method):
    _zip(path, ("a.npy", _npy(GRID)), method=method)
    with pytest.raises(ModelError, match=r"some\.npz: a: found compression \d+, wanted 0 "):
        _read(path)


def test_an_encrypted_array_is_refused(path):
    _zip(path, ("a.npy", _npy(GRID)))
    whole = bytearray(path.read_bytes())
    directory = whole.index(b"PK\x01\x02")
    whole[directory + 8] |= 1
    path.write_bytes(bytes(whole))
    with pytest.raises(ModelError, match=r"some\.npz: a: found it encrypted"):
        _read(path)


@pytest.mark.parametrize(
    "array", [np.zeros(2, np.float32), np.array([b"x" * 2000]), np.array(["a"], ">U1"),
              np.array([["a"]]), np.array([object()])],
)  # fmt: skip
def test_what_is_no_list_of_texts_is_refused(path, array):
    np.savez(path, names=array)
    with Archive(path) as archive, pytest.raises(ModelError, match=r"names: .*wanted texts"):
        archive.texts("names")
