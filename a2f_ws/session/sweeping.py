"""Which curve of a client's rig moves when, in a session that checks the rig."""

from collections.abc import Iterator
from typing import Final

from a2f_ws.session.fitting import Fitting, sweep_of
from a2f_ws.session.memory import Block
from a2f_ws.shaping.sweep_faces import STEP_US, positions
from a2f_ws.wire.replies import Status

CODE: Final = "sweep"
"""Of the `status` that names the curve."""


class Sweeping:
    """Tells each step of an utterance once, before the first pose of it."""

    def __init__(self) -> None:
        """Have told nothing."""
        self._told = (0, -1)

    def begin(self) -> None:
        """Tell the step that goes on once more: the rows are others."""
        self._told = (self._told[0], -1)

    def tell(self, u: int, block: Block, *, sid: int, fitting: Fitting) -> Iterator[Status]:
        """The steps that begin with poses.

        Args:
            u: Utterance.
            block: Faces of the poses; those of another kind of session carry no time.
            sid: Of the client.
            fitting: The client's rig.
        """
        steps = sweep_of(fitting.table).steps
        for position in positions(block.faces):
            number = int(position)
            if position < 0 or not steps or (u, number) == self._told:
                continue
            self._told = (u, number)
            step = steps[number % len(steps)]
            counters: dict[str, float] = {
                "step": number % len(steps) + 1,
                "steps": len(steps),
                "index": step.index,
                "rest": step.rest,
                "end": step.end,
                "t_us": number * STEP_US,
                "end_us": (number + 1) * STEP_US,
            }
            if step.part is not None:
                counters["part"] = step.part
            text = (
                f"{step.name} moves from {step.rest:g} to {step.end:g} and back"
                f" ({number % len(steps) + 1} of {len(steps)})"
            )
            yield Status(sid=sid, u=u, level="info", code=CODE, message=text, counters=counters)
