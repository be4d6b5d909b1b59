import numpy as np
import pytest

pytest.importorskip("scipy")

from training.net.corpus import ON_REQUEST, SHARES, Corpus
from training.speech.targets import ARTICULATORS, DECISIONS

COUNT = 300


def write(folder, name, *, kind):
    (folder / "packed").mkdir(exist_ok=True)
    np.savez(
        folder / "packed" / f"{name}.npz",
        pcm0=np.full(COUNT * 160, 1000, np.int16),
        curves0=np.zeros((COUNT, len(ARTICULATORS)), np.float16),
        decisions0=np.zeros((COUNT, len(DECISIONS)), np.float16),
        kinds0=np.full(COUNT, kind, np.int8),
    )


@pytest.fixture
def folder(tmp_path):
    write(tmp_path, "world-train-00001", kind=3)
    write(tmp_path, "prompts-train-00001", kind=5)
    write(tmp_path, "world-validate-00001", kind=7)
    return tmp_path


def kinds(corpus):
    return set(np.unique(corpus.batch(40, np.random.default_rng(1)).kinds).tolist()) - {0}


def test_packed_prompts_are_not_learned_from_unless_asked_for(folder):
    assert kinds(Corpus(folder, "train")) == {3}
    assert "prompts" not in Corpus(folder, "train").minutes()
    assert kinds(Corpus(folder, "train", added=("prompts",))) == {3, 5}


def test_an_unknown_source_cannot_be_asked_for(folder):
    with pytest.raises(KeyError, match="allison"):
        Corpus(folder, "train", added=("allison",))


def test_new_files_are_found_and_old_ones_read_once(folder):
    corpus = Corpus(folder, "train")
    write(folder, "kokoro-train-00001", kind=9)
    write(folder, "prompts-train-00002", kind=5)
    assert corpus.refresh() == 2
    assert kinds(corpus) == {3, 9}


def test_the_shares_of_the_free_sources_are_whole():
    assert sum(SHARES.values()) == pytest.approx(1.0)
    assert not set(SHARES) & set(ON_REQUEST)


def test_weights_that_learned_from_prompts_go_on_only_if_asked(folder):
    pytest.importorskip("torch")
    from training.net.train import Plan, Run

    Run(folder, "variant", plan=Plan(1, 1.0, added=("prompts",))).save()
    with pytest.raises(ValueError, match="learned from prompts, wanted --with prompts"):
        Run(folder, "next", plan=Plan(1, 1.0, after="variant"))
    with pytest.raises(ValueError, match="learned from prompts"):
        Run(folder, "variant", plan=Plan(1, 1.0))
    again = Run(folder, "next", plan=Plan(1, 1.0, after="variant", added=("prompts",)))
    assert again.plan.added == ("prompts",)


def test_weights_that_learned_from_prompts_are_exported_for_measuring_only(folder, monkeypatch):
    pytest.importorskip("torch")
    from training.net import export
    from training.net.train import Plan, Run

    Run(folder, "variant", plan=Plan(1, 1.0, added=("prompts",))).save()
    call = ["export", str(folder / "variant.pt"), str(folder / "out.onnx")]
    monkeypatch.setattr("sys.argv", call)
    with pytest.raises(SystemExit):
        export.main()
    assert not (folder / "out.onnx").exists()
    monkeypatch.setattr("sys.argv", [*call, "--numbers"])
    assert export.main() == 0
    assert (folder / "out.onnx").stat().st_size > 1_000_000
