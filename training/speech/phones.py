# ruff: noqa: RUF001 - IPA is full of letters that look like others
"""Phone symbols: IPA and ARPAbet, and the 27 classes of `training/visemes.csv`."""

from typing import Final

from training.rule import FIRST_SHARE, Part
from training.speech.store import Utterance

_MEMBERS: Final = {
    "PP": "pbmɓβɸ", "FF": "fvɱʋ", "TH": "θð", "DD": "tdnɾɳʈɖɽrʔ", "LL": "lɫɭɬ", "SS": "szʦʣ",
    "CH": "ʃʒʧʤɕʑʂʐ", "RR": "ɹɻ", "KK": "ʀʁkgɡŋxɣχqcɟ", "HH": "hɦ", "WW": "wʍɥ", "YY": "ɲʎçj",
    "aa": "aɑ", "ae": "æ", "ah": "ɐʌ", "ax": "əᵊɘ", "ao": "ɔɒ", "eh": "eɛ", "ih": "ɪɨᵻɯ",
    "iy": "i", "ow": "oɤ", "uh": "ʊ", "uw": "uʉ", "yy": "yʏ", "oe": "øœ", "er": "ɜɝɚɞ",
}  # fmt: skip
_CLASS_OF: Final = {letter: kind for kind, letters in _MEMBERS.items() for letter in letters}
_AFFRICATES: Final = {"tʃ": "CH", "dʒ": "CH", "tɕ": "CH", "dʑ": "CH", "ts": "SS", "dz": "SS"}

KINDS: Final = ("sil", *_MEMBERS)
"""The 27 classes, in the order of the network's logits."""

VISEME_OF: Final = {
    "sil": "sil", "PP": "PP", "FF": "FF", "TH": "TH", "DD": "DD", "LL": "DD", "SS": "SS",
    "CH": "CH", "RR": "RR", "KK": "KK", "HH": None, "WW": "U", "YY": "I", "aa": "aa", "ae": "aa",
    "ah": "aa", "ax": None, "ao": "O", "eh": "E", "ih": "I", "iy": "I", "ow": "O", "uh": "U",
    "uw": "U", "yy": "U", "oe": "O", "er": "RR",
}  # fmt: skip
"""The scored viseme of each class; none for schwa and h (ours)."""
VISEMES: Final = (
    "sil", "PP", "FF", "TH", "DD", "KK", "CH", "SS", "RR", "aa", "E", "I", "O", "U",
)  # fmt: skip

IPA_OF_ARPABET: Final = {
    "AA": "ɑ", "AE": "æ", "AH": "ʌ", "AO": "ɔ", "AW": "aʊ", "AX": "ə", "AY": "aɪ", "B": "b",
    "CH": "tʃ", "D": "d", "DH": "ð", "DX": "ɾ", "EH": "ɛ", "ER": "ɝ", "EY": "eɪ", "F": "f",
    "G": "ɡ", "HH": "h", "IH": "ɪ", "IY": "i", "JH": "dʒ", "K": "k", "L": "l", "M": "m", "N": "n",
    "NG": "ŋ", "OW": "oʊ", "OY": "ɔɪ", "P": "p", "R": "ɹ", "S": "s", "SH": "ʃ", "T": "t",
    "TH": "θ", "UH": "ʊ", "UW": "u", "V": "v", "W": "w", "Y": "j", "Z": "z", "ZH": "ʒ",
    "PAU": "", "SIL": "", "<SIL>": "", "H#": "", "+SPN+": "", "+NSN+": "",
}  # fmt: skip
"""IPA of the phones of Flite, Festival's radio set and CMUdict, in capitals."""

_NEAREST_ARPABET: Final = {
    "p": "P", "b": "B", "m": "M", "ɓ": "B", "β": "V", "ɸ": "F", "f": "F", "v": "V", "ɱ": "M",
    "ʋ": "V", "θ": "TH", "ð": "DH", "t": "T", "d": "D", "n": "N", "ɾ": "D", "ɳ": "N", "ʈ": "T",
    "ɖ": "D", "ɽ": "D", "r": "R", "ʔ": "T", "l": "L", "ɫ": "L", "ɭ": "L", "ɬ": "L", "s": "S",
    "z": "Z", "ʃ": "SH", "ʒ": "ZH", "ɕ": "SH", "ʑ": "ZH", "ʂ": "SH", "ʐ": "ZH", "ɹ": "R",
    "ɻ": "R", "ʀ": "R", "ʁ": "R", "k": "K", "g": "G", "ɡ": "G", "ŋ": "NG", "x": "K", "ɣ": "G",
    "χ": "K", "q": "K", "c": "K", "ɟ": "G", "h": "HH", "ɦ": "HH", "w": "W", "ʍ": "W", "ɥ": "W",
    "ɲ": "N", "ʎ": "L", "ç": "SH", "j": "Y", "a": "AA", "ɑ": "AA", "æ": "AE", "ɐ": "AH",
    "ʌ": "AH", "ə": "AH", "ᵊ": "AH", "ɘ": "AH", "ɔ": "AO", "ɒ": "AO", "e": "EH", "ɛ": "EH",
    "ɪ": "IH", "ɨ": "IH", "ᵻ": "IH", "ɯ": "UH", "i": "IY", "o": "OW", "ɤ": "OW", "ʊ": "UH",
    "u": "UW", "ʉ": "UW", "y": "UW", "ʏ": "UH", "ø": "ER", "œ": "ER", "ɜ": "ER", "ɝ": "ER",
    "ɚ": "ER", "ɞ": "ER",
}  # fmt: skip
_ARPABET_PAIRS: Final = {
    "tʃ": "CH", "dʒ": "JH", "tɕ": "CH", "dʑ": "JH", "aɪ": "AY", "aʊ": "AW", "eɪ": "EY",
    "oʊ": "OW", "əʊ": "OW", "ɔɪ": "OY", "ɔø": "OY", "ts": "T S", "dz": "D Z",
}  # fmt: skip


def kinds_of(ipa: str) -> tuple[str, ...]:
    """Classes of one symbol, one or two; ("sil",) for a pause or a symbol that nobody knows."""
    letters = [letter for letter in ipa if letter in _CLASS_OF]
    plain = "".join(letters)
    if plain[:2] in _AFFRICATES:
        return (_AFFRICATES[plain[:2]],)
    kinds = [_CLASS_OF[letter] for letter in letters]
    return tuple(dict.fromkeys(kinds[:2])) or ("sil",)


def arpabet_of(ipa: str) -> str:
    """The CMUdict phones nearest to one symbol, separated by blanks; empty for a pause."""
    plain = "".join(letter for letter in ipa if letter in _NEAREST_ARPABET)
    if plain[:2] in _ARPABET_PAIRS:
        rest = " ".join(_NEAREST_ARPABET[letter] for letter in plain[2:3])
        return f"{_ARPABET_PAIRS[plain[:2]]} {rest}".strip()
    return " ".join(_NEAREST_ARPABET[letter] for letter in plain[:2])


def parts_of(utterance: Utterance) -> list[Part]:
    """The classes of an utterance with their times; neighbouring pauses are one."""
    parts: list[Part] = []
    for symbol, start, end in utterance.segments():
        kinds = kinds_of(symbol)
        middle = start + FIRST_SHARE * (end - start)
        if kinds == ("sil",) and parts and parts[-1][0] == "sil":
            parts[-1] = ("sil", parts[-1][1], end)
        elif len(kinds) == 1:
            parts.append((kinds[0], start, end))
        else:
            parts += [(kinds[0], start, middle), (kinds[1], middle, end)]
    return parts
