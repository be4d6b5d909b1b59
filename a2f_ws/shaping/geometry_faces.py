"""Faces of geometry bundles: coefficients, filters, solver; the mesh only where it is wanted."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from typing import Final, cast

import numpy as np

from a2f_ws.animation.eyes import EyesState, eye_rotations
from a2f_ws.animation.params import GEOMETRY_PARAMS, INTENSITY
from a2f_ws.animation.skin import SkinState, skin_coefficients, smooth_skin
from a2f_ws.inference.bundle import Bundle
from a2f_ws.inference.model_data import read_model_data
from a2f_ws.inference.solver_data import read_solvers, weight_columns
from a2f_ws.mesh import Mesh, Recipe
from a2f_ws.names import WEIGHTS, Floats
from a2f_ws.shaping.cut import Cut
from a2f_ws.shaping.gaze import GAZE, look
from a2f_ws.shaping.kind import CLAMP, DRAWN, JAW_OPEN, MOUTH_CLOSE, SHUT, hold, trimmed
from a2f_ws.shaping.meshes import Meshes
from a2f_ws.shaping.ready import Ready
from a2f_ws.shaping.reduced import ReducedSpace
from a2f_ws.shaping.tracks import styled, track
from a2f_ws.solver.solve import Solver, SolverState
from a2f_ws.style.style import SolverStyle

METHOD: Final = "admm"
"""How the solver works unless something else is asked for: as NVIDIA's service does."""

SETTLING: Final = 3
"""Times that a still face is solved: each takes the pull of the one before to a hundredth."""

_OFFSETS: Final = [
    GEOMETRY_PARAMS.column(name)
    for name in ("blink_offset", "eyelid_open_offset", "lip_open_offset")
]
_SACCADES: Final = GEOMETRY_PARAMS.column("saccade_strength")
_ANGLES: Final = [0, 1, 3, 4]
"""Right x, right y, left x, left y among the rotations of both eyes."""


@dataclass(slots=True)
class GeometryState:
    """What an utterance carries from face to face.

    Attributes:
        skin: Filters of the skin.
        eyes: Time in the table of saccades.
        solver: The weights before.
    """

    skin: SkinState
    eyes: EyesState
    solver: SolverState


class GeometryFaces:
    """See `Faces`: reduced space, solver and eyes, for rows of any utterances at once.

    Attributes:
        reduced: From coefficients to what the solver takes.
        solver: Skin and tongue.
    """

    def __init__(self, bundle: Bundle, *, style: SolverStyle, keeps_mesh: bool) -> None:
        """Read the arrays and prepare.

        Args:
            bundle: A geometry bundle.
            style: The solver's method, and what differs from the bundle.
            keeps_mesh: True = whole meshes can be given.

        Raises:
            ModelError: An array is missing, wrong or contradictory.
            ConfigError: The style does not fit the bundle's poses.
        """
        self.params = GEOMETRY_PARAMS
        self.clamp = self.params.column(CLAMP)
        self.intensity = self.params.column(INTENSITY)
        self.has_mesh = keeps_mesh
        self._bundle = bundle
        skin, tongue = (styled(rig, style) for rig in read_solvers(bundle))
        data = read_model_data(bundle, vertices=None if keeps_mesh else skin.vertices)
        self._saccades = data.saccades
        self._shapes = len(data.skin_basis) + 2
        self.reduced = ReducedSpace(data, skin=skin, tongue=tongue)
        self._meshes = Meshes(data) if keeps_mesh else None
        parts = [track(skin, "skin", style=style), track(tongue, "tongue", style=style)]
        self.solver = Solver(parts, style.method or METHOD)
        columns = weight_columns((*skin.names, *tongue.names))
        self._poses = np.flatnonzero(columns >= 0)
        self._weights = columns[self._poses]
        self.gains = self._placed(np.concatenate((skin.multipliers, tongue.multipliers))[None])[0]
        self.offsets = self._placed(np.concatenate((skin.offsets, tongue.offsets))[None])[0]
        solved = {WEIGHTS[i] for i in weight_columns(skin.names)[skin.active] if i >= 0}
        self.drives_gaze = solved.isdisjoint(GAZE)
        if self.drives_gaze:
            posed = {WEIGHTS[i] for i in self._weights}
            self.gains[[WEIGHTS.index(name) for name in GAZE if name not in posed]] = 1.0

    def beside(self) -> "GeometryFaces":
        """The same with a solver of its own; projections made for one are there for all."""
        other = copy(self)
        other.solver = self.solver.beside()
        return other

    def new_state(self) -> GeometryState:
        """Filters that pass their first face, no weights before, the first saccade."""
        return GeometryState(SkinState(self._shapes), EyesState(), self.solver.new_state())

    def ready(self, params: Floats) -> Ready | None:
        """The projected face mask of the parameters, float32 (P,), if it is there."""
        return self.reduced.ready(params)

    def prepare(self, params: Floats) -> Ready:
        """Project the face mask of the parameters; slow, safe in any thread."""
        return self.reduced.prepare(params)

    def step(self, results: Floats, cuts: Sequence[Cut]) -> Floats:
        """See `Faces.step`."""
        states = [cast(GeometryState, cut.state) for cut in cuts]
        params = np.stack([cut.params for cut in cuts])
        dt_s = np.array([cut.dt_s for cut in cuts], np.float32)
        skin, weights = self._solved(
            results, states, params=params, dt_s=dt_s, masks=[cut.ready for cut in cuts]
        )
        eyes = eye_rotations(
            results[:, self._bundle.columns.eyes],
            [state.eyes for state in states],
            saccades=self._saccades,
            params=params,
            dt_s=dt_s,
        )
        self._fill(cuts, results, skin=skin, params=params, eyes=eyes)
        return self._drawn(weights, cuts, eyes=eyes)

    def rest(self, results: Floats, cuts: Sequence[Cut]) -> Floats:
        """See `Faces.rest`."""
        params = np.stack([cut.params for cut in cuts])
        masks = [cut.ready for cut in cuts]
        felt = self._still(results[:-1], params, masks=masks)
        plain = params.copy()
        plain[:, _OFFSETS] = 0.0
        silent = self._still(np.repeat(results[-1:], len(cuts), axis=0), plain, masks=masks)
        params[:, _SACCADES] = 0.0
        eyes = eye_rotations(
            np.zeros((len(cuts), len(_ANGLES)), np.float32),
            [EyesState() for _ in cuts],
            saccades=self._saccades,
            params=params,
            dt_s=np.ones(len(cuts), np.float32),
        )
        drawn = self._drawn(np.maximum(felt - silent, np.float32(0.0)), cuts, eyes=eyes)
        drawn[:, SHUT] = 0.0
        return drawn

    def unfold(self, mesh: Mesh) -> None:
        """See `Faces.unfold`."""
        recipe, mesh.recipe = mesh.recipe, None
        if self._meshes is not None and recipe is not None:
            self._meshes.fill(mesh, recipe)

    def _still(self, results: Floats, params: Floats, *, masks: Sequence[Ready | None]) -> Floats:
        """Weights of faces that have been the same for long, float32 (B, 68)."""
        states = [self.new_state() for _ in results]
        dt_s = np.ones(len(results), np.float32)
        for _ in range(SETTLING):
            _, weights = self._solved(results, states, params=params, dt_s=dt_s, masks=masks)
        return weights

    def _solved(
        self,
        results: Floats,
        states: Sequence[GeometryState],
        *,
        params: Floats,
        dt_s: Floats,
        masks: Sequence[Ready | None],
    ) -> tuple[tuple[Floats, Floats], Floats]:
        """Filtered coefficients of the skin, and weights (B, 68) before gains."""
        columns = self._bundle.columns
        skin = smooth_skin(
            skin_coefficients(results[:, columns.skin], params),
            [state.skin for state in states],
            params=params,
            dt_s=dt_s,
        )
        data = self.reduced.data(skin, results[:, columns.tongue], params=params, masks=masks)
        weights = self.solver.solve(data, [state.solver for state in states])
        return skin, self._placed(weights)

    def _fill(
        self,
        cuts: Sequence[Cut],
        results: Floats,
        *,
        skin: tuple[Floats, Floats],
        params: Floats,
        eyes: Floats,
    ) -> None:
        """Leave what is needed in the meshes that cuts ask for."""
        if self._meshes is None:
            return
        columns, (upper, lower) = self._bundle.columns, skin
        for row, cut in enumerate(cuts):
            if cut.mesh is not None:
                cut.mesh.recipe = Recipe(
                    upper=upper[row].copy(),
                    lower=lower[row].copy(),
                    tongue=results[row, columns.tongue].copy(),
                    jaw=results[row, columns.jaw].copy(),
                    eyes=eyes[row].copy(),
                    params=params[row].copy(),
                )

    def _drawn(self, weights: Floats, cuts: Sequence[Cut], *, eyes: Floats) -> Floats:
        """Gaze, then gains and offsets, then the meaning that ARKit gives jawOpen."""
        drawn: Floats = np.empty((len(cuts), DRAWN), np.float32)
        angles = eyes[:, _ANGLES]
        if self.drives_gaze:
            look(weights, angles)
        shown = trimmed(weights, cuts, faces=self)
        if self._bundle.mouth_close == "a2f":
            shown[:, JAW_OPEN] += shown[:, MOUTH_CLOSE]
            hold(shown, cuts, faces=self)
        drawn[:, : len(WEIGHTS)] = shown
        drawn[:, len(WEIGHTS) :] = angles
        return drawn

    def _placed(self, values: Floats) -> Floats:
        """Values per pose of the rigs, float32 (B, n), as values per weight, (B, 68)."""
        placed: Floats = np.zeros((len(values), len(WEIGHTS)), np.float32)
        placed[:, self._weights] = values[:, self._poses]
        return placed
