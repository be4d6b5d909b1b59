"""What a name on the command line means, and which configuration wins."""

import json

import pytest

from a2f_ws.commands.loading import Wishes, find_bundle, load_model, wishes_of
from a2f_ws.commands.pulled import Pulled, pulled_models, pulled_path
from a2f_ws.errors import ConfigError, ModelError
from a2f_ws.settings import Settings, read_settings
from a2f_ws.style.style import SolverStyle, Style
from tests.data.bundles import write_blendshape


def pulled(models, repo, *, files=None):
    """A folder as a pull leaves it."""
    folder = write_blendshape(models / repo.replace("/", "--"))
    sizes = {path.name: {"bytes": path.stat().st_size} for path in folder.iterdir()}
    record = {"repo": repo, "revision": "main", "commit": "c" * 40, "licence": "mine"}
    record["files"] = sizes if files is None else files
    (folder / "pulled.json").write_text(json.dumps(record), "utf-8")
    return folder


@pytest.fixture
def config(tmp_path):
    """A configuration file and a style that say different things of the same."""
    style = tmp_path / "style.yaml"
    style.write_text("face_params: {skin_strength: 0.5, blink_strength: 0.5}\n", "utf-8")
    path = tmp_path / "a2f.toml"
    path.write_text(
        f"[server]\nstyle = '{style}'\n[solver]\nmethod = 'bvls'\n"
        "[face]\nskin_strength = 0.25\nblink_strength = 0.25\ntongue_strength = 0.25\n",
        "utf-8",
    )
    return path


def test_tables_come_before_the_style_and_words_come_last(config):
    settings = read_settings(config, environ={}, flags={})
    wishes = wishes_of(settings, config, words=["blink_strength=0.75"])
    assert wishes.style.params == {
        "skin_strength": 0.5,
        "blink_strength": 0.75,
        "tongue_strength": 0.25,
    }
    assert wishes.method == "bvls"
    assert wishes_of(Settings(solver="exact"), config).method == "exact"
    assert Wishes().method == "admm"
    assert Wishes(style=Style(solver=SolverStyle(method="exact"))).method == "exact"


def test_a_style_that_does_not_fit_stops_the_model_with_its_place(config):
    config.write_text("[face]\nskin_strength = 9\n", "utf-8")
    with pytest.raises(ConfigError, match=r"a2f.toml: \[face\] skin_strength: .*found 9"):
        load_model("embedded", wishes_of(Settings(), config))


def test_a_path_goes_before_a_pulled_model_of_that_name(tmp_path, monkeypatch):
    models = tmp_path / "models"
    found = pulled(models, "maker/Face-v1-Anna")
    monkeypatch.setenv("A2F_MODELS", str(models))
    monkeypatch.chdir(tmp_path)
    assert find_bundle("anna").path == found
    write_blendshape(tmp_path / "anna")
    assert find_bundle("anna").path.resolve() == (tmp_path / "anna").resolve()


def test_a_name_that_means_several_models_lists_them(tmp_path):
    for repo in ("maker/One-Anna", "maker/Two-Anna"):
        pulled(tmp_path, repo)
    with pytest.raises(ModelError, match="wanted one of maker/One-Anna, maker/Two-Anna"):
        pulled_path("anna", tmp_path)
    assert pulled_path("two-anna", tmp_path).name == "maker--Two-Anna"
    assert pulled_path("none", tmp_path) is None


def test_a_version_is_no_name():
    facts = {"revision": "main", "commit": "", "licence": "", "bytes": 0, "path": None}
    assert Pulled(repo="Nv/A2E-v2.2", **facts).names == ("nv/a2e-v2.2", "a2e-v2.2")
    assert Pulled(repo="nv/Face-v1-Anna", **facts).names[-1] == "anna"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda folder: (folder / "network.onnx").unlink(),
        lambda folder: (folder / "network.onnx").write_bytes(b"short"),
        lambda folder: (folder / "pulled.json").write_text("[]", "utf-8"),
        lambda folder: (folder / "pulled.json").write_bytes(b"\xff"),
        lambda folder: folder.rename(folder.with_name(folder.name + ".old")),
    ],
)
def test_what_is_not_whole_is_not_there(tmp_path, spoil):
    folder = pulled(tmp_path, "maker/Face-Anna")
    assert pulled_path("anna", tmp_path) == folder
    spoil(folder)
    assert list(pulled_models(tmp_path)) == []


def test_a_known_model_that_was_not_pulled_says_how_to_get_it(tmp_path):
    for name in ("James", "nvidia/audio2face-3d-v2.3.1-james"):
        with pytest.raises(ModelError, match=r"a2f-ws models pull nvidia/Audio2Face-3D-v2\.3\.1-J"):
            find_bundle(name, str(tmp_path))
    with pytest.raises(ModelError, match="no such bundle"):
        find_bundle("nobody", str(tmp_path))
