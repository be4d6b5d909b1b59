"""Writes whole bundles into a folder."""

from pathlib import Path
from typing import Final

from training.bundle import emotion, facts, networks
from training.bundle.geometry import write_geometry
from training.bundle.size import SIZES, Size, with_network

_CARD: Final = """# {title}

Made by `python -m training.make_bundle` of a2f-ws, seed {seed}.

Everything in this folder comes from random numbers and simple formulas: it shows no person and no
character, and holds no weight, mesh or table of a released model. It has the files, names and sizes
of {likeness}, so that programs which read such bundles can be tried out without one. The faces that
it gives mean nothing.

To the extent possible under law, its makers have waived all rights to it: CC0 1.0,
<https://creativecommons.org/publicdomain/zero/1.0/>.
"""


def write_bundle(
    folder: Path | str, *, size: Size | str = "tiny", network: str | None = None, seed: int = 0
) -> Path:
    """Write a geometry bundle; the same arguments give the same bytes on the same machine.

    Args:
        folder: Made where it is missing; files of a bundle's names are replaced.
        size: Its sizes, or the name of one of `SIZES`. A variant of one comes from
            `dataclasses.replace(SIZES["tiny"], shapes=12)`.
        network: One of `NETWORKS`; None keeps the size's own.
        seed: Where the random numbers start, >= 0.

    Returns:
        The folder.

    Raises:
        ValueError: An unknown size or network, or more components than its mesh can carry.
    """
    if isinstance(size, str):
        size = named(size)
    if network is not None:
        size = with_network(size, network)
    made = _folder(folder)
    motion = write_geometry(made, size=size, seed=seed)
    facts.write_documents(made, facts.documents(size, seed=seed))
    weights = networks.draw(size, motion, seed=seed)
    (made / "network.onnx").write_bytes(networks.build(size, weights).SerializeToString())
    title = f"Synthetic face bundle, size {size.name}, network {size.network}"
    _write_card(made, title, seed=seed, likeness="NVIDIA's Audio2Face-3D v2.3 models")
    return made


def write_emotion_bundle(folder: Path | str, *, seed: int = 0) -> Path:
    """Write an Audio2Emotion bundle; arguments and result as of `write_bundle`."""
    made = _folder(folder)
    facts.write_documents(made, emotion.emotion_documents())
    emotion.write_emotion_network(made / "network.onnx", seed=seed)
    _write_card(made, "Synthetic emotion bundle", seed=seed, likeness="NVIDIA's Audio2Emotion v2.2")
    return made


def named(name: str) -> Size:
    """The size of this name.

    Raises:
        ValueError: There is none.
    """
    if name not in SIZES:
        raise ValueError(f"size: found {name!r}, wanted one of {', '.join(SIZES)}")
    return SIZES[name]


def _folder(folder: Path | str) -> Path:
    made = Path(folder)
    made.mkdir(parents=True, exist_ok=True)
    return made


def _write_card(folder: Path, title: str, *, seed: int, likeness: str) -> None:
    text = _CARD.format(title=title, seed=seed, likeness=likeness)
    (folder / "README.md").write_bytes(text.encode())
