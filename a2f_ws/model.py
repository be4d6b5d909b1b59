"""A model that sessions can open, with what its bundle and the server's style say of it."""

from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil
from typing import Final

import numpy as np

from a2f_ws.animation.params import ParamSet
from a2f_ws.animation.recognition import RECOGNITION_PARAMS
from a2f_ws.audio.emotion_window import EmotionPace
from a2f_ws.inference.bundle import Bundle
from a2f_ws.names import Floats
from a2f_ws.pipeline import Pipeline
from a2f_ws.recognizer import Recognizer
from a2f_ws.rig.contents import RigTable
from a2f_ws.shaping.sweep_faces import SweepFaces
from a2f_ws.style.style import Style
from a2f_ws.style.weighting import Weighting
from a2f_ws.timebase import FPS_MAX, MICROSECONDS, MODEL_RATE_HZ, PoseRate
from a2f_ws.wire.greeting import ModelInfo, ParamInfo

GAZE: Final = "look"
"""How the idle roles of gaze begin."""


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A model that sessions can open.

    Attributes:
        name: Its name on the wire.
        pipeline: What computes its faces.
        style: What the server's configuration says beyond the bundle.
        recognizer: What hears the emotion of voices, or None.
        others: What computes them in the threads of further workers.
        defaults: float32 (P,), face parameters at the start of a session.
        weighting: Treatment of the weights at the start of a session.
    """

    name: str
    pipeline: Pipeline
    style: Style = field(default_factory=Style)
    recognizer: Recognizer | None = None
    others: tuple[Pipeline, ...] = ()
    defaults: Floats = field(init=False)
    weighting: Weighting = field(init=False)

    def __post_init__(self) -> None:
        """Lay the style over what the bundle says.

        Raises:
            ConfigError: The style names what there is not, or a value is out of range.
        """
        pipeline = self.pipeline
        defaults = self.style.params_on(pipeline.params, pipeline.defaults)
        object.__setattr__(self, "defaults", defaults)
        weighting = Weighting(pipeline.gains, pipeline.offsets).styled(self.style)
        object.__setattr__(self, "weighting", weighting)

    @property
    def bundle(self) -> Bundle:
        """The bundle behind it."""
        return self.pipeline.bundle

    @property
    def pipelines(self) -> tuple[Pipeline, ...]:
        """One for each worker."""
        return (self.pipeline, *self.others)

    @property
    def is_sweep(self) -> bool:
        """True where faces carry a time, and rows are made by `Fitting.swept`."""
        return isinstance(self.pipeline.faces, SweepFaces)

    @property
    def params(self) -> ParamSet:
        """What `params` may name: parameters of the face, then those of recognition, if any."""
        own = self.pipeline.params.params
        return ParamSet(own if self.recognizer is None else own + RECOGNITION_PARAMS.params)

    @property
    def sensing_defaults(self) -> Floats:
        """float32 (7,), or (0,) without recognition, at the start of a session."""
        return np.zeros(0, np.float32) if self.recognizer is None else self.recognizer.defaults

    @property
    def pace(self) -> EmotionPace | None:
        """When which stretch of a voice is recognised, or None.

        Raises:
            ConfigError: The options of recognition do not fit.
        """
        return None if self.recognizer is None else self.recognizer.pace(self.bundle.look_ahead)

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
        """Audio beyond a pose that it needs at any rate, microseconds, rounded up."""
        blocks, ahead_us = self.bundle.blocks, _us(self.bundle.look_ahead, MODEL_RATE_HZ)
        return ahead_us if blocks is None else ahead_us + _us(1, blocks.rate.rate)

    def ahead_us(self, fps: PoseRate) -> int:
        """Audio beyond a pose of a rate that it needs, microseconds, rounded up.

        With blocks that is for the first pose of one, which may lie between two frames.
        """
        blocks, ahead_us = self.bundle.blocks, _us(self.bundle.look_ahead, MODEL_RATE_HZ)
        if blocks is None:
            return ahead_us
        rate = blocks.rate.rate
        steps = Fraction(rate.num * fps.den, rate.den * fps.num).denominator
        return ahead_us + _us(Fraction(steps - 1, steps), rate)

    @property
    def look_back_us(self) -> int:
        """Audio before a pose that it uses when it begins there, microseconds, rounded up."""
        blocks, back_us = self.bundle.blocks, _us(self.bundle.buffer_ofs, MODEL_RATE_HZ)
        if blocks is None:
            return back_us
        return max(0, back_us + _us((blocks.warmup + 1) * blocks.rate.frames, blocks.rate.rate))

    @property
    def fps_max(self) -> int:
        """Fastest pose rate."""
        return FPS_MAX

    def idle(self, table: RigTable) -> dict[str, tuple[int, float]]:
        """Where idle life goes in a rig's rows; gaze is left out where the network has it."""
        if not self.pipeline.drives_gaze:
            return table.idle
        return {role: place for role, place in table.idle.items() if not role.startswith(GAZE)}

    def info(self) -> ModelInfo:
        """What the greeting says about it."""
        defaults = np.concatenate((self.defaults, self.sensing_defaults))
        return ModelInfo(
            name=self.name,
            look_ahead_us=self.look_ahead_us,
            look_back_us=self.look_back_us,
            emotions=self.emotions,
            fps_max=self.fps_max,
            params=tuple(
                ParamInfo(name=param.name, min=param.min, max=param.max, default=float(default))
                for param, default in zip(self.params.params, defaults, strict=True)
            ),
        )


def _us(count: Fraction | int, rate: PoseRate | int) -> int:
    """Time of so many steps of a rate, microseconds, rounded up."""
    num, den = (rate, 1) if isinstance(rate, int) else (rate.num, rate.den)
    return ceil(Fraction(count) * MICROSECONDS * den / num)
