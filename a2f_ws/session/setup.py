"""What `open` settles and `set` changes: model, rig, rate, audio, parameters of one session."""

from dataclasses import dataclass, replace

import numpy as np

from a2f_ws.audio.pcm import Pcm
from a2f_ws.audio.resample import delay_us, reach_frames
from a2f_ws.catalog import Catalog
from a2f_ws.errors import PeerError
from a2f_ws.model import Model
from a2f_ws.names import EMOTIONS, Floats
from a2f_ws.rig.contents import RigTable
from a2f_ws.session.availability import geometry_hz, refuse_what_is_not_there, refuse_without_mesh
from a2f_ws.session.fitting import Fitting, fitting_of, refitted
from a2f_ws.session.memory import SOUND_BYTES
from a2f_ws.style.weighting import Weighting
from a2f_ws.timebase import MICROSECONDS, PoseRate
from a2f_ws.wire.codes import Code
from a2f_ws.wire.messages import AudioFormat, Received
from a2f_ws.wire.replies import Opened
from a2f_ws.wire.requests import Open, Set


@dataclass(slots=True)
class Setup:
    """Settings of one session; `changed` gives new ones, so that a refused `set` changes nothing.

    Attributes:
        model: What computes its faces.
        fitting: Its rig.
        fps: Poses per second.
        audio: How its audio is sent.
        pcm: How that is read.
        rate_hz: Sample frames per second of its audio.
        is_mic: True = an open microphone, False = utterances that end.
        is_burst: True = everything at once, never dropped.
        ahead_us: How far beyond the play head live poses are computed, microseconds.
        params: float32 (P,), face parameters in the order of the pipeline's.
        sensing_params: float32 (7,), parameters of recognition, or (0,) where there is none.
        weighting: Treatment of the weights of its faces, before the rig.
        is_visible: False = no poses for its own client.
        is_watched: True = poses for others.
        wants_status: True = `load` once a second.
        geometry_hz: Most meshes a second of sound; 0 = none.
    """

    model: Model
    fitting: Fitting
    fps: PoseRate
    audio: AudioFormat
    pcm: Pcm
    rate_hz: int
    is_mic: bool
    is_burst: bool
    ahead_us: int
    params: Floats
    sensing_params: Floats
    weighting: Weighting
    is_visible: bool
    is_watched: bool
    wants_status: bool
    geometry_hz: int

    @property
    def table(self) -> RigTable:
        """What rows consist of: the rig with the curves that the mesh has."""
        return self.fitting.table

    def rows(self, faces: Floats) -> bytes:
        """Rows of faces, float32 (B, 82), as they are sent."""
        return self.fitting.swept(faces) if self.model.is_sweep else self.fitting.rows(faces)

    @property
    def is_seen(self) -> bool:
        """True when somebody looks at its poses."""
        return self.is_visible or self.is_watched

    @property
    def kept_us(self) -> int:
        """Sound that is kept for watchers at most, microseconds."""
        return SOUND_BYTES * MICROSECONDS // (self.pcm.frame_bytes * self.rate_hz)

    @property
    def is_prepared(self) -> bool:
        """True when faces with these parameters can be computed at once."""
        return self.model.pipeline.ready(self.params) is not None

    def look_ahead_us(self, stride: int) -> int:
        """Audio after a pose's time that it needs: model, resampler, interpolation, microseconds.

        Args:
            stride: Every how many poses one is computed, >= 1.
        """
        waits_us = -((1 - stride) * MICROSECONDS * self.fps.den // self.fps.num)
        return self.model.ahead_us(self.fps) + delay_us(self.rate_hz) + waits_us

    @property
    def look_back_us(self) -> int:
        """Audio before a pose's time that it hears: model and resampler, microseconds."""
        reach_us = -(-reach_frames(self.rate_hz) * MICROSECONDS // self.rate_hz)
        return self.model.look_back_us + reach_us

    def changes_rows(self, old: "Setup") -> bool:
        """True when the rows are others than with the old settings: `opened` has to say so."""
        is_other = self.model is not old.model or self.fps != old.fps
        return is_other or self.fitting.fit is not old.fitting.fit

    def changes_faces(self, old: "Setup") -> bool:
        """True when the same sound and emotion may look otherwise than with the old settings."""
        return (
            not np.array_equal(self.params, old.params)
            or not self.weighting.equals(old.weighting)
            or not self.fitting.maps_like(old.fitting)
        )

    def opened(
        self,
        sid: int,
        *,
        layout: int,
        credit_us: int,
        re: int | None,
        stride: int = 1,
        resume: str | None = None,
        received: Received | None = None,
    ) -> Opened:
        """The message that tells the client what it got."""
        return Opened(
            re=re,
            sid=sid,
            model=self.model.name,
            rig=self.table.name,
            fps=self.fps.wire,
            curves=self.table.curves,
            transforms=self.table.transforms,
            row=self.table.row,
            idle=self.model.idle(self.table),
            missing=self.fitting.fit.missing,
            unmatched=self.fitting.fit.unmatched,
            look_ahead_us=self.look_ahead_us(stride),
            look_back_us=self.look_back_us,
            credit_us=credit_us,
            layout=layout,
            resume=resume,
            received=received,
        )


def settle(message: Open, catalog: Catalog) -> tuple[Setup, Floats]:
    """What an `open` asks for.

    Returns:
        The settings, and the emotion in force, float32 (10,).

    Raises:
        PeerError: Something is unknown, out of range or not available; `field` says which.
    """
    refuse_what_is_not_there(message)
    if message.audio is None:
        raise PeerError(Code.MALFORMED, "found nothing, wanted a map", field="audio")
    model = catalog.model(message.model)
    fitting = fitting_of(message, catalog)
    base = model.defaults, model.sensing_defaults
    params, sensing_params = _params(model, message.params, base=base)
    setup = Setup(
        model=model,
        fitting=fitting,
        fps=_pose_rate(message.fps, model),
        audio=message.audio,
        pcm=Pcm(message.audio.format, message.audio.channels),
        rate_hz=message.audio.rate,
        is_mic=message.audio.source == "mic",
        is_burst=message.pacing == "burst",
        ahead_us=message.ahead_us,
        params=params,
        sensing_params=sensing_params,
        weighting=model.weighting.after(message.weights),
        is_visible=True,
        is_watched=False,
        wants_status="status" in message.want,
        geometry_hz=geometry_hz(message, model),
    )
    if message.emotion is None:
        return setup, model.default_emotion
    return setup, emotion_vector(model, message.emotion, field="emotion")


def changed(setup: Setup, message: Set, *, catalog: Catalog) -> Setup:
    """The settings after a `set`.

    Raises:
        PeerError: Something is unknown, out of range or not available; nothing is changed then.
    """
    model = setup.model if message.model is None else catalog.model(message.model)
    if setup.geometry_hz:
        refuse_without_mesh(model, field="model")
    fitting = refitted(setup.fitting, message, catalog=catalog)
    fps = setup.fps if message.fps is None else _pose_rate(message.fps, model)
    is_other = model is not setup.model
    base = setup.params, setup.sensing_params
    if is_other:
        base = model.defaults, model.sensing_defaults
    params, sensing_params = _params(model, message.params, base=base)
    return replace(
        setup,
        model=model,
        fitting=fitting,
        fps=fps,
        params=params,
        sensing_params=sensing_params,
        weighting=(model if is_other else setup).weighting.after(message.weights),
        is_visible=setup.is_visible if message.visible is None else message.visible,
    )


def emotion_vector(model: Model, values: dict[str, float], *, field: str) -> Floats:
    """Emotion values by name as a vector, float32 (10,); an absent name is 0.

    Raises:
        PeerError: 4422, the model has no emotion of that name.
    """
    vector = np.zeros(len(EMOTIONS), np.float32)
    for name, value in values.items():
        if name not in model.emotions:
            raise PeerError(
                Code.BAD_VALUE,
                f"found emotion {name!r}, wanted one of {', '.join(model.emotions)}",
                field=f"{field}.{name}",
            )
        vector[EMOTIONS.index(name)] = value
    return vector


def _pose_rate(fps: int | list[int], model: Model) -> PoseRate:
    try:
        rate = PoseRate.of(fps)
    except ValueError as error:
        raise PeerError(Code.BAD_VALUE, str(error), field="fps") from None
    if rate.hz > model.fps_max:
        raise PeerError(
            Code.BAD_VALUE,
            f"found {rate.hz:g} poses per second, wanted at most {model.fps_max}"
            f" for model {model.name!r}",
            field="fps",
        )
    return rate


def _params(
    model: Model, changes: dict[str, float] | None, *, base: tuple[Floats, Floats]
) -> tuple[Floats, Floats]:
    """Parameters of the face and of recognition after a change."""
    params: Floats = np.concatenate(base)
    for name, value in (changes or {}).items():
        try:
            params = model.params.changed(params, {name: value})
        except ValueError as error:
            raise PeerError(Code.BAD_VALUE, str(error), field=f"params.{name}") from None
    own = len(base[0])
    return params[:own], params[own:]
