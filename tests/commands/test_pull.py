"""`models pull` against a hub in this process, and serving what was pulled."""

import io
import json
import socket
import sys

import pytest

from a2f_ws.commands.hub import Hub
from a2f_ws.commands.hub_files import content_hash
from a2f_ws.errors import ConfigError
from tests.commands.fake_hub import LARGE, REPO, commit_of

pytest.importorskip("huggingface_hub")
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def test_a_model_is_pulled_whole_and_verified_without_what_no_server_needs(pull, hub, models):
    done = pull()
    assert done.code == 0, done.err
    folder = models / "nvidia--Audio2Face-3D-v2.3-Mark"
    there = {path.name for path in folder.iterdir()}
    wanted = set(hub.files) - {"images/face.png", "network.trt", ".gitattributes"}
    assert there == wanted | {"pulled.json"}
    assert all((folder / name).read_bytes() == hub.files[name] for name in wanted)
    assert not any(path.is_symlink() for path in folder.rglob("*"))
    assert [path.name for path in models.iterdir() if path.is_dir()] == [folder.name]
    assert "pulled and verified; serve it with: a2f-ws serve --model mark" in done.out
    record = json.loads((folder / "pulled.json").read_text("utf-8"))
    assert (record["commit"], record["revision"]) == (commit_of(hub.files), "main")


@pytest.mark.parametrize("name", ["mark", "MARK", REPO, REPO.lower(), "audio2face-3d-v2.3-mark"])
def test_what_was_pulled_is_found_by_name_without_a_network(pull, run, clip, name, tmp_path):
    assert pull().code == 0
    done = run("animate", clip, "-o", tmp_path / "face.csv", "--model", name, "--fps", "30")
    assert (done.code, (tmp_path / "face.csv").is_file()) == (0, True), done.err


def test_the_list_of_models_tells_what_was_pulled(pull, run):
    assert pull().code == 0
    listed = run("models").out
    assert REPO in listed
    assert "nvidia-open-model-license" in listed


def test_a_second_pull_does_nothing(pull, hub):
    assert pull().code == 0
    hub.asked.clear()
    done = pull()
    assert (done.code, "is there already" in done.out) == (0, True)
    assert [path for _, path, _ in hub.asked] == [f"/api/models/{REPO}/revision/main"]
    hub.asked.clear()
    assert "is there already" in pull(REPO, "--revision", commit_of(hub.files)).out
    assert hub.asked == []


def test_a_short_name_is_pulled_from_its_repository(pull, hub):
    assert pull("Mark").code == 0
    assert hub.got(LARGE) == [None]


def test_a_cut_connection_is_taken_up_where_it_broke(pull, hub, models, pieces):
    hub.cut[LARGE] = 2_500
    done = pull()
    assert done.code == 0, done.err
    assert hub.got(LARGE) == [None, "bytes=2000-"]
    assert (models / "nvidia--Audio2Face-3D-v2.3-Mark" / LARGE).read_bytes() == hub.files[LARGE]


def test_a_pull_that_was_broken_off_never_looks_whole_and_goes_on(pull, run, hub, pieces, clip):
    hub.cut[LARGE], hub.dies = 2_500, True
    done = pull()
    assert (done.code, "the next pull goes on from there" in done.err) == (2, True), done.err
    done = run("animate", clip, "-o", "face.csv", "--model", "mark")
    assert "mark: not pulled yet; run: a2f-ws models pull" in done.err
    hub.is_down = hub.dies = False
    before = {name: len(hub.got(name)) for name in hub.files}
    assert pull().code == 0
    fetched = [name for name in hub.files if len(hub.got(name)) > before[name]]
    assert hub.got(LARGE)[-1] == "bytes=2000-"
    # What came before in the listing is not asked for again.
    assert fetched == list(hub.files)[list(hub.files).index(LARGE) :][: len(fetched)]
    assert len(fetched) < len(hub.files) - 3


@pytest.mark.parametrize("name", [LARGE, "model_config.json"])
def test_a_file_with_another_content_is_refused_and_removed(pull, hub, models, name):
    hub.lies[name] = hub.files[name][:-1] + b"?"
    done = pull()
    assert done.code == 2
    assert f"{name}: found content" in done.err
    assert "removed; pull again" in done.err
    assert not list(models.glob(f"*/{name}"))


def test_a_gated_repository_says_where_to_ask_and_what_to_set(pull, hub, monkeypatch, models):
    hub.gated = True
    done = pull()
    assert done.code == 2
    assert f"/{REPO} with an account" in done.err
    assert "HF_TOKEN" in done.err
    monkeypatch.setenv("HF_TOKEN", "let-me-in")
    assert pull().code == 0


def test_an_unknown_repository_or_revision_is_named(pull):
    assert "nvidia/none: found no such repository" in pull("nvidia/none").err
    assert "found no revision 'v9'" in pull(REPO, "--revision", "v9").err
    assert "wanted OWNER/NAME" in pull("a/b/c").err


def test_another_revision_takes_the_place_of_the_first(pull, hub, models):
    assert pull().code == 0
    newer = {**hub.files, "README.md": b"# Newer\n"}
    hub.revisions["v2"] = newer
    assert pull(REPO, "--revision", "v2").code == 0
    (folder,) = [path for path in models.iterdir() if path.is_dir()]
    assert (folder / "README.md").read_bytes() == b"# Newer\n"


def test_a_repository_that_is_no_model_is_refused_before_anything_is_loaded(pull, hub):
    del hub.files["model.json"]
    assert "found no model.json, wanted the files of a model" in pull().err
    assert hub.got(LARGE) == []


@pytest.mark.parametrize(
    ("answer", "code", "said"),
    [
        ("n\n", 2, "was not accepted; nothing was downloaded"),
        ("", 2, "gives --accept-license"),
        ("y\n", 0, "comes under the licence 'nvidia-open-model-license': https://example.com"),
    ],
)
def test_the_licence_is_named_and_asked_for(pull, hub, monkeypatch, answer, code, said):
    monkeypatch.setattr(sys, "stdin", io.StringIO(answer))
    done = pull(accepts=False)
    assert (done.code, said in done.err) == (code, True), done.err
    assert bool(hub.got(LARGE)) == (code == 0)


def test_a_licence_is_asked_for_again_only_when_it_changes(pull, hub, monkeypatch):
    assert pull().code == 0
    hub.revisions["main"] = hub.files = {**hub.files, "README.md": b"# Newer\n"}
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    assert pull(accepts=False).code == 0
    hub.card["license_name"] = "another"
    hub.revisions["main"] = hub.files = {**hub.files, "README.md": b"# Newest\n"}
    assert pull(accepts=False).code == 2


def test_without_a_network_the_hub_is_said_to_be_out_of_reach(run, models, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{port}")
    done = run("models", "pull", "mark", "--accept-license")
    assert (done.code, "cannot be reached" in done.err) == (2, True), done.err


def test_without_the_library_a_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(ConfigError, match=r'pip install "a2f-ws\[hub\]"'):
        Hub()


def test_small_files_have_the_hash_that_git_gives_them(tmp_path):
    path = tmp_path / "hello"
    path.write_bytes(b"hello\n")
    # Source: `echo hello | git hash-object --stdin`.
    assert content_hash(path, is_large=False) == "ce013625030ba8dba906f756967f9e9ca394464a"
