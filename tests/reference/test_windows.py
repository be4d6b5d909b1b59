import numpy as np

from a2f_ws.audio.window import Windows

LISTED_MAX = 400


def heard(case, stride):
    """Our windows in the state of a case.

    The SDK gives start and target as offsets from the stride; ours stands on the target, so the
    two offsets have to cancel, as they do in every regression executor.
    """
    assert case["target_offset"] == -case["start_offset"]
    windows = Windows(
        buffer_len=case["window_size"],
        buffer_ofs=case["target_offset"],
        rate=stride(case["stride_num"], case["stride_den"]),
    )
    windows.hear((np.arange(case["n_samples"]) + 1).astype(np.float32))
    if case["closed"]:
        windows.close()
    return windows


def test_as_many_windows_are_available_as_in_the_reference(reference, stride):
    cases = reference("windows").meta["cases"]
    assert len(cases) > 0
    available = [max(heard(case, stride).available - case["read_count"], 0) for case in cases]
    assert available == [case["n_available"] for case in cases]


def test_windows_start_stand_and_end_where_the_reference_has_them(reference, stride):
    """Read off the samples themselves: sample n has the value n + 1."""
    vectors = reference("windows")
    offsets = vectors.arrays["offsets"]
    table = vectors.arrays["window_table"]
    assert len(offsets) == len(vectors.meta["cases"]) + 1
    for i, case in enumerate(vectors.meta["cases"]):
        windows = heard(case, stride)
        rate = stride(case["stride_num"], case["stride_den"])
        last = min(windows.available, case["read_count"] + LISTED_MAX)
        found = []
        for k in range(case["read_count"], last):
            start = rate.sample(k) - case["target_offset"]
            row = np.arange(start, start + case["window_size"])
            wanted = np.where((row >= 0) & (row < case["n_samples"]), row + 1, 0)
            assert np.array_equal(windows.cut(k), wanted)
            found.append([start, rate.sample(k), start + case["window_size"]])
        assert found == table[offsets[i] : offsets[i + 1]].tolist()
