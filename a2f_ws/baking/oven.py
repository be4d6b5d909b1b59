"""One line to one clip file."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from a2f_ws.baking.recipe import Recipe, sound_of
from a2f_ws.catalog import Catalog
from a2f_ws.clips.clip import open_clip
from a2f_ws.errors import ConfigError
from a2f_ws.names import EMOTIONS
from a2f_ws.offline import audio_format, conversation
from a2f_ws.outbox import Outbox
from a2f_ws.output.files import replacing
from a2f_ws.output.speech import SpeechFile
from a2f_ws.timebase import PoseRate
from a2f_ws.version import product_version
from a2f_ws.wire.clip import MAGIC, ClipHead, Part, pack_part
from a2f_ws.wire.fields import VERSION
from a2f_ws.wire.messages import Message
from a2f_ws.wire.replies import Opened, Poses, Rest, Utterance


@dataclass(frozen=True, slots=True)
class Baked:
    """What became of a line.

    Attributes:
        poses: How many the clip has.
        is_new: False = it was there already.
    """

    poses: int
    is_new: bool


def bake(
    source: Path,
    target: Path,
    *,
    recipe: Recipe,
    catalog: Catalog,
    line: Mapping[str, str],
    is_forced: bool = False,
    on_poses: Callable[[int], None] = lambda poses: None,
) -> Baked:
    """Make a clip file of a sound file, unless it is there and would be the same.

    Args:
        source: The sound.
        target: The clip; its folder is made. An older one stays until the new one is complete.
        recipe: How.
        catalog: Models and rigs; the first model is used.
        line: What else is kept in the clip, by name.
        is_forced: True = also where nothing has changed.
        on_poses: Called now and then with the number of poses that are done.

    Raises:
        ConfigError: The sound cannot be read, a setting is unknown, or the clip not be written.
        ModelError: The network failed.
    """
    about = dict(line) or None
    with SpeechFile(source) as speech:
        sound = sound_of(speech)
        key = recipe.key(sound, catalog)
        old = None if is_forced else _head(target)
        if old is not None and old.key == key and old.line == about:
            return Baked(old.poses, is_new=False)
        parts: list[Part] = []
        poses = 0
        request = recipe.request(audio_format(speech))
        for part in _parts(conversation(request, speech, catalog=catalog)):
            parts.append(part)
            poses += part.n if isinstance(part, Poses) else 0
            on_poses(poses)
    head = ClipHead(
        protocol=VERSION,
        maker=f"a2f-ws/{product_version()}",
        source=source.name,
        sound=sound,
        poses=poses,
        emotion=_emotion(recipe, catalog),
        key=key,
        line=about,
    )
    _write(target, [head, *parts])
    return Baked(poses, is_new=True)


def _write(target: Path, parts: Iterable[Part]) -> None:
    """Write a clip file, and the folder that it goes to."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"{target}: no folder for it: {error.strerror or error}") from error
    with replacing(target) as out:
        out.write(MAGIC)
        for part in parts:
            out.write(pack_part(part))


def _emotion(recipe: Recipe, catalog: Catalog) -> dict[str, float]:
    """The explicit emotion of a line, by the names that are not 0."""
    emotion = recipe.emotion
    if emotion is None:
        default = catalog.model(None).default_emotion
        emotion = dict(zip(EMOTIONS, map(float, default), strict=True))
    return {name: value for name, value in emotion.items() if value}


def _head(path: Path) -> ClipHead | None:
    """The head of a clip; None where it is damaged, something else, or not there."""
    try:
        return open_clip(path).head
    except ConfigError:
        return None


def _parts(said: Iterable[Message]) -> Iterator[Part]:
    """What of a conversation belongs into a clip, with the counts that a socket would have got."""
    outbox, rate, has_rest = Outbox(), PoseRate.of(60), False
    for message in said:
        if isinstance(message, Opened):
            rate = PoseRate.of(message.fps)
        if isinstance(message, Rest):
            if has_rest:
                continue
            has_rest = True
        if isinstance(message, Opened | Rest | Utterance | Poses):
            last = message.i + message.n - 1 if isinstance(message, Poses) else 0
            outbox.put(message, last_us=rate.t_us(last))
            if has_rest:
                yield from _taken(outbox)


def _taken(outbox: Outbox) -> Iterator[Part]:
    while (message := outbox.take()) is not None:
        if isinstance(message, Opened | Rest | Utterance | Poses):
            yield message
