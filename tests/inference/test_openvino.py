import threading
from dataclasses import replace

import numpy as np
import pytest

from a2f_ws.errors import MisuseError, ModelError
from a2f_ws.inference.onnx import OnnxBackend
from a2f_ws.inference.openvino import OpenVinoBackend

pytest.importorskip("openvino", reason="openvino is not installed: nox -s backends")


@pytest.fixture(scope="module")
def backend(bundle):
    return OpenVinoBackend(bundle)


def inputs(rows):
    random = np.random.default_rng(rows)
    windows = (random.standard_normal((rows, 8320)) * 0.1).astype(np.float32)
    return windows, random.random((rows, 26), np.float32)


def test_it_gives_what_onnx_runtime_gives(backend, bundle):
    windows, emotions = inputs(9)
    wanted = OnnxBackend(bundle).run(windows, emotions)
    found = backend.run(windows, emotions)
    assert (found.dtype, found.shape) == (np.float32, (9, 87))
    # Sums in another order: some units in the last place of values up to 1.
    assert np.abs(found - wanted).max() < 2e-5


def test_a_row_has_the_same_bits_in_any_company(backend):
    windows, emotions = inputs(9)
    together = backend.run(windows, emotions)
    alone = np.concatenate([backend.run(windows[[k]], emotions[[k]]) for k in range(9)])
    assert together.tobytes() == alone.tobytes()


def test_it_says_what_it_is_and_what_it_costs(backend):
    assert backend.name.startswith("OpenVINO 20")
    assert backend.cost_s > 0.0
    assert backend.max_batch == 64


def test_a_network_that_is_not_the_bundles_is_refused(bundle, tmp_path):
    with pytest.raises(ModelError, match=r"input: found FLOAT \(-1, 1, 8320\), wanted"):
        OpenVinoBackend(replace(bundle, buffer_len=8000))
    (tmp_path / "network.onnx").write_bytes(b"no network")
    with pytest.raises(ModelError, match="cannot be loaded"):
        OpenVinoBackend(replace(bundle, network=tmp_path / "network.onnx"))
    with pytest.raises(ModelError, match=r"needs the \.onnx file"):
        OpenVinoBackend(replace(bundle, network=tmp_path / "network.trt"))


def test_wrong_rows_and_a_closed_backend_are_our_own_mistakes(bundle):
    backend = OpenVinoBackend(bundle, threads=1)
    windows, emotions = inputs(2)
    for wrong in ((windows[:0], emotions[:0]), (windows[:, 1:], emotions), (windows, emotions[:1])):
        with pytest.raises(MisuseError):
            backend.run(*wrong)
    backend.close()
    backend.close()
    with pytest.raises(MisuseError, match="closed"):
        backend.run(windows, emotions)


def test_workers_share_one_network_and_have_the_same_bits_at_a_time(bundle):
    first = OpenVinoBackend(bundle, threads=1, workers=3)
    others = [first.beside(), first.beside()]
    rows = [inputs(count) for count in (5, 7, 9)]
    wanted = [OpenVinoBackend(bundle, threads=1).run(*row).tobytes() for row in rows]
    found = [[] for _ in rows]

    def work(k, backend):
        for _ in range(20):
            found[k].append(backend.run(*rows[k]).tobytes())

    pairs = enumerate((first, *others))
    threads = [threading.Thread(target=work, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [set(one) for one in found] == [{one} for one in wanted]
    assert all(other._compiled is first._compiled for other in others)
    first.close()
    assert others[0].run(*rows[0]).tobytes() == wanted[0]
