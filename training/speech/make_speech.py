"""Says everything: `python -m training.speech.make_speech FOLDER SOURCE [SHARE OF]`; resumable."""

import sys
from pathlib import Path

from training.speech.store import save
from training.speech.voices import SOURCES, USES


def main(arguments: list[str]) -> int:
    """Write the utterances that are missing; a worker of several takes every OFth."""
    folder, name = Path(arguments[0]), arguments[1]
    share, of = (int(a) for a in arguments[2:4]) if len(arguments) > 2 else (0, 1)
    source = next(source for source in SOURCES if source.name == name)
    numbers = [
        (use, number)
        for use, count in reversed(list(zip(USES, source.counts, strict=True)))
        for number in range(share, count, of)
    ]
    for use, number in numbers:
        path = folder / source.name / f"{use}-{number:05}.npz"
        if not path.is_file():
            save(path, source.say(use, number))
    print(f"{name} {share + 1}/{of}: {len(numbers)} utterances")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
