"""`models pull` against a hub that means harm, beside other pulls, and over crashes."""

import subprocess
import sys
from pathlib import Path

import pytest

from a2f_ws.commands.hub_files import Offer, RemoteFile, complete, place_of
from a2f_ws.commands.pull_lock import alone
from a2f_ws.commands.pulled import folder_of, read_record
from a2f_ws.errors import ConfigError
from tests.commands.fake_hub import LARGE, REPO, commit_of

pytest.importorskip("huggingface_hub")
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.mark.parametrize(
    "name",
    [
        "../evil.json",
        "a/../../evil.json",
        "/evil.json",
        "a//evil.json",
        "..\\..\\evil.json",
        "C:evil.json",
        "model.json:s.json",
        "con.json",
        "a/LPT1 .x.json",
        "README.",
        "a /b.json",
        "x\x00.json",
        "x\n.json",
        "x\u202e.json",
        "pulled.json",
        "Pulled.JSON",
        "README.part",
        "MODEL.json",
    ],
)
def test_a_name_that_harms_on_some_system_is_refused(pull, hub, models, name):
    hub.files[name] = b"{}"
    done = pull()
    assert (done.code, f"{REPO}: found " in done.err) == (2, True), done.err
    assert repr(name) in done.err
    assert hub.got(LARGE) == []
    assert not any(path.is_dir() for path in models.glob("*"))


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        ({"id": "..\\..\\x/y"}, "found a repository"),
        ({"id": "a/../../b"}, "found a repository"),
        ({"id": "a"}, "found a repository"),
        ({"id": "a/b.partial-0123456789ab"}, "found a repository"),
        ({"id": "a/b."}, "found a repository"),
        ({"sha": "../../../x"}, "wanted 40 hexadecimal digits"),
        ({"sha": "main"}, "wanted 40 hexadecimal digits"),
    ],
)
def test_what_the_hub_states_becomes_no_folder_unseen(pull, hub, fact, said):
    hub.says = fact
    done = pull()
    assert (done.code, said in done.err) == (2, True), done.err
    assert hub.got(LARGE) == []


def test_a_link_in_the_folder_leads_nowhere_else(tmp_path):
    folder = tmp_path / "model"
    folder.mkdir()
    try:
        (folder / "out").symlink_to(tmp_path)
    except OSError:
        pytest.skip("this system makes no links")
    file = RemoteFile(name="out/model.json", bytes=1, sha256=None, blob="")
    with pytest.raises(ConfigError, match="found a link out of"):
        place_of(file, folder)


def test_licences_are_pulled_whatever_their_case(pull, hub, models):
    hub.files |= {"license.md": b"You may.\n", "Third/Licence.txt": b"So may you.\n"}
    assert pull().code == 0
    folder = models / "nvidia--Audio2Face-3D-v2.3-Mark"
    assert (folder / "license.md").is_file()
    assert (folder / "Third" / "Licence.txt").is_file()


def test_more_bytes_than_were_announced_are_not_taken(pull, hub, models, pieces):
    hub.lies[LARGE] = hub.files[LARGE] + bytes(50_000)
    done = pull()
    assert (done.code, f"found more than {len(hub.files[LARGE])} bytes" in done.err) == (2, True)
    (part,) = models.glob(f"*/{LARGE}.part")
    assert part.stat().st_size == 0
    assert hub.got(LARGE) == [None]
    hub.lies.clear()
    assert pull().code == 0


def test_a_pull_beside_another_one_is_refused_until_that_has_ended(pull, hub, models):
    models.mkdir()
    with alone(REPO, target=folder_of(REPO, models)):
        done = pull()
        assert (done.code, f"another pull of {REPO} is running" in done.err) == (2, True), done.err
        assert hub.got(LARGE) == []
    assert pull().code == 0


def test_a_pull_that_crashed_keeps_nobody_out(pull, models):
    models.mkdir()
    program = (
        "import os, pathlib, sys; from a2f_ws.commands.pull_lock import alone;"
        " alone('a/b', target=pathlib.Path(sys.argv[1])).__enter__(); os._exit(3)"
    )
    target = folder_of(REPO, models)
    assert subprocess.run([sys.executable, "-c", program, target], check=False).returncode == 3
    assert target.with_name(f"{target.name}.lock").exists()
    assert pull().code == 0


def test_a_model_that_cannot_be_replaced_stays(pull, hub, models, monkeypatch):
    assert pull().code == 0
    before = hub.files
    hub.revisions["main"] = hub.files = {**before, "README.md": b"# Newer\n"}
    rename = Path.rename

    def held(self, target):
        if ".partial-" in self.name:
            raise PermissionError(13, "in use")
        return rename(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", held)
        done = pull()
    assert (done.code, "cannot take its place (in use)" in done.err) == (2, True), done.err
    folder = folder_of(REPO, models)
    assert read_record(folder).commit == commit_of(before)
    assert (folder / "README.md").read_bytes() == before["README.md"]
    assert pull().code == 0
    assert read_record(folder).commit == commit_of(hub.files)


def test_a_model_that_a_crash_left_aside_comes_back(pull, hub, models):
    assert pull().code == 0
    folder = folder_of(REPO, models)
    folder.rename(folder.with_name(f"{folder.name}.old"))
    assert pull().code == 0
    assert read_record(folder).commit == commit_of(hub.files)
    assert hub.got(LARGE) == [None]


def test_files_of_another_size_never_take_the_place_of_a_model(tmp_path):
    partial, target = tmp_path / "a--b.partial-0", tmp_path / "a--b"
    for folder in (partial, target):
        folder.mkdir()
        (folder / "model.json").write_bytes(b"{}")
    file = RemoteFile(name="model.json", bytes=3, sha256=None, blob="")
    facts = {"repo": "a/b", "revision": "main", "commit": "0" * 40}
    offer = Offer(**facts, licence="", licence_url="", files=(file,))
    with pytest.raises(ConfigError, match="found 2 bytes, wanted 3"):
        complete(offer, partial, target=target)
    assert [path.name for path in target.iterdir()] == ["model.json"]
