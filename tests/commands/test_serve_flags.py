"""What the flags of `serve` that concern backends do to the settings, and these to the backend."""

import pytest

from a2f_ws.commands import serve
from a2f_ws.commands.loading import load_model, wishes_of
from a2f_ws.inference.means import Means
from a2f_ws.settings import Settings


@pytest.fixture
def settled(run, monkeypatch):
    """The settings that flags lead to: `settled("--backend", "onnx")`."""

    def call(*flags):
        found = []
        monkeypatch.setattr(serve, "run", lambda read, *_, **__: found.append(read()))
        done = run("serve", *flags)
        assert done.code == 0, done.err
        return found[0]

    return call


def test_every_flag_of_a_backend_is_a_setting(settled):
    flags = ["--backend", "tensorrt-rtx", "--cuda", "pycuda", "--cuda-graphs", "--no-cpu-fallback"]
    more = ["--engines", "there", "--threads", "3", "--workers", "4", "--devices", "1,0"]
    settings = settled(*flags, *more)
    assert wishes_of(settings, None).means == Means(
        workers=4,
        devices=(1, 0),
        backend="tensorrt-rtx",
        cuda="pycuda",
        has_graphs=True,
        threads=3,
        engines="there",
        may_fall=False,
    )


def test_without_flags_the_best_backend_is_taken_and_the_cpu_may_take_over(settled):
    settings = settled()
    assert wishes_of(settings, None).means == Means(backend="auto", workers=0)
    assert settings.cpu_fallback
    assert settled("--cpu-fallback").cpu_fallback


def test_a_flag_wins_over_the_environment_in_either_direction(settled, monkeypatch):
    monkeypatch.setenv("A2F_CPU_FALLBACK", "false")
    assert not settled().cpu_fallback
    assert settled("--cpu-fallback").cpu_fallback
    monkeypatch.setenv("A2F_CPU_FALLBACK", "true")
    assert not settled("--no-cpu-fallback").cpu_fallback


def test_an_unknown_backend_is_told_with_those_there_are(run):
    done = run("serve", "--backend", "opencl")
    assert done.code == 2
    assert "backend: found 'opencl', wanted one of auto, onnx, tensorrt" in done.err


def test_a_model_is_loaded_with_the_means_that_are_wished_for():
    wishes = wishes_of(Settings(backend="onnx", threads=2), None)
    name = load_model("embedded", wishes).pipeline.backend.name
    assert (name.startswith("ONNX Runtime"), "2 threads" in name) == (True, True)


@pytest.mark.parametrize(("flag", "found"), [("9", 9), ("auto", "auto")])
def test_the_most_sessions_of_a_server_are_a_number_or_what_there_is_room_for(settled, flag, found):
    assert settled("--max-sessions", flag).max_sessions == found
    assert settled("--max-sessions", flag).sessions_per_connection == 64
