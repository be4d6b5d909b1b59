"""Sentences to be said: Debian's fortune files, cleaned, in a fixed random order."""

import random
import re
from functools import cache
from pathlib import Path
from typing import Final

FOLDER: Final = Path("/usr/share/games/fortunes")
LANGUAGES: Final = ("en", "de", "es", "it", "pt")
"""Packages fortunes, fortunes-de, -es, -it and -br."""
_BRAZILIAN: Final = "brasil"
_SPANISH_SUFFIX: Final = ".fortunes"
_ONLY_WORDS: Final = re.compile(r"[^\W\d_]+(?:[ ,;:.!?'’-]+[^\W\d_]+)*[.!?]?")
_SEED: Final = 1

LONGEST: Final = 170
SHORTEST: Final = 25
"""Characters of a sentence."""
FEWEST_WORDS: Final = 4

EVALUATION_SHARE: Final = 0.03
"""Share of the sentences, the same ones for every voice, that only the evaluation hears."""
VALIDATION_SHARE: Final = 0.04
"""Share of the sentences that only the validation during training hears."""


@cache
def sentences(language: str) -> dict[str, list[str]]:
    """Sentences of one language by their use: train, validate, evaluate; in a fixed random order.

    Args:
        language: One of `LANGUAGES`.
    """
    found: set[str] = set()
    for path in _files(language):
        found.update(_cut(path.read_text("utf-8", errors="ignore")))
    order = sorted(found)
    random.Random(_SEED).shuffle(order)
    first = round(EVALUATION_SHARE * len(order))
    second = first + round(VALIDATION_SHARE * len(order))
    return {"evaluate": order[:first], "validate": order[first:second], "train": order[second:]}


def _files(language: str) -> list[Path]:
    """The Italian files and the Brazilian one also lie among the English ones."""
    if language == "pt":
        return [FOLDER / _BRAZILIAN]
    if language != "en":
        suffix = _SPANISH_SUFFIX if language == "es" else ""
        return sorted(p for p in (FOLDER / language).iterdir() if p.suffix == suffix)
    foreign = {_BRAZILIAN, *(path.name for path in (FOLDER / "it").iterdir())}
    plain = (p for p in FOLDER.iterdir() if p.is_file() and not p.suffix)
    return sorted(p for p in plain if p.name not in foreign)


def _cut(text: str) -> list[str]:
    whole = " ".join(re.split(r"\s+", re.sub(r"\n\s*--.*", "\n", text.replace("%", "."))))
    pieces = re.split(r"(?<=[.!?])\s+", whole)
    return [piece for piece in pieces if _is_plain(piece)]


def _is_plain(piece: str) -> bool:
    is_long_enough = piece.count(" ") + 1 >= FEWEST_WORDS and len(piece) >= SHORTEST
    return is_long_enough and len(piece) <= LONGEST and bool(_ONLY_WORDS.fullmatch(piece))
