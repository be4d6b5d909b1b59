# ruff: noqa: RUF001 - IPA is full of letters that look like others
"""Recorded prompts as a source: `python -m training.speech.prompts FOLDER`; resumable.

For the variant that also learns from speech under a licence with conditions, and for no other
weights. Times come from the aligner, which hears every language as English.
"""

import gzip
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from a2f_ws.names import Floats
from training.rule import SILENCE, Phone
from training.speech import espeak
from training.speech.pack import aligned
from training.speech.phones import kinds_of
from training.speech.store import RATE_HZ, Utterance, at_16_khz, save

SOUNDS: Final = Path("/usr/share/asterisk/sounds")
DOCS: Final = Path("/usr/share/doc")


@dataclass(frozen=True, slots=True)
class Recorded:
    """Prompts of one speaker.

    Attributes:
        name: Of the set.
        sounds: Folder of the G.722 files.
        texts: Lines `file: text`, gzip.
        voice: Language of eSpeak NG.
        respelt: Pieces of its IPA and what stands for them.
        unsaid: A text with one of these letters is no text of what is said.
    """

    name: str
    sounds: Path
    texts: Path
    voice: str
    respelt: tuple[tuple[str, str], ...]
    unsaid: str = "[(<"


JUNE: Final = Recorded(
    "june",
    SOUNDS / "fr_CA_f_June",
    DOCS / "asterisk-core-sounds-fr" / "core-sounds-fr.txt.gz",
    "fr",
    (("-", ""), ("ɐ", "ə")),
)
"""French Canadian woman, June Wallack; CC-BY-SA-3.0."""
RUSSIAN: Final = Recorded(
    "russian",
    SOUNDS / "ru_RU_f_IvrvoiceRU",
    DOCS / "asterisk-core-sounds-ru" / "core-sounds-ru.txt.gz",
    "ru",
    (("j^", "j"), ("ɪ^", "ɪ"), ("y", "ɨ"), ("ɵ", "o"), ('"', ""), ("ɐ", "ə")),
)
"""Russian woman, ivrvoice.ru; CC-BY-3.0. eSpeak NG writes ы as y."""
LEARNED: Final = (JUNE, RUSSIAN)

VALIDATED_EVERY: Final = 20
"""One prompt in so many is for the validation."""
SHORTEST_S: Final = 0.35
_MARKS: Final = re.compile(r"\([a-z^-]+\)|[ˈˌː]")
"""Changes of language, stress, length."""
_SYMBOL: Final = re.compile(r"\S\^\S[ʲʰ̃]*|\S[ʲʰ̃]*")

PHONES_PER_S: Final = (3.0, 22.0)
LONGEST_PHONE_S: Final = 0.6
MOST_HURRIED: Final = 0.35
HURRIED_S: Final = 0.035
"""The aligner's shortest phone is 30 ms: where text and sound differ it squeezes what it lacks."""


def texts(recorded: Recorded) -> dict[str, str]:
    """Text of each prompt that has a sound."""
    content = gzip.decompress(recorded.texts.read_bytes()).decode("utf-8", "ignore")
    pairs = [
        line.split(":", 1)
        for line in content.splitlines()
        if ":" in line and not line.startswith(";")
    ]
    return {
        name.strip(): text.strip()
        for name, text in pairs
        if not set(text) & set(recorded.unsaid)
        and _sounds(recorded.sounds / f"{name.strip()}.g722")
    }


def _sounds(path: Path) -> bool:
    """Whether there is a file with something in it."""
    return path.is_file() and path.stat().st_size > 0


def symbols_of(text: str, recorded: Recorded) -> list[str]:
    """IPA symbols of a text, an empty one after each word."""
    clauses = re.split(r"[,.!?;:]", text)
    said = " ".join(espeak.ipa(clause, voice=recorded.voice) for clause in clauses)
    return symbols_in(said, recorded)


def symbols_in(said: str, recorded: Recorded) -> list[str]:
    """Symbols of what eSpeak NG gave, ties and modifiers kept together."""
    plain = _MARKS.sub("", said)
    for old, new in recorded.respelt:
        plain = plain.replace(old, new)
    symbols: list[str] = []
    for word in plain.split():
        symbols += [symbol.replace("^", "") for symbol in _SYMBOL.findall(word)]
        symbols.append("")
    return symbols


def heard(recorded: Recorded, name: str, *, text: str, shortest_s: float) -> Utterance:
    """A prompt aligned; without symbols where it is short or the aligner fails."""
    samples = decoded(recorded.sounds / f"{name}.g722")
    nothing = Utterance(samples, (), np.zeros(0))
    if len(samples) < shortest_s * RATE_HZ:
        return nothing
    spoken = Utterance(samples, tuple(symbols_of(text, recorded)), np.zeros(0))
    return aligned(spoken) or nothing


def decoded(path: Path) -> Floats:
    """Sound of a G.722 file, as `at_16_khz` gives it."""
    raw = ("-f", "f32le", "-ar", str(RATE_HZ), "-ac", "1")
    command = ["ffmpeg", "-loglevel", "error", "-i", str(path), *raw, "-"]
    sound = subprocess.run(command, check=True, capture_output=True).stdout
    return at_16_khz(np.frombuffer(sound, np.float32), RATE_HZ)


def is_plausible(phones: Sequence[Phone]) -> bool:
    """Whether somebody may have said these phones in these times, and not something else."""
    lengths = np.array([p.end_s - p.start_s for p in phones if p.name not in SILENCE])
    if not len(lengths):
        return False
    rate = len(lengths) / float(lengths.sum())
    return (
        PHONES_PER_S[0] <= rate <= PHONES_PER_S[1]
        and float(lengths.max()) <= LONGEST_PHONE_S
        and float(np.mean(lengths < HURRIED_S)) <= MOST_HURRIED
    )


def phones_of(utterance: Utterance) -> list[Phone]:
    """Symbols with their times; those without a class are pauses."""
    return [
        Phone("SIL" if kinds_of(symbol) == ("sil",) else symbol, start, end)
        for symbol, start, end in utterance.segments()
    ]


def write(folder: Path, recorded: Sequence[Recorded] = LEARNED) -> tuple[int, int]:
    """Write `FOLDER/prompts/USE-NUMBER.npz` for every prompt that aligns plausibly.

    Returns:
        How many there are, and of how many.
    """
    named = [(one, name, text) for one in recorded for name, text in sorted(texts(one).items())]
    kept = 0
    for number, (one, name, text) in enumerate(named):
        use = "validate" if number % VALIDATED_EVERY == 0 else "train"
        path = folder / "prompts" / f"{use}-{number:05}.npz"
        if not (path.is_file() or path.with_suffix(".none").is_file()):
            utterance = heard(one, name, text=text, shortest_s=SHORTEST_S)
            if is_plausible(phones_of(utterance)):
                save(path, utterance)
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.with_suffix(".none").touch()
        kept += path.is_file()
    return kept, len(named)


def main(arguments: list[str]) -> int:
    """Write the prompts that are missing."""
    kept, total = write(Path(arguments[0]))
    print(f"prompts: {kept} of {total} aligned")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
