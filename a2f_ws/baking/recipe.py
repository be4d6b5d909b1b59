"""All that the poses of a clip depend on, and its hash: what has not changed is not baked again."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from a2f_ws.catalog import Catalog
from a2f_ws.errors import ConfigError, ModelError, PeerError
from a2f_ws.output.speech import SpeechFile
from a2f_ws.timebase import PoseRate
from a2f_ws.version import product_version
from a2f_ws.wire.clip import Sound
from a2f_ws.wire.messages import AudioFormat
from a2f_ws.wire.requests import Open

SAMPLE_BYTES: Final = {"s16le": 2, "f32le": 4}
CHUNK_BYTES: Final = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How one line is to be baked.

    Attributes:
        rig: Name of the rig.
        rate: Poses per second.
        emotion: Explicit emotion by name; None = the model's own.
        params: Face parameters by name, over those of the style.
        solver: As the settings have it; "" = as the style says.
    """

    rig: str
    rate: PoseRate
    emotion: Mapping[str, float] | None
    params: Mapping[str, float] = field(default_factory=dict)
    solver: str = ""

    def request(self, audio: AudioFormat) -> Open:
        """The session that says the line."""
        return Open(
            sid=1,
            rig=self.rig,
            fps=self.rate.wire,
            audio=audio,
            pacing="burst",
            emotion=None if self.emotion is None else dict(self.emotion),
            params=dict(self.params) or None,
        )

    def key(self, sound: Sound, catalog: Catalog) -> bytes:
        """Hash of what the clip is made of: sound, settings, rig, style, model, this version.

        Raises:
            ConfigError: There is no such rig.
            ModelError: A file of the model cannot be read.
        """
        model = catalog.model(None)
        try:
            rig = catalog.rig(self.rig)
        except PeerError as fault:
            raise ConfigError(fault.message) from None
        listens = model.recognizer
        text = json.dumps(
            {
                "version": product_version(),
                "sound": [sound.hash.hex(), sound.format, sound.rate, sound.channels],
                "rig": None if rig is None else rig.document,
                "name": self.rig,
                "fps": [self.rate.num, self.rate.den],
                "emotion": self.emotion,
                "params": self.params,
                "solver": self.solver,
                "style": [
                    repr(getattr(model.style, one.name))
                    for one in fields(model.style)
                    if one.name != "places"
                ],
                "bundles": [
                    _fingerprint(model.bundle.config_path.parent).hex(),
                    "" if listens is None else _fingerprint(listens.bundle.path).hex(),
                ],
            },
            sort_keys=True,
            default=str,
        )
        return sha256(text.encode()).digest()


def sound_of(speech: SpeechFile) -> Sound:
    """What a clip says of its sound, which is read to its end.

    Raises:
        ConfigError: The file is damaged.
    """
    digest, size = sha256(), 0
    for block in speech.blocks():
        digest.update(block)
        size += len(block)
    return Sound(
        hash=digest.digest(),
        format="s16le" if speech.format == "s16le" else "f32le",
        rate=speech.rate_hz,
        channels=speech.channels,
        frames=size // (SAMPLE_BYTES[speech.format] * speech.channels),
    )


@lru_cache(16)
def _fingerprint(folder: Path) -> bytes:
    """Hash of the files of a bundle."""
    digest = sha256()
    try:
        for path in sorted(one for one in folder.iterdir() if one.is_file()):
            digest.update(f"{path.name}\0{path.stat().st_size}\0".encode())
            with path.open("rb") as file:
                while chunk := file.read(CHUNK_BYTES):
                    digest.update(chunk)
    except OSError as error:
        raise ModelError(f"{folder}: cannot be read: {error.strerror or error}") from error
    return digest.digest()
