import argparse
import json

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

pytest.importorskip("scipy")
pytest.importorskip("pocketsphinx")

from training.evaluation import table
from training.evaluation.measures import Row
from training.evaluation.sets import Speech
from training.evaluation.systems import network
from training.evaluation.table import Measured, Ours, report, systems_of
from training.rule import Phone
from training.speech.phones import VISEMES

LENGTH, SAMPLE = 8320, 4160
LOUD = VISEMES.index("aa")


def write_prototype(path, outputs=("arkit", "viseme")):
    """Weights and visemes follow the sample in the middle of the window."""
    to = {name: np.zeros((LENGTH, 52 if name != "viseme" else 14), np.float32) for name in outputs}
    for matrix in to.values():
        matrix[SAMPLE, LOUD] = 1.0
    nodes = [helper.make_node("Flatten", ["input"], ["flat"])]
    nodes += [helper.make_node("MatMul", ["flat", f"to {name}"], [name]) for name in to]
    kinds = [("input", ["B", 1, LENGTH]), ("emotion", ["B", 26])]
    inputs = [helper.make_tensor_value_info(n, TensorProto.FLOAT, s) for n, s in kinds]
    sizes = [(name, ["B", matrix.shape[1]]) for name, matrix in to.items()]
    shown = [helper.make_tensor_value_info(n, TensorProto.FLOAT, s) for n, s in sizes]
    held = [numpy_helper.from_array(matrix, f"to {name}") for name, matrix in to.items()]
    graph = helper.make_graph(nodes, "prototype", inputs, shown, held)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.save(model, path)
    return path


@pytest.fixture
def speech():
    samples = np.zeros(16_000, np.float32)
    samples[8000] = 0.5
    return Speech("click", samples, (Phone("sil", 0.0, 0.4), Phone("aa", 0.4, 1.0)))


@pytest.fixture
def prototype(tmp_path):
    return write_prototype(tmp_path / "first.onnx")


def asked(folder, **changed):
    values = {"network": [], "variant": [], "peers": None, "set": None, "conditions": False}
    return argparse.Namespace(**(values | {"folder": folder} | changed))


def test_the_prototype_is_measured_from_the_middle_of_its_window(prototype, speech):
    done = network(prototype, length=LENGTH)(speech)
    assert np.flatnonzero(done.weights[:, LOUD]).tolist() == [30]
    assert done.visemes[30] == LOUD


def test_another_sample_of_the_window_moves_the_poses(prototype, speech):
    done = network(prototype, length=LENGTH, offset=SAMPLE - 1600)(speech)
    assert np.flatnonzero(done.weights[:, LOUD]).tolist() == [24]


def test_a_network_that_names_nothing_is_refused(tmp_path):
    mute = write_prototype(tmp_path / "mute.onnx", outputs=("result",))
    with pytest.raises(ValueError, match=r"found \['result'\], wanted `numbers`"):
        network(mute, length=LENGTH)


def test_a_network_has_a_name_a_file_and_a_sample(prototype):
    assert Ours.parsed(str(prototype)) == Ours("first", prototype, None)
    assert Ours.parsed(f"0.1.0={prototype}@4160") == Ours("0.1.0", prototype, 4160)


def test_a_missing_file_and_a_wrong_sample_are_told(prototype, tmp_path):
    with pytest.raises(argparse.ArgumentTypeError, match="no file"):
        Ours.parsed(str(tmp_path / "none.onnx"))
    with pytest.raises(argparse.ArgumentTypeError, match="found @soon"):
        Ours.parsed(f"{prototype}@soon")


def test_several_networks_are_systems_of_one_run(prototype, tmp_path):
    other = write_prototype(tmp_path / "other.onnx")
    found = systems_of(
        asked(tmp_path, network=[Ours.parsed(f"a={prototype}")], variant=[Ours.parsed(str(other))])
    )
    assert list(found) == ["rule (oracle)", "energy", "a", "other"]


def row(value):
    return Row(*[value] * 13, recalls=(value,) * len(VISEMES))


def test_what_has_been_measured_is_not_measured_again(prototype, tmp_path):
    one, moved = Ours("a", prototype, None), Ours("a", prototype, 5000)
    Measured(tmp_path / "rows.json", [one]).row("set", "a", measured=lambda: row(0.5))
    again = Measured(tmp_path / "rows.json", [one])
    assert again.row("set", "a", measured=lambda: row(0.9)).micro == 0.5
    elsewhere = Measured(tmp_path / "rows.json", [moved])
    assert elsewhere.row("set", "a", measured=lambda: row(0.9)).micro == 0.9


def test_tuning_again_makes_another_network(prototype):
    one = Ours("a", prototype, None)
    before = one.mark()
    prototype.with_suffix(".json").write_text(json.dumps({"log_prior": [0.0] * 27}))
    assert one.mark() != before


def test_the_variant_is_not_measured_on_speakers_that_it_knows(
    prototype, speech, tmp_path, monkeypatch
):
    sets = {name: (f"Set {name}", lambda _: [speech]) for name in ("june", "librivox")}
    monkeypatch.setattr(table, "SETS", sets)
    monkeypatch.setattr(table, "measure", lambda *_, **__: row(0.5))
    networks = {"network": [Ours("a", prototype, None)], "variant": [Ours("b", prototype, None)]}
    text = report(asked(tmp_path, **networks))
    heard, unheard = text.split("### ")[1:]
    assert "| a |" in heard and "| b |" not in heard
    assert "| a |" in unheard and "| b |" in unheard


def test_one_set_may_be_asked_for_alone(prototype, speech, tmp_path, monkeypatch):
    sets = {name: (f"Set {name}", lambda _: [speech]) for name in ("june", "librivox")}
    monkeypatch.setattr(table, "SETS", sets)
    monkeypatch.setattr(table, "measure", lambda *_, **__: row(0.5))
    text = report(asked(tmp_path, set=["librivox"], network=[Ours("a", prototype, None)]))
    assert "Set librivox" in text
    assert "Set june" not in text
