"""What a session computes its faces with while what it wants now is being prepared."""

from a2f_ws.names import Floats
from a2f_ws.pipeline import Pipeline
from a2f_ws.session.setup import Setup
from a2f_ws.shaping.ready import Ready


class Holding:
    """Holds what was prepared last, so that it stays, and changes it for what is wanted.

    Attributes:
        ready: What cuts are made with; None = nothing was ever prepared, the session waits.
    """

    def __init__(self) -> None:
        """Hold nothing."""
        self.ready: Ready | None = None
        self._pipeline: Pipeline | None = None

    def renew(self, setup: Setup) -> bool:
        """Take what the settings want, if it is prepared; True when that is something else."""
        pipeline = setup.model.pipeline
        if pipeline is not self._pipeline:
            self.ready, self._pipeline = None, pipeline
        elif self.ready is not None and self.ready.applied(setup.params) is setup.params:
            return False
        found = pipeline.ready(setup.params)
        if found is None:
            return False
        self.ready = found
        return True

    def params(self, setup: Setup) -> Floats:
        """Face parameters in force, float32 (P,): those wanted, but for what is not there yet."""
        return setup.params if self.ready is None else self.ready.applied(setup.params)
