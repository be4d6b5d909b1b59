"""What a client that comes back is told again: what its lost connection may have swallowed."""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from a2f_ws.session.memory import Block, Memory, State, Trace
from a2f_ws.wire.messages import Message
from a2f_ws.wire.replies import Poses, Utterance

Handed: TypeAlias = Mapping[int, tuple[int, int]]
"""What sockets lost since got: u → rows, time of the last one."""

Show: TypeAlias = Callable[[int, Block], Poses]
"""Makes the message of consecutive poses of an utterance."""


def retold(
    memory: Memory, head: tuple[int, int], *, sid: int, show: Show, handed: Handed
) -> Iterator[Message]:
    """The utterances that are remembered, in order.

    Those that are over and have nothing left behind `head` are told with their final state only.

    Args:
        memory: Of the session.
        head: Utterance and time, microseconds, from which on poses are told.
        sid: Of the client.
        show: Makes messages of poses.
        handed: For the time of the last pose of an utterance that was interrupted meanwhile.
    """
    for trace in memory.traces:
        blocks = list(trace.blocks_from_place(head))
        if blocks or trace.state is None:
            yield _state(sid, trace, state="started", t_us=trace.start_us)
            if trace.end_us is not None:
                yield _state(sid, trace, state="audio_done", t_us=trace.end_us)
        for block in blocks:
            yield show(trace.u, block)
        if trace.state is not None:
            count, t_us = trace.poses, trace.last_us
            if trace.state == "interrupted":
                count, t_us = handed.get(trace.u, (0, trace.start_us))
            yield _state(sid, trace, state=trace.state, t_us=t_us, poses=count)


def _state(sid: int, trace: Trace, *, state: State, t_us: int, poses: int = 0) -> Message:
    return Utterance(sid=sid, u=trace.u, state=state, poses=poses, t_us=t_us)
