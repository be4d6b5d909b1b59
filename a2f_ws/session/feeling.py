"""What an `emotion` message moves: what is planned, what is spoken, or what rests."""

from a2f_ws.errors import PeerError
from a2f_ws.names import Floats
from a2f_ws.session.hearing import Hearing
from a2f_ws.session.mood import Mood, Ramp
from a2f_ws.session.setup import Setup, emotion_vector
from a2f_ws.timebase import MICROSECONDS, MODEL_RATE_HZ, us_to_frames
from a2f_ws.wire import requests
from a2f_ws.wire.codes import Code


def move_emotion(
    message: requests.Emotion, setup: Setup, *, hearing: Hearing, mood: Mood, now: float
) -> None:
    """Move the emotion, from T on: a given pose, or the first one not yet computed.

    Raises:
        PeerError: 4422 for an emotion that the model does not know, 4413 for too many.
    """
    values = emotion_vector(setup.model, message.values, field="values")
    try:
        _move(message, values, hearing=hearing, mood=mood, now=now)
    except ValueError as error:
        raise PeerError(Code.OVER_LIMIT, str(error), field="u") from None


def _move(
    message: requests.Emotion, values: Floats, *, hearing: Hearing, mood: Mood, now: float
) -> None:
    over = us_to_frames(message.transition_us, MODEL_RATE_HZ)
    wanted = us_to_frames(message.t_us or 0, MODEL_RATE_HZ)
    if message.u is not None and message.u > hearing.newest:
        mood.plan(message.u).add(Ramp(wanted, values, over))
        return
    utterance = hearing.computed_next(message.u)
    if utterance is None:
        mood.move(values, over_s=message.transition_us / MICROSECONDS, now=now)
        is_late = message.u is not None
    else:
        first = utterance.open_at
        is_late = message.u is not None and (message.u < utterance.u or wanted < first)
        at = first if message.u is None or is_late else wanted
        utterance.plan.add(Ramp(at, values, over))
    if is_late:
        hearing.tell_late(message.u)
