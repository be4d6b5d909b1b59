"""What can be served: models on their pipelines, rigs, and the greeting that announces them."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from a2f_ws.audio.pcm import CHANNELS_MAX, FORMATS
from a2f_ws.audio.resample import RATE_MAX_HZ, RATE_MIN_HZ
from a2f_ws.errors import PeerError
from a2f_ws.inference.bundle import Bundle
from a2f_ws.names import Floats
from a2f_ws.pipeline import Pipeline
from a2f_ws.rig.table import RigTable
from a2f_ws.timebase import FPS_MAX, MICROSECONDS, MODEL_RATE_HZ
from a2f_ws.version import product_version
from a2f_ws.wire.codes import Code
from a2f_ws.wire.fields import VERSION
from a2f_ws.wire.greeting import AudioOffer, Hello, ModelInfo, ParamInfo

CAPABILITIES: Final = ("burst", "curves", "emotion", "interrupt", "params", "played", "visible")
"""Features of this server beyond `open`, `audio` and `poses` (protocol §20)."""


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A model that sessions can open.

    Attributes:
        name: Its name on the wire.
        pipeline: What computes its faces.
    """

    name: str
    pipeline: Pipeline

    @property
    def bundle(self) -> Bundle:
        """The bundle behind it."""
        return self.pipeline.bundle

    @property
    def emotions(self) -> tuple[str, ...]:
        """Names that `emotion.values` may have."""
        return self.bundle.emotions

    @property
    def default_emotion(self) -> Floats:
        """float32 (10,), order `names.EMOTIONS`."""
        return self.bundle.default_emotion

    @property
    def look_ahead_us(self) -> int:
        """Audio beyond a pose that its window needs, microseconds, rounded up."""
        return -(-self.bundle.look_ahead * MICROSECONDS // MODEL_RATE_HZ)

    @property
    def look_back_us(self) -> int:
        """Audio before a pose that its window uses, microseconds, rounded up."""
        return -(-self.bundle.buffer_ofs * MICROSECONDS // MODEL_RATE_HZ)

    @property
    def fps_max(self) -> int:
        """Fastest pose rate."""
        return FPS_MAX

    def info(self) -> ModelInfo:
        """What the greeting says about it."""
        params = self.pipeline.params.params
        return ModelInfo(
            name=self.name,
            look_ahead_us=self.look_ahead_us,
            look_back_us=self.look_back_us,
            emotions=self.emotions,
            fps_max=self.fps_max,
            params=tuple(
                ParamInfo(name=param.name, min=param.min, max=param.max, default=float(default))
                for param, default in zip(params, self.pipeline.defaults, strict=True)
            ),
        )


class Catalog:
    """Models and rigs by name; the first model is the default."""

    def __init__(self, models: Iterable[Model], rigs: Mapping[str, RigTable]) -> None:
        """Serve these; `instance` is new at every start."""
        self.models = {model.name: model for model in models}
        self.rigs = dict(rigs)
        self.instance = secrets.token_hex(8)

    def model(self, name: str | None) -> Model:
        """A model by name, None = the default.

        Raises:
            PeerError: 4404.
        """
        if name is None:
            return next(iter(self.models.values()))
        if name not in self.models:
            raise _unknown("model", name, known=self.models)
        return self.models[name]

    def rig(self, name: str) -> RigTable:
        """A rig by name.

        Raises:
            PeerError: 4404.
        """
        if name not in self.rigs:
            raise _unknown("rig", name, known=self.rigs)
        return self.rigs[name]

    def hello(self, limits: Mapping[str, int]) -> Hello:
        """The greeting."""
        return Hello(
            protocol=VERSION,
            server=f"a2f-ws/{product_version()}",
            instance=self.instance,
            models=tuple(model.info() for model in self.models.values()),
            rigs=tuple(self.rigs),
            audio=AudioOffer(
                formats=FORMATS, rate=(RATE_MIN_HZ, RATE_MAX_HZ), channels_max=CHANNELS_MAX
            ),
            capabilities=CAPABILITIES,
            limits=dict(limits),
        )


def _unknown(field: str, name: str, *, known: Iterable[str]) -> PeerError:
    names = list(known)
    near = get_close_matches(name, names, n=1)
    hint = f" (did you mean {near[0]!r}?)" if near else ""
    return PeerError(
        Code.UNKNOWN,
        f"found {field} {name!r}{hint}, wanted one of {', '.join(names)}",
        field=field,
    )
