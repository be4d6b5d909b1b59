"""The rules of model bundles, as NVIDIA's SDK has them, on synthetic ones."""

import json
from dataclasses import replace

import numpy as np
import pytest

from a2f_ws.inference.bundle import load_bundle
from a2f_ws.inference.model_data import read_model_data
from a2f_ws.inference.solver_data import read_solver_data
from a2f_ws.names import ARKIT, EMOTIONS, TONGUE
from training import make_bundle
from training.bundle.size import SIZES
from training.bundle.writer import write_bundle

FILES = {
    "README.md", "bs_skin.npz", "bs_skin_config.json", "bs_tongue.npz", "bs_tongue_config.json",
    "implicit_emo_db.npz", "model.json", "model_config.json", "model_data.npz", "network.onnx",
    "network_info.json", "trt_info.json",
}  # fmt: skip


@pytest.fixture(scope="module", params=["tiny", "small"])
def bundle(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("bundle")
    return write_bundle(folder, size=request.param), SIZES[request.param]


def content(folder, name):
    return json.loads((folder / name).read_text())


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_bundle_has_the_files_of_a_downloaded_one_and_says_what_it_is(bundle):
    folder, _ = bundle
    assert {path.name for path in folder.iterdir()} == FILES
    card = (folder / "README.md").read_text()
    assert "CC0" in card
    assert "no\ncharacter" in card


def test_the_manifest_names_the_engine_that_a_download_does_not_have(bundle):
    folder, _ = bundle
    manifest = content(folder, "model.json")
    assert list(manifest) == [
        "networkInfoPath", "networkPath", "emotionDatabasePath", "modelConfigPath",
        "modelDataPath", "blendshapePaths",
    ]  # fmt: skip
    solver = manifest.pop("blendshapePaths")
    assert solver == {
        part: {"config": f"bs_{part}_config.json", "data": f"bs_{part}.npz"}
        for part in ("skin", "tongue")
    }
    assert manifest.pop("networkPath") == "network.trt"
    assert set(manifest.values()) <= FILES


def test_network_info_has_the_sizes_of_the_arrays(bundle):
    folder, size = bundle
    info = content(folder, "network_info.json")
    assert (info["id"]["type"], info["id"]["output"]) == ("regression", "geometry")
    params = info["params"]
    assert params["explicit_emotions"] == list(EMOTIONS)
    assert params["default_emotion"] == [0.0] * 10
    sizes = [params[key] for key in list(params) if key.startswith(("num_", "result_", "implicit"))]
    assert sizes == [
        16, size.shapes, size.tongue_shapes, size.vertices, size.tongue_vertices, 15, 4,
    ]  # fmt: skip
    half = size.window // 2
    assert list(info["audio_params"].values()) == [size.window, half, 16000]


def test_trt_info_can_be_formatted_with_its_defaults(bundle):
    folder, size = bundle
    info = content(folder, "trt_info.json")
    lines = [line for part in info["trt_build_param"].values() for line in part]
    formatted = [line.format(**info["defaults"]) for line in lines]
    assert f"--maxShapes=input:128x1x{size.window},emotion:128x1x26" in formatted
    assert f"--minShapes=input:1x1x{size.window},emotion:1x1x26" in formatted


@pytest.mark.parametrize(
    "figures",
    [
        {"input_strength": 1.3, "lower_face_strength": 1.4, "source_frame": 220},
        {"input_strength": 1.0, "lower_face_smoothing": 0.006, "source_frame": 212},
    ],
)
def test_the_face_parameters_are_marks_or_claires(tmp_path, figures):
    name = "mark" if figures["input_strength"] > 1.0 else "claire"
    write_bundle(tmp_path, size=replace(SIZES["tiny"], figures=name))
    config = content(tmp_path, "model_config.json")["config"]
    assert len(config) == 26
    assert list(config)[-2:] == ["source_shot", "source_frame"]
    assert figures.items() <= config.items()


@pytest.mark.parametrize("part", ["skin", "tongue"])
def test_the_solver_has_marks_figures_and_its_box_fits_the_mesh(bundle, part):
    folder, _ = bundle
    params = content(folder, f"bs_{part}_config.json")["blendshape_params"]
    names = ARKIT if part == "skin" else TONGUE
    lists = [
        params[f"bs{name}"]
        for name in (
            "SolveActivePoses", "SolveCancelPoses", "SolveSymmetryPoses", "WeightMultipliers",
            "WeightOffsets",
        )
    ]  # fmt: skip
    assert params["numPoses"] == len(names)
    assert {len(values) for values in lists} == {len(names)}
    assert set(lists[1]) == {-1}
    assert set(lists[4]) == {0.0}
    pairs = [number for number in lists[2] if number >= 0]
    assert all(pairs.count(number) == 2 for number in pairs)
    if part == "skin":
        assert sum(lists[0]) == 43
        assert len(pairs) == 26
        assert params["strengthTemporalSmoothing"] == 0.3
    else:
        assert (sum(lists[0]), pairs) == (16, [])
        assert {i: m for i, m in enumerate(lists[3]) if m != 1.0} == {0: 2.0, 4: 3.0, 13: 2.0}
    neutral = np.load(folder / f"bs_{part}.npz")["neutral"]
    diagonal = np.linalg.norm(np.ptp(neutral, axis=0))
    assert diagonal == pytest.approx(params["templateBBSize"], rel=1e-5)


def test_the_poses_that_the_solver_balances_are_left_and_right(bundle):
    folder, _ = bundle
    numbers = content(folder, "bs_skin_config.json")["blendshape_params"]["bsSolveSymmetryPoses"]
    for number in range(13):
        left, right = (ARKIT[i] for i, other in enumerate(numbers) if other == number)
        assert (left.removesuffix("Left"), left[-4:]) == (right.removesuffix("Right"), "Left")


def test_the_same_seed_gives_the_same_bytes_and_another_one_others(tmp_path, bundle):
    folder, size = bundle
    again = contents(write_bundle(tmp_path / "again", size=size))
    other = contents(write_bundle(tmp_path / "other", size=size, seed=1))
    assert again == contents(folder)
    assert {name for name in again if again[name] != other[name]} == {
        "README.md", "bs_skin.npz", "bs_tongue.npz", "implicit_emo_db.npz", "model_data.npz",
        "network.onnx", "network_info.json",
    }  # fmt: skip


def test_the_reader_of_the_server_takes_it(bundle):
    folder, size = bundle
    read = load_bundle(folder)
    assert (read.kind, read.buffer_len, read.network.name) == (
        "geometry", size.window, "network.onnx",
    )  # fmt: skip
    skin = read_solver_data(
        folder / "bs_skin_config.json", folder / "bs_skin.npz", vertex_count=size.vertices
    )
    assert skin.deltas.shape == (52, size.frontal, 3)
    data = read_model_data(read, vertices=skin.vertices)
    assert data.skin_basis.shape == (size.shapes, size.frontal, 3)


def test_the_command_takes_sizes_and_tells_what_it_wrote(tmp_path, capsys):
    code = make_bundle.main(
        [str(tmp_path), "--size", "tiny", "--vertices", "600", "--shapes", "8", "--window", "640"]
    )
    assert code == 0
    info = content(tmp_path, "network_info.json")
    assert (info["params"]["num_verts_skin"], info["audio_params"]["buffer_len"]) == (600, 640)
    assert np.load(tmp_path / "bs_skin.npz")["frontalMask"].shape == (360,)
    assert "model_data.npz" in capsys.readouterr().out


def test_the_command_refuses_more_shapes_than_a_mesh_can_carry(tmp_path, capsys):
    with pytest.raises(SystemExit):
        make_bundle.main([str(tmp_path), "--size", "tiny", "--shapes", "890"])
    assert "shapes: found 890, wanted fewer" in capsys.readouterr().err
