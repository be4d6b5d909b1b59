"""`models`, `rigs` and `doctor`."""

import shutil
import socket

from a2f_ws.commands import doctor
from a2f_ws.inference import gpu_open
from a2f_ws.inference.bundle import embedded_path
from a2f_ws.settings import Settings
from tests.gpu.double.card import machine_of
from tests.gpu.double.cuda import Runtime


def test_models_lists_the_embedded_one_and_those_named(run, tmp_path):
    folder = shutil.copytree(embedded_path(), tmp_path / "mine")
    done = run("models", "--model", folder)
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0].split() == ["model", "gives", "look-ahead", "emotions", "runs", "on", "folder"]
    assert "68 weights" in lines[1]
    assert "ONNX Runtime" in lines[1]
    assert str(folder) in done.out


def test_models_says_which_bundle_is_missing(run):
    done = run("models", "--model", "nowhere")
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert "nowhere: no such bundle" in done.err


def test_rigs_lists_names_titles_and_ranges(run):
    done = run("rigs")
    assert (done.code, done.err) == (0, "")
    line = next(line for line in done.out.splitlines() if line.startswith("arkit"))
    assert "0 to 1" in line
    assert " 68 " in line


def test_rigs_tells_a_mistake_in_a_table(run, tmp_path):
    (tmp_path / "bad.toml").write_text("title = 1\n", "utf-8")
    done = run("rigs", "--rigs", tmp_path)
    assert (done.code, "bad.toml" in done.err) == (2, True)


def test_doctor_finds_that_speech_can_be_animated(run):
    done = run("doctor")
    assert (done.code, done.err) == (0, "")
    backends = ("--backend tensorrt", "--backend onnx")
    for subject in ("Python", "CPU features", "embedded model", "rigs", "ONNX Runtime", *backends):
        assert f" {subject} " in done.out
    assert "before it refuses more" in " ".join(done.out.split())
    assert done.out.splitlines()[-1].startswith("Speech can be animated here.")


def test_doctor_says_when_the_default_port_is_taken(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as other:
        monkeypatch.setattr(doctor, "Settings", lambda: Settings(port=other.getsockname()[1]))
        (finding,) = [one for one in doctor.examine() if one.subject == "default port"]
    assert finding.state == "no"
    assert "is taken" in finding.text


def test_doctor_fails_where_the_model_is_missing(run, monkeypatch, tmp_path):
    monkeypatch.setattr("a2f_ws.commands.loading.embedded_path", lambda: tmp_path)
    done = run("doctor")
    assert done.code == 1
    assert "Speech cannot be animated here: embedded model." in done.out


def test_the_program_says_its_version_and_its_commands(run):
    assert run("--version").out.startswith("a2f-ws ")
    listed = run("--help").out
    for name in ("serve", "animate", "talk", "demo", "models", "rigs", "doctor"):
        assert f" {name} " in listed
    assert run("nonsense").code == 2


def test_doctor_lists_the_cards_that_devices_can_name(monkeypatch):
    cards = machine_of(2)
    cards[1].memory_bytes = 24 << 30
    monkeypatch.setattr(gpu_open, "import_module", lambda name: Runtime(*cards))
    found = {one.subject: one for one in doctor.examine() if one.subject.startswith("GPU")}
    assert list(found) == ["GPU 0", "GPU 1"]
    assert found["GPU 0"].text.endswith("used unless --devices says otherwise")
    assert found["GPU 1"].text == (
        "NVIDIA Played 4090, compute capability 8.9, 24 GiB; --devices 1 or 0,1 uses it"
    )
