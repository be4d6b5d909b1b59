import multiprocessing
import os
import signal
import sys
import time
from dataclasses import fields, replace

import pytest

from a2f_ws.errors import ModelError
from a2f_ws.inference import plan_cache
from a2f_ws.inference.plan_cache import Key, PlanCache, digest_of, plans_folder

KEY = Key(network="aa", library="TensorRT 10.14", gpu="card (8, 9)", precision="fp32", profile="1")
SPAWN = multiprocessing.get_context("spawn")


def refuse():
    raise AssertionError("it was to be found")


def build_slowly(folder, log):
    """One of several processes that want the same engine."""

    def build():
        with open(log, "a", encoding="utf-8") as file:
            file.write("built\n")
        time.sleep(0.3)
        return b"engine"

    sys.exit(0 if PlanCache(folder).get(KEY, build) == b"engine" else 1)


def build_and_die(folder):
    """A process that is killed while it writes."""
    cache = PlanCache(folder)
    os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)
    cache.get(KEY, lambda: b"half an engine")


def test_an_engine_is_built_once(tmp_path):
    cache = PlanCache(tmp_path / "new" / "folder")
    assert cache.get(KEY, lambda: b"engine") == b"engine"
    assert PlanCache(tmp_path / "new" / "folder").get(KEY, refuse) == b"engine"


@pytest.mark.parametrize("field", [field.name for field in fields(Key)])
def test_whatever_decides_about_an_engine_gives_it_a_file_of_its_own(tmp_path, field):
    cache = PlanCache(tmp_path)
    other = replace(KEY, **{field: "other"})
    cache.get(KEY, lambda: b"one")
    assert cache.get(other, lambda: b"another") == b"another"
    assert cache.get(KEY, refuse) == b"one"


def test_parts_of_a_key_do_not_run_into_each_other():
    assert replace(KEY, library="a", gpu="bc").name != replace(KEY, library="ab", gpu="c").name


def test_an_engine_that_is_forgotten_is_built_again(tmp_path):
    cache = PlanCache(tmp_path)
    cache.get(KEY, lambda: b"old")
    cache.forget(KEY)
    cache.forget(KEY)
    assert cache.get(KEY, lambda: b"new") == b"new"


def test_a_build_that_fails_leaves_nothing_and_no_lock(tmp_path):
    cache = PlanCache(tmp_path)

    def fail():
        raise ModelError("no")

    with pytest.raises(ModelError, match="no"):
        cache.get(KEY, fail)
    assert not cache.path(KEY).exists()
    assert cache.get(KEY, lambda: b"engine") == b"engine"


def test_of_processes_that_start_at_once_one_builds_and_all_get_the_engine(tmp_path):
    log = tmp_path / "log"
    every = [SPAWN.Process(target=build_slowly, args=(tmp_path, log)) for _ in range(3)]
    for one in every:
        one.start()
    for one in every:
        one.join(30)
    assert [one.exitcode for one in every] == [0, 0, 0]
    assert log.read_text(encoding="utf-8") == "built\n"


@pytest.mark.skipif(os.name == "nt", reason="processes are not killed by signals there")
def test_a_process_that_is_killed_while_it_writes_leaves_no_half_engine(tmp_path):
    one = SPAWN.Process(target=build_and_die, args=(tmp_path,))
    one.start()
    one.join(30)
    assert one.exitcode == -signal.SIGKILL
    cache = PlanCache(tmp_path)
    assert len(list(tmp_path.glob("*.part"))) == 1
    assert cache.get(KEY, lambda: b"engine") == b"engine"
    assert list(tmp_path.glob("*.part")) == []


def test_a_folder_that_cannot_be_written_to_is_told(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ModelError, match="engines cannot be kept here"):
        PlanCache(tmp_path / "file").get(KEY, lambda: b"engine")


def test_without_filelock_the_user_is_told_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "filelock", None)
    with pytest.raises(ModelError, match="pip install filelock"):
        PlanCache(tmp_path).get(KEY, lambda: b"engine")


def test_measurements_are_shared_by_engines_of_one_library_on_one_card(tmp_path):
    cache = PlanCache(tmp_path)
    assert cache.timing(KEY) == cache.timing(replace(KEY, network="bb", precision="fp16"))
    assert cache.timing(KEY) != cache.timing(replace(KEY, gpu="another"))


def test_a_network_is_known_by_its_content_and_that_of_its_weights(tmp_path):
    path = tmp_path / "network.onnx"
    path.write_bytes(b"network")
    alone = digest_of(path)
    (tmp_path / "network.onnx.data").write_bytes(b"weights")
    assert digest_of(path) != alone
    with pytest.raises(ModelError, match=r"gone\.onnx: cannot be read"):
        digest_of(tmp_path / "gone.onnx")


def test_the_folder_can_be_named_or_comes_from_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv(plan_cache.FOLDER_VARIABLE, str(tmp_path))
    assert plans_folder() == tmp_path
    assert plans_folder("/elsewhere").name == "elsewhere"
    monkeypatch.delenv(plan_cache.FOLDER_VARIABLE)
    assert plans_folder().name == "engines"
