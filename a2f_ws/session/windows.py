"""A face to compute, from the moment it is offered until it is shown."""

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

from a2f_ws.mesh import Mesh

if TYPE_CHECKING:
    from a2f_ws.session.utterance import Utterance


@dataclass(slots=True, eq=False)
class Window:
    """A face to compute.

    Attributes:
        utterance: Whose it is; None = the rest row of the session.
        i: Pose index; for the face that an ended utterance eases to, the number of its speech
            poses.
        epoch: Offers of an utterance that were taken back have an older one.
        is_cut: True once it has been cut.
        work: Inferences that it brings.
        since: When it could have been computed at the earliest, seconds on the session's clock;
            infinity = nobody waits for it.
        mesh: Filled in when the face is computed; None = not wanted.
    """

    utterance: "Utterance | None"
    i: int
    epoch: int
    is_cut: bool = False
    mesh: Mesh | None = None
    work: int = 1
    since: float = inf

    @property
    def is_dead(self) -> bool:
        """True when nobody needs the face any more."""
        utterance = self.utterance
        if utterance is None:
            return False
        oldest = utterance.kept_epoch if self.is_cut else utterance.epoch
        return utterance.is_over or self.epoch < oldest

    @property
    def is_ease(self) -> bool:
        """True for the rest face after the last speech pose."""
        utterance = self.utterance
        return utterance is not None and utterance.is_ended and self.i >= utterance.speech_poses

    def is_before(self, other: "Window") -> bool:
        """True when the poses of the other one follow those of this one."""
        return self.utterance is other.utterance and not (other.is_ease or other.is_dead)
