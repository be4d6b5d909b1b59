"""One batch: windows → backend → faces. No I/O, no clock, no sessions."""

from collections.abc import Sequence
from copy import copy
from typing import Final, Self

import numpy as np

from a2f_ws.animation.params import EMOTION_INTENSITY
from a2f_ws.inference.backend import Backend, BlockBackend
from a2f_ws.inference.bundle import Bundle
from a2f_ws.inference.guarded import GuardedBackend
from a2f_ws.mesh import Mesh
from a2f_ws.names import EMOTIONS, FACE, Floats
from a2f_ws.shaping.cut import Cut, felt
from a2f_ws.shaping.geometry_faces import GeometryFaces
from a2f_ws.shaping.kind import DRAWN, Faces
from a2f_ws.shaping.ready import Ready
from a2f_ws.shaping.results import results_of
from a2f_ws.shaping.weight_faces import WeightFaces
from a2f_ws.style.style import SolverStyle

NO_EMOTION: Final[Floats] = np.zeros((1, len(EMOTIONS)), np.float32)

AS_BUNDLED: Final = SolverStyle()
"""A solver that does what its bundle says."""


class Pipeline:
    """A bundle on a backend. `run` belongs to one thread at a time.

    Attributes:
        bundle: The bundle.
        backend: What runs its network.
        faces: What turns results into faces.
        params: The face parameters that it knows.
        defaults: float32 (P,), their values in the bundle.
    """

    def __init__(
        self,
        bundle: Bundle,
        backend: Backend | BlockBackend,
        *,
        style: SolverStyle = AS_BUNDLED,
        keeps_mesh: bool = False,
        faces: Faces | None = None,
    ) -> None:
        """Prepare.

        Args:
            bundle: Of either kind; the arrays of a geometry bundle are read here.
            backend: What runs its network; a `BlockBackend` where it gives faces in blocks.
            style: The solver of a geometry bundle, where it differs from the bundle's.
            keeps_mesh: True = whole meshes can be given; takes the size of `model_data.npz`.
            faces: What turns results into faces; None = as the kind of the bundle wants it.

        Raises:
            ModelError: The bundle cannot be animated, or its parameters are out of range.
        """
        self.bundle = bundle
        self.faces: Faces
        if faces is not None:
            self.faces = faces
        elif bundle.kind == "geometry":
            self.faces = GeometryFaces(bundle, style=style, keeps_mesh=keeps_mesh)
        else:
            self.faces = WeightFaces(bundle)
        self.params = self.faces.params
        self.defaults = self.params.defaults(bundle.config, str(bundle.config_path))
        self._kept = [self.faces.prepare(self.defaults)]
        self._feeling = self.params.column(EMOTION_INTENSITY)
        self.use(backend)

    def beside(self, backend: Backend | BlockBackend) -> Self:
        """The same for another thread: it shares all that is read, and works in memory of its own.

        States, and what is made ready for face parameters, suit both.

        Args:
            backend: What runs the network there.

        Raises:
            ModelError: It cannot.
        """
        other = copy(self)
        other.faces = self.faces.beside()
        other.use(backend)
        return other

    def use(self, backend: Backend | BlockBackend) -> None:
        """Compute with this from now on.

        Raises:
            ModelError: It cannot.
        """
        self.backend = backend
        self._results = results_of(self.bundle, backend, params=self.params)
        self._silent = self._results.silence(NO_EMOTION)

    @property
    def gains(self) -> Floats:
        """float32 (68,), what the weights are multiplied by unless a cut says otherwise."""
        return self.faces.gains

    @property
    def offsets(self) -> Floats:
        """float32 (68,), what is added to them then."""
        return self.faces.offsets

    @property
    def has_mesh(self) -> bool:
        """True where a cut may ask for its mesh."""
        return self.faces.has_mesh

    @property
    def drives_gaze(self) -> bool:
        """True where the network moves the eyes."""
        return self.faces.drives_gaze

    @property
    def cost_s(self) -> float:
        """What one inference costs, measured at load, seconds; 0 = not known."""
        return self.backend.cost_s

    @property
    def is_lost(self) -> bool:
        """True when the GPU is gone for good, and nothing took its place."""
        return isinstance(self.backend, GuardedBackend) and self.backend.is_lost

    @property
    def is_guest(self) -> bool:
        """True while another worker's GPU computes, as the own one is lost."""
        return isinstance(self.backend, GuardedBackend) and self.backend.is_guest

    def take_news(self) -> str:
        """What happened to the backend since this was asked last, one sentence; empty = nothing."""
        return self.backend.take_news() if isinstance(self.backend, GuardedBackend) else ""

    def new_state(self) -> object:
        """What an utterance carries from face to face, at its beginning."""
        return self.faces.new_state()

    def ready(self, params: Floats) -> Ready | None:
        """What cuts with these face parameters, float32 (P,), need; None = not made yet.

        Who holds it can go on with such cuts, whatever else is prepared meanwhile.
        """
        return self.faces.ready(params)

    def prepare(self, params: Floats) -> Ready:
        """Make it, unless it is there; slow, safe in any thread."""
        return self.faces.prepare(params)

    def keep(self, params: Floats) -> None:
        """Prepare for face parameters that sessions begin with, for good."""
        self._kept.append(self.prepare(params))

    def unfold(self, mesh: Mesh) -> None:
        """Fill in a mesh that `run` has left its recipe in; slow, in any one thread beside it."""
        self.faces.unfold(mesh)

    def run(self, cuts: Sequence[Cut]) -> Floats:
        """The faces of a batch.

        Args:
            cuts: 1 … `backend.max_batch` items, those of one utterance in order of time.

        Returns:
            float32 (B, 82), columns `names.FACE`; mouthClose has ARKit's meaning.

        Raises:
            ModelError: The backend failed, or gave values that are not finite.
        """
        intensity = np.array([cut.params[self._feeling] for cut in cuts], np.float32)
        emotions = felt(np.stack([cut.emotion for cut in cuts]), intensity[:, None])
        results = self._results.of(cuts, emotions)
        faces: Floats = np.empty((len(cuts), len(FACE)), np.float32)
        faces[:, DRAWN:] = emotions
        spoken = [row for row, cut in enumerate(cuts) if not cut.is_silent]
        if spoken:
            faces[spoken, :DRAWN] = self.faces.step(results[spoken], [cuts[row] for row in spoken])
        silent = [row for row, cut in enumerate(cuts) if cut.is_silent]
        if silent:
            still = np.concatenate((results[silent], self._silent))
            faces[silent, :DRAWN] = self.faces.rest(still, [cuts[row] for row in silent])
        self._results.forget(cuts)
        return faces
