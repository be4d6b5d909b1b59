import onnx
import pytest

from a2f_ws.inference.bundle import load_bundle
from a2f_ws.inference.onnx_precision import precision_of
from tests.data.block_bundles import write_gru
from tests.data.bundles import write_blendshape
from tests.data.windowed import windowed_path, write_windowed

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture
def bundle(tmp_path):
    """A bundle of one face per window."""
    return write_windowed(tmp_path / "mine")


def test_halves_say_how_far_they_are_from_the_original_and_are_recommended(run, bundle, clip):
    done = run("models", "convert", bundle, "--fp16", "--verify", "--speech", clip)
    made = bundle.with_name("mine-fp16")
    assert (done.code, done.err) == (0, "")
    assert "error of the weights on 10 faces: 0.000" in done.out
    assert f"recommended: a2f-ws serve --model {made}" in done.out
    assert precision_of(made / "network.onnx") == "fp16"
    assert load_bundle(made).name == load_bundle(bundle).name
    others = {path.name for path in bundle.iterdir()}
    assert {path.name for path in made.iterdir()} == others


def test_without_comparing_nothing_is_recommended(run, bundle, tmp_path):
    done = run("models", "convert", bundle, "--fp16", "-o", tmp_path / "there")
    assert (done.code, "recommended" in done.out) == (0, False)
    assert "--verify" in done.err
    assert precision_of(tmp_path / "there" / "network.onnx") == "fp16"


@pytest.mark.parametrize("others", [[], ["--cpu"]])
def test_eighths_are_calibrated_with_the_speech_that_is_given(run, bundle, clip, others):
    done = run("models", "convert", bundle, "--int8", *others, "--speech", clip, "--verify")
    made = bundle.with_name("mine-int8") / "network.onnx"
    assert done.code == 0, done.err
    assert precision_of(made) == "int8"
    types = {
        tensor.data_type
        for tensor in onnx.load(made).graph.initializer
        if tensor.name.endswith("_zero_point") and not tensor.name.startswith("onnx::")
    }
    unsigned = onnx.TensorProto.UINT8 in types
    assert unsigned == bool(others)


def test_what_strays_too_far_is_advised_against(run, bundle, clip, monkeypatch):
    monkeypatch.setattr("a2f_ws.commands.model_convert.WORST_RMS", 1e-9)
    done = run("models", "convert", bundle, "--fp16", "--verify", "--speech", clip)
    assert done.code == 2
    assert "not recommended: wanted at most 1e-09 RMS" in done.err
    assert "recommended: a2f-ws serve" not in done.out


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (["--int8"], "--speech: found no files"),
        (["--fp16", "--speech", "gone.wav"], "gone.wav: no such file"),
        (["--fp16", "-o", "."], ".: is there already"),
        ([], "--fp16 and --int8"),
        (["--fp16", "--int8"], "--fp16 and --int8"),
        (["--fp16", "--cpu"], "--cpu goes with --int8 only"),
    ],
)
def test_what_cannot_be_converted_is_told_and_leaves_nothing(run, bundle, words, fault):
    before = set(bundle.parent.iterdir())
    done = run("models", "convert", bundle, *words)
    assert done.code == 2
    assert fault in " ".join(done.err.replace("│", " ").split())
    assert set(bundle.parent.iterdir()) == before


def test_what_was_converted_is_not_converted_again(run, bundle):
    run("models", "convert", bundle, "--fp16")
    done = run("models", "convert", bundle.with_name("mine-fp16"), "--fp16")
    assert (done.code, "found fp16, wanted a network in float32" in done.err) == (2, True)


def test_weights_that_halves_cannot_hold_stay_whole(tmp_path, run):
    """A constant below what float16 has would become 0, and its logarithm infinite."""
    from a2f_ws.inference.onnx_fp16 import to_fp16

    model = onnx.load(windowed_path() / "network.onnx")
    to_fp16(model)
    kinds = {tensor.name: tensor.data_type for tensor in model.graph.initializer}
    leading = [node for node in model.graph.node if node.op_type == "Log"]
    assert len(leading) > 0
    wide = {name for node in leading for name in node.input}
    assert not any(name.endswith("__fp16") for name in wide)
    assert onnx.TensorProto.FLOAT16 in kinds.values()
    assert onnx.TensorProto.FLOAT in kinds.values()
    onnx.checker.check_model(model, full_check=True)


def test_a_network_with_networks_inside_is_refused(tmp_path, run):
    folder = write_blendshape(tmp_path / "tiny")
    model = onnx.load(folder / "network.onnx")
    model.graph.node[0].op_type = "Loop"
    onnx.save(model, folder / "network.onnx")
    done = run("models", "convert", folder, "--fp16")
    assert (done.code, "found operators Loop" in done.err) == (2, True)
    assert not folder.with_name("tiny-fp16").exists()


@pytest.mark.parametrize("option", ["--backend", "--cuda"])
def test_a_build_with_something_unknown_is_an_error_of_the_user(run, bundle, option):
    done = run("models", "build", bundle, option, "opencl")
    assert (done.code, f"{option}: found 'opencl', wanted one of auto, " in done.err) == (2, True)


def test_without_a_library_a_build_says_what_to_install(run, bundle, monkeypatch):
    from a2f_ws.errors import ModelError

    def find(kind):
        raise ModelError(f"not installed ({kind})")

    monkeypatch.setattr("a2f_ws.commands.model_build.find_library", find)
    done = run("models", "build", bundle)
    assert done.code == 2
    assert "tensorrt: not installed (tensorrt)" in done.err
    assert "tensorrt-rtx: not installed (tensorrt-rtx)" in done.err
    assert run("models", "build", bundle, "--backend", "tensorrt").err.count("error") == 1


@pytest.mark.parametrize("words", [["convert", "--fp16"], ["build"]])
def test_networks_in_blocks_are_not_converted_nor_built(run, tmp_path, words):
    folder = write_gru(tmp_path / "gru")
    done = run("models", words[0], folder, *words[1:])
    assert done.code == 2
    assert "found a network that gives faces in blocks" in done.err
    assert not folder.with_name("gru-fp16").exists()
