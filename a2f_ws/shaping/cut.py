"""What one inference needs of its session."""

from dataclasses import dataclass

import numpy as np

from a2f_ws.mesh import Mesh
from a2f_ws.names import Floats
from a2f_ws.shaping.ready import Ready
from a2f_ws.shaping.stream import Stream


@dataclass(slots=True)
class Cut:
    """What one inference needs of its session.

    Attributes:
        samples: float32 (S,), the audio window at the model rate; None where `stream` is given, or
            for silence.
        stream: Where the face lies in what a network gives in blocks; None for other networks, or
            for silence.
        emotion: float32 (10,), order `names.EMOTIONS`, 0 … 1.
        params: float32 (P,), face parameters in the order of `Pipeline.params`.
        state: What `Pipeline.new_state` gave the utterance; it is advanced.
        dt_s: Time since the pose before, seconds.
        ready: What `Pipeline.ready` gave for `params`; None = look it up, it has to be there.
        gains: float32 (68,), what the weights of the face are multiplied by; None = the bundle's.
        offsets: float32 (68,), what is added to them then; None = the bundle's.
        t_us: Time of the pose after its utterance's sample 0, microseconds.
        rested: Inferences that silence brings; `run` says 0 where they were run before.
        mesh: `run` leaves in it what `Pipeline.unfold` needs; None = the mesh is not wanted.
    """

    samples: Floats | None
    emotion: Floats
    params: Floats
    state: object
    dt_s: float
    ready: Ready | None = None
    gains: Floats | None = None
    offsets: Floats | None = None
    mesh: Mesh | None = None
    t_us: int = 0
    stream: Stream | None = None
    rested: int = 1

    @property
    def is_silent(self) -> bool:
        """True when the rest row's face is wanted: what the emotion adds to a silent one."""
        return self.samples is None and self.stream is None

    def hear(self, heard: Floats | Stream) -> None:
        """Take what the network needs: a window, float32 (S,), or where the face lies in blocks."""
        self.samples, self.stream = (None, heard) if isinstance(heard, Stream) else (heard, None)


def work_of(cut: Cut) -> int:
    """Inferences that a cut brings; those of silence are known once it was run."""
    return cut.rested if cut.stream is None else len(cut.stream.blocks)


def felt(emotions: Floats, intensity: Floats) -> Floats:
    """Emotions as strong as the face parameters want them.

    Args:
        emotions: float32 (B, 10), order `names.EMOTIONS`, >= 0.
        intensity: float32 (), or (B, 1), factor.

    Returns:
        float32 (B, 10), up to 1 where the emotion was not more.
    """
    result: Floats = np.minimum(emotions * intensity, np.maximum(emotions, np.float32(1.0)))
    return result
