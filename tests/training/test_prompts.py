# ruff: noqa: RUF001 - IPA is full of letters that look like others
import gzip

import numpy as np
import pytest

pytest.importorskip("scipy")
pytest.importorskip("pocketsphinx")

from training.evaluation.sets import ALLISON
from training.rule import Phone
from training.speech import prompts
from training.speech.align import words_of
from training.speech.pack import aligned
from training.speech.phones import kinds_of
from training.speech.prompts import JUNE, LEARNED, RUSSIAN, Recorded, is_plausible, symbols_in
from training.speech.store import Utterance, load


def words(said, recorded):
    return words_of(Utterance(np.zeros(1, np.float32), tuple(symbols_in(said, recorded)), None))


def spoken(*lengths):
    ends = np.cumsum(lengths)
    return [Phone("AA", end - length, end) for end, length in zip(ends, lengths, strict=True)]


def test_nasal_vowels_and_palatal_consonants_are_one_symbol():
    assert symbols_in("pʁezˈɑ̃t", JUNE) == ["p", "ʁ", "e", "z", "ɑ̃", "t", ""]
    assert symbols_in("vˈʲinʌ", RUSSIAN) == ["vʲ", "i", "n", "ʌ", ""]


def test_changes_of_language_and_links_are_not_spoken():
    assert symbols_in("(^e^n)bluːtuːθ(^f^r)", JUNE) == ["b", "l", "u", "t", "u", "θ", ""]
    assert symbols_in("də- (fr)lˈa", JUNE) == ["d", "ə", "", "l", "a", ""]


@pytest.mark.parametrize(
    ("said", "recorded", "kinds"),
    [
        ("syʁ", JUNE, ("SS", "yy", "KK")),
        ("kˈɔ̃", JUNE, ("KK", "ao")),
        ("fø", JUNE, ("FF", "oe")),
        ("vy", RUSSIAN, ("FF", "ih")),
        ("ɕi", RUSSIAN, ("CH", "iy")),
        ("t^ʃʲɵ", RUSSIAN, ("CH", "ow")),
        ("t^syj^a", RUSSIAN, ("SS", "ih", "YY", "aa")),
    ],
)
def test_foreign_sounds_have_the_mouths_that_make_them(said, recorded, kinds):
    found = [kinds_of(symbol) for symbol in symbols_in(said, recorded) if symbol]
    assert tuple(kind for pair in found for kind in pair) == kinds


def test_every_word_of_a_prompt_is_a_word_for_the_aligner():
    assert words("vuz ˈɛt ɑ̃", JUNE) == [["V", "UW", "Z"], ["EH", "T"], ["AA"]]
    assert words("uʒˈe tˈut", RUSSIAN) == [["UW", "ZH", "EH"], ["T", "UW", "T"]]


def test_an_utterance_whose_phones_get_lost_has_no_times():
    noise = np.random.default_rng(1).standard_normal(3200).astype(np.float32) * 0.1
    assert aligned(Utterance(noise, ("b", "a", "") * 40, np.zeros(0))) is None
    assert aligned(Utterance(noise, (), np.zeros(0))) is None


def test_nobody_speaks_in_squeezed_or_endless_phones():
    assert is_plausible(spoken(0.08, 0.1, 0.07, 0.12))
    assert not is_plausible(spoken(0.08, 0.1, 0.7, 0.12))
    assert not is_plausible(spoken(0.03, 0.03, 0.1, 0.1))
    assert not is_plausible([Phone("SIL", 0.0, 2.0)])


def test_texts_without_sound_or_about_sounds_are_left_out(tmp_path):
    said = "one: Un.\ntwo: Deux: trois.\nbeep: [a tone]\nthree: Quatre.\nfour: Cinq.\n"
    lines = f"; a title\n{said}bare\n"
    (tmp_path / "texts.gz").write_bytes(gzip.compress(lines.encode()))
    for name in ("one", "two", "beep"):
        (tmp_path / f"{name}.g722").write_bytes(b"sound")
    (tmp_path / "three.g722").touch()
    recorded = Recorded("some", tmp_path, tmp_path / "texts.gz", "fr", ())
    assert prompts.texts(recorded) == {"one": "Un.", "two": "Deux: trois."}


def test_prompts_that_do_not_align_are_tried_once(tmp_path, monkeypatch):
    tries = []
    good = Utterance(np.zeros(16_000, np.float32), ("", "a", "b", ""), np.array([0.1, 0.2, 0.3, 1]))
    bad = Utterance(np.zeros(16_000, np.float32), (), np.zeros(0))

    def said(_recorded, name, *, text, shortest_s):
        tries.append(name)
        return good if text == "good" else bad

    monkeypatch.setattr(prompts, "texts", lambda _: {"b": "bad", "a": "good", "c": "good"})
    monkeypatch.setattr(prompts, "heard", said)
    assert prompts.write(tmp_path, (JUNE,)) == (2, 3)
    assert prompts.write(tmp_path, (JUNE,)) == (2, 3)
    assert tries == ["a", "b", "c"]
    written = sorted(path.name for path in (tmp_path / "prompts").glob("*.npz"))
    assert written == ["train-00002.npz", "validate-00000.npz"]
    assert load(tmp_path / "prompts" / written[0]).symbols == good.symbols


def test_the_english_prompts_are_for_the_evaluation_only():
    assert ALLISON not in LEARNED
    assert {recorded.voice for recorded in LEARNED} == {"fr", "ru"}
