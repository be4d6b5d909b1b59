"""Collects the values of a style and refuses wrong ones with their place."""

from collections.abc import Mapping
from typing import Final

from a2f_ws.animation.recognition import RECOGNITION_PARAMS
from a2f_ws.errors import ConfigError
from a2f_ws.names import EMOTIONS, WEIGHTS, instead
from a2f_ws.style.style import EmotionValue, SolverStyle, Style

METHODS: Final = ("admm", "bvls", "exact")
PARTS: Final = ("skin", "tongue")
STRENGTHS: Final = ("l1", "l2", "symmetry", "temporal")
TRIM_MAX: Final = 10.0
"""Largest gain or offset of a weight, as on the wire (protocol §12)."""

COUNT_MAX: Final = 1_000_000
NUMBERS: Final = (
    "emotion_contrast", "live_blend_coef", "preferred_emotion_strength",
    "transition_smoothing", "emotion_strength",
)  # fmt: skip
MAX_EMOTIONS: Final = "max_emotions"
COUNTS: Final = ("window_samples", "inferences_to_skip", "threads")
"""How Audio2Emotion is run (ours): whole numbers, >= 0."""

SWITCHES: Final = ("enable_preferred_emotion",)
VECTORS: Final = ("beginning_emotion",)
"""Post-processing of Audio2Emotion. Source: its `model_config.json`, and `beginning_emotion` of
NVIDIA's service."""

SHOWN_CHARS: Final = 60
SHOWN_BITS: Final = 128
"""Whatever a file contains, a message about it stays short (ours)."""


class Draft:
    """A style in the making.

    Every method takes the key at which a value stands and raises ConfigError when the value
    cannot be used; the text names file, key, what was found and what was wanted.
    """

    def __init__(self, source: str) -> None:
        """Begin.

        Args:
            source: File or flag that the values come from.
        """
        self._source = source
        self._params: dict[str, float] = {}
        self._gains: dict[str, float] = {}
        self._offsets: dict[str, float] = {}
        self._audio2emotion: dict[str, EmotionValue] = {}
        self._strengths: dict[str, float] = {}
        self._active: dict[str, bool] = {}
        self._cancel: dict[str, int] = {}
        self._symmetry: dict[str, int] = {}
        self._method: str | None = None
        self._places: dict[str, str] = {}
        self._solver_places: dict[str, str] = {}

    def style(self) -> Style:
        """What has been collected."""
        solver = SolverStyle(
            method=self._method,
            strengths=self._strengths,
            active=self._active,
            cancel=self._cancel,
            symmetry=self._symmetry,
            places=self._solver_places,
        )
        return Style(
            params=self._params,
            gains=self._gains,
            offsets=self._offsets,
            audio2emotion=self._audio2emotion,
            solver=solver,
            places=self._places,
        )

    def table(self, value: object, key: str) -> Mapping[str, object]:
        """A value that has to be a table with names as keys."""
        if not isinstance(value, Mapping) or not all(isinstance(name, str) for name in value):
            raise self.fault(key, value, wanted="a table of names")
        return value

    def switch(self, value: object, key: str) -> bool:
        """A value that has to be true or false, or 1 or 0."""
        if value in (0, 1):
            return bool(value)
        raise self.fault(key, value, wanted="true or false")

    def param(self, name: str, value: object, *, key: str) -> None:
        """A face parameter; its name and range are checked when it meets a model."""
        self._params[name] = self._number(value, key)
        self._note("params", name, key=key)

    def gain(self, name: str, value: object, *, key: str) -> None:
        """The factor of a weight, -10 … 10."""
        self._gains[self._pose(name, key)] = self._number(value, key, most=TRIM_MAX)
        self._note("gains", name, key=key)

    def offset(self, name: str, value: object, *, key: str) -> None:
        """What is added to a weight, -10 … 10."""
        self._offsets[self._pose(name, key)] = self._number(value, key, most=TRIM_MAX)
        self._note("offsets", name, key=key)

    def emotion(self, name: str, value: object, *, key: str) -> None:
        """A setting of Audio2Emotion."""
        known = (*NUMBERS, MAX_EMOTIONS, *COUNTS, *SWITCHES, *VECTORS)
        if name in NUMBERS:
            self._audio2emotion[name] = self._in_range(name, self._number(value, key), key=key)
        elif name == MAX_EMOTIONS:
            self._audio2emotion[name] = self._in_range(name, self._count(value, key), key=key)
        elif name in COUNTS:
            self._audio2emotion[name] = self._count(value, key)
        elif name in SWITCHES:
            self._audio2emotion[name] = self.switch(value, key)
        elif name in VECTORS:
            self._audio2emotion[name] = self._emotions(value, key)
        else:
            raise self.refusal(key, f"no such setting; {instead(name, known)}")
        self._note("audio2emotion", name, key=key)

    def method(self, value: object, *, key: str) -> None:
        """The method of the solver."""
        if value not in METHODS:
            raise self.fault(key, value, wanted=f"one of {', '.join(METHODS)}")
        self._method = str(value)

    def strength(self, part: str, name: str, *, value: object, key: str) -> None:
        """A regularisation strength of one part, >= 0."""
        if part not in PARTS or name not in STRENGTHS:
            known = [f"{one}.{other}" for one in PARTS for other in STRENGTHS]
            text = f"no such setting; {instead(f'{part}.{name}', known)}"
            raise self.refusal(key, text)
        number = self._number(value, key)
        if number < 0.0:
            raise self.fault(key, value, wanted="a number >= 0")
        self._strengths[f"{part}.{name}"] = number
        self._note_solver("strengths", f"{part}.{name}", key=key)

    def active(self, name: str, value: object, *, key: str) -> None:
        """Whether a pose is solved for."""
        self._active[self._pose(name, key)] = self.switch(value, key)
        self._note_solver("active", name, key=key)

    def cancel(self, name: str, value: object, *, key: str) -> None:
        """The group of poses that exclude this one, -1 = none."""
        self._cancel[self._pose(name, key)] = self._group(value, key)
        self._note_solver("cancel", name, key=key)

    def symmetry(self, name: str, value: object, *, key: str) -> None:
        """The pair of poses that this one belongs to, -1 = none."""
        self._symmetry[self._pose(name, key)] = self._group(value, key)
        self._note_solver("symmetry", name, key=key)

    def fault(self, key: str, found: object, *, wanted: str) -> ConfigError:
        """The error about a value."""
        return self.refusal(key, f"found {shown(found)}, wanted {wanted}")

    def refusal(self, key: str, text: str) -> ConfigError:
        """The error about a key."""
        return ConfigError(f"{self._source}: {key}: {text}")

    def _note(self, table: str, name: str, *, key: str) -> None:
        self._places[f"{table}.{name}"] = f"{self._source}: {key}"

    def _note_solver(self, kind: str, name: str, *, key: str) -> None:
        self._solver_places[f"{kind}.{name}"] = f"{self._source}: {key}"

    def _number(self, value: object, key: str, *, most: float = 1e6) -> float:
        if isinstance(value, int | float) and not isinstance(value, bool):
            if -most <= value <= most:
                return float(value)
            raise self.fault(key, value, wanted=f"a number from {-most:g} to {most:g}")
        raise self.fault(key, value, wanted="a number")

    def _in_range(self, name: str, value: float, *, key: str) -> float:
        """A parameter of recognition."""
        param = RECOGNITION_PARAMS.params[RECOGNITION_PARAMS.column(name)]
        if fault := param.fault(value):
            raise self.refusal(key, fault)
        return value

    def _count(self, value: object, key: str) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= COUNT_MAX:
            return value
        raise self.fault(key, value, wanted=f"a whole number from 0 to {COUNT_MAX}")

    def _group(self, value: object, key: str) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and -1 <= value < len(WEIGHTS):
            return value
        raise self.fault(key, value, wanted=f"a whole number from -1 to {len(WEIGHTS) - 1}")

    def _pose(self, name: str, key: str) -> str:
        if name not in WEIGHTS:
            text = f"no weight {shown(name)}; {instead(name, WEIGHTS)}"
            raise self.refusal(key, text)
        return name

    def _emotions(self, value: object, key: str) -> Mapping[str, float]:
        amounts = {}
        for name, amount in self.table(value, key).items():
            if name not in EMOTIONS:
                text = f"no emotion {shown(name)}; {instead(name, EMOTIONS)}"
                raise self.refusal(key, text)
            number = self._number(amount, f"{key}.{name}")
            if not 0.0 <= number <= 1.0:
                raise self.fault(f"{key}.{name}", amount, wanted="a number from 0 to 1")
            amounts[name] = number
        return amounts


def shown(value: object) -> str:
    """A value as messages show it."""
    if isinstance(value, Mapping):
        return "a table"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if isinstance(value, int) and value.bit_length() > SHOWN_BITS:
        return f"a number of {value.bit_length()} bits"
    text = repr(value)
    return text if len(text) <= SHOWN_CHARS else text[:SHOWN_CHARS] + "…"
