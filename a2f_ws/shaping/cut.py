"""What one inference needs of its session."""

from dataclasses import dataclass

from a2f_ws.mesh import Mesh
from a2f_ws.names import Floats
from a2f_ws.shaping.ready import Ready


@dataclass(slots=True)
class Cut:
    """What one inference needs of its session.

    Attributes:
        samples: float32 (S,), the audio window at the model rate; None = silence, and the face
            wanted is the rest row's: what the emotion adds to a silent face, mouth shut.
        emotion: float32 (10,), order `names.EMOTIONS`, 0 … 1.
        params: float32 (P,), face parameters in the order of `Pipeline.params`.
        state: What `Pipeline.new_state` gave the utterance; it is advanced.
        dt_s: Time since the pose before, seconds.
        ready: What `Pipeline.ready` gave for `params`; None = look it up, it has to be there.
        gains: float32 (68,), what the weights of the face are multiplied by; None = the bundle's.
        offsets: float32 (68,), what is added to them then; None = the bundle's.
        t_us: Time of the pose after its utterance's sample 0, microseconds.
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
