# ruff: noqa: RUF001 - IPA is full of letters that look like others
import csv
from pathlib import Path

import numpy as np
import pytest

from training.speech.phones import (
    IPA_OF_ARPABET,
    KINDS,
    VISEME_OF,
    VISEMES,
    arpabet_of,
    kinds_of,
    parts_of,
)
from training.speech.store import Utterance, load, save

TRAINING = Path(__file__).parents[2] / "training"


def said(*segments):
    symbols, ends = zip(*segments, strict=True)
    samples = np.zeros(int(16_000 * ends[-1]), np.float32)
    return Utterance(samples, symbols, np.array(ends))


@pytest.mark.parametrize(
    ("ipa", "kinds"),
    [
        ("p", ("PP",)), ("tʃ", ("CH",)), ("dʒ", ("CH",)), ("ts", ("SS",)), ("ʃ", ("CH",)),
        ("aɪ", ("aa", "ih")), ("iː", ("iy",)), ("ð", ("TH",)), ("ɜː", ("er",)), ("lʲ", ("LL",)),
        ("", ("sil",)), ("?", ("sil",)), ("ɑ̃", ("aa",)), ("ii", ("iy",)),
    ],
)  # fmt: skip
def test_an_ipa_symbol_has_one_or_two_classes(ipa, kinds):
    assert kinds_of(ipa) == kinds


def test_the_classes_are_the_rows_of_both_tables():
    for name in ("visemes.csv", "tongue.csv"):
        with (TRAINING / name).open(newline="", encoding="utf-8") as file:
            _, *rows = csv.reader(file)
        assert [row[0] for row in rows] == list(KINDS)


def test_every_class_is_a_scored_viseme_or_none():
    assert set(VISEME_OF) == set(KINDS)
    assert {name for name in VISEME_OF.values() if name} == set(VISEMES)


def test_arpabet_goes_to_ipa_and_back():
    lost = {"AX": "AH", "DX": "D"}
    for name, ipa in IPA_OF_ARPABET.items():
        assert arpabet_of(ipa) == ("" if ipa == "" else lost.get(name, name))


def test_a_diphthong_gives_its_first_vowel_more_of_its_time():
    parts = parts_of(said(("", 0.1), ("aɪ", 0.2), ("p", 0.3)))
    assert [kind for kind, _, _ in parts] == ["sil", "aa", "ih", "PP"]
    assert parts[1][2] == pytest.approx(0.158)


def test_neighbouring_pauses_become_one():
    assert parts_of(said(("", 0.1), ("", 0.25), ("m", 0.4))) == [
        ("sil", 0.0, 0.25),
        ("PP", 0.25, 0.4),
    ]


def test_an_utterance_survives_the_disk(tmp_path):
    before = said(("", 0.1), ("tʃ", 0.25))
    before.samples[:] = np.linspace(-0.5, 0.5, len(before.samples))
    save(tmp_path / "some" / "one.npz", before)
    after = load(tmp_path / "some" / "one.npz")
    assert after.symbols == before.symbols
    assert after.ends_s.tolist() == before.ends_s.tolist()
    np.testing.assert_allclose(after.samples, before.samples, atol=1 / 32767)
