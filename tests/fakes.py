"""Stand-ins for what is slow or heavy, for tests of everything around it."""

from time import sleep

import numpy as np

from a2f_ws.errors import MisuseError
from a2f_ws.names import WEIGHTS, Floats
from a2f_ws.pipeline import Pipeline
from a2f_ws.shaping.ready import Ready


class FakeBackend:
    """A backend whose results can be worked out by hand, with the same bits in any batch.

    Weight k is clip(|window[centre + k]| + explicit emotion k / 10, 0, 1), the emotion counting for
    k < 10 only; all other columns are 0. The centre is the sample that the face belongs to.

    Attributes:
        calls: Rows of each call so far.
        windows: The windows of the last call.
        emotions: The emotions of the last call.
        fail_with: Raised by the next call and cleared, if set.
        is_closed: True once `close` has been called.
    """

    name = "fake"
    cost_s = 0.0

    def __init__(
        self,
        *,
        buffer_len: int = 8320,
        buffer_ofs: int = 4160,
        width: int = 87,
        emotion_len: int = 26,
        max_batch: int = 8,
    ) -> None:
        self.max_batch = max_batch
        self.calls: list[int] = []
        self.windows: Floats = np.zeros((0, buffer_len), np.float32)
        self.emotions: Floats = np.zeros((0, emotion_len), np.float32)
        self.fail_with: Exception | None = None
        self.is_closed = False
        self._shape = (buffer_len, emotion_len, width)
        self._centre = buffer_ofs

    def run(self, windows: Floats, emotions: Floats) -> Floats:
        buffer_len, emotion_len, width = self._shape
        rows = len(windows)
        if self.fail_with is not None:
            fault, self.fail_with = self.fail_with, None
            raise fault
        if windows.shape != (rows, buffer_len) or emotions.shape != (rows, emotion_len):
            raise MisuseError(f"found {windows.shape} and {emotions.shape}, wanted {self._shape}")
        if not 1 <= rows <= self.max_batch or self.is_closed:
            raise MisuseError(f"{rows} rows, closed: {self.is_closed}")
        self.calls.append(rows)
        self.windows, self.emotions = windows.copy(), emotions.copy()
        seen = min(len(WEIGHTS), buffer_len - self._centre, width)
        result = np.zeros((rows, width), np.float32)
        result[:, :seen] = np.abs(windows[:, self._centre : self._centre + seen])
        tenth = emotions[:, -10:] * np.float32(0.1)
        result[:, :10] += tenth[:, : min(10, width)]
        clipped: Floats = np.clip(result, 0.0, 1.0)
        return clipped

    def close(self) -> None:
        self.is_closed = True


def scripted_pipeline(bundle, *, max_batch=64):
    """A pipeline of a bundle on such a backend."""
    backend = FakeBackend(
        buffer_len=bundle.buffer_len,
        buffer_ofs=bundle.buffer_ofs,
        width=bundle.columns.width,
        emotion_len=bundle.emotion_len,
        max_batch=max_batch,
    )
    return Pipeline(bundle, backend)


class FakeClassifier:
    """A classifier whose logits can be worked out by hand: those of the tiny bundle.

    Attributes:
        calls: (rows, samples) of each call so far.
        fail_with: Raised by every call, if set.
    """

    name = "fake"
    cost_s = 0.0

    def __init__(self, logits_of, *, max_batch: int = 16) -> None:
        self.max_batch = max_batch
        self.calls: list[tuple[int, int]] = []
        self.fail_with: Exception | None = None
        self._logits_of = logits_of

    def run(self, windows: Floats) -> Floats:
        if self.fail_with is not None:
            raise self.fail_with
        if not 1 <= len(windows) <= self.max_batch:
            raise MisuseError(f"{len(windows)} rows")
        self.calls.append(windows.shape)
        return np.stack([self._logits_of(window) for window in windows])

    def close(self) -> None:
        pass


class MeshPipeline(Pipeline):
    """A pipeline that gives meshes, and that has to be prepared for input strengths of 2 and more.

    Every coordinate of the skin is the face's jawOpen; the tongue has one vertex, the jaw counts
    0 … 15, the eyes are not there.

    Attributes:
        vertices: Of the skin.
        unfold_s: Time that a mesh takes, seconds.
        prepared: Input strengths that `prepare` was called with.
        fault: Raised by `prepare`, if set.
    """

    vertices = 5
    unfold_s = 0.0
    has_mesh = True

    def __init__(self, bundle, backend):
        self.prepared: list[float] = []
        self.made: dict[float, Ready] = {}
        self.fault: Exception | None = None
        super().__init__(bundle, backend)

    def ready(self, params):
        value = self._input(params)
        return self._made(value) if value < 2.0 else self.made.get(value)

    def prepare(self, params):
        if self.fault is not None:
            raise self.fault
        value = self._input(params)
        self.prepared.append(value)
        return self._made(value)

    def run(self, cuts):
        faces = super().run(cuts)
        for cut, face in zip(cuts, faces, strict=True):
            if cut.ready is None or cut.ready.key != (self._input(cut.params),):
                raise MisuseError("run before it was prepared")
            if cut.mesh is not None:
                cut.mesh.recipe = face[WEIGHTS.index("jawOpen")]
        return faces

    def unfold(self, mesh):
        sleep(self.unfold_s)
        mesh.skin = np.full((self.vertices, 3), mesh.recipe, np.float32)
        mesh.tongue = np.arange(3, dtype=np.float32).reshape(1, 3)
        mesh.jaw = np.arange(16, dtype=np.float32)
        mesh.recipe = None

    def _made(self, value):
        column = self.params.column("input_strength")
        return self.made.setdefault(value, Ready(columns=(column,), key=(value,)))

    def _input(self, params):
        return float(params[self.params.column("input_strength")])


def mesh_pipeline(bundle, *, max_batch=64, vertices=5):
    """Such a pipeline on a backend whose results can be worked out by hand."""
    pipeline = MeshPipeline(bundle, scripted_pipeline(bundle, max_batch=max_batch).backend)
    pipeline.vertices = vertices
    return pipeline


class FirstSamples:
    """The network of a geometry bundle whose coefficients are samples after the window's centre."""

    name = "first samples"
    max_batch = 64
    cost_s = 0.0

    def __init__(self, bundle):
        self._bundle = bundle

    def run(self, windows, emotions):
        del emotions
        centre = self._bundle.buffer_ofs
        return windows[:, centre : centre + self._bundle.columns.width].copy()

    def close(self):
        pass
