"""The cases of `bs_skin.npz` and `bs_tongue.npz`, as our solver sees them."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest

from a2f_ws.solver.normal import Normal, Poses, Regularisation, prepare
from a2f_ws.solver.projection import evaluate_pose, project
from a2f_ws.solver.solve import Solver

NEARLY_SINGULAR = 1e4
"""Condition of A from which the README has poses compared instead of single weights."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Case:
    """One case: the problem that we prepare, its data, and what the reference has for it."""

    name: str
    meta: dict
    normal: Normal
    rows: np.ndarray
    data: np.ndarray
    expected: dict
    neutral: np.ndarray
    deltas: np.ndarray

    @property
    def is_singular(self):
        return np.linalg.cond(self.normal.matrix.astype(np.float64)) > NEARLY_SINGULAR

    def weights(self, method):
        """Ours for all frames, with resets, multipliers and offsets."""
        return self.solved(method) * self.expected["mult"] + self.expected["offs"]

    @cache  # noqa: B019 - cases live as long as the session.
    def solved(self, method):
        solver = Solver([self.normal], method)
        states = []
        for is_reset in self.expected["reset"]:
            states.append(solver.new_state() if is_reset or not states else states[-1])
        return solver.solve(self.data, states)

    def apart(self, ours, theirs):
        """Greatest difference of a frame; where weights say little, of the poses' mean vertex."""
        if not self.is_singular:
            return np.abs(ours - theirs).max(axis=1)
        meshes = [
            evaluate_pose(weights, neutral=self.neutral, deltas=self.deltas)[:, self.rows]
            for weights in (ours, theirs)
        ]
        return np.linalg.norm(meshes[0] - meshes[1], axis=-1).mean(axis=-1)


def cases_of(vectors):
    return [_case(vectors, name) for name in vectors.meta["cases"]]


def _case(vectors, name):
    meta, arrays = vectors.meta["cases"][name], vectors.arrays
    prefix = f"{name}__"
    expected = {
        key.removeprefix(prefix): array for key, array in arrays.items() if key.startswith(prefix)
    }
    neutral, deltas = arrays["neutral"], arrays["delta_poses"]
    rows = arrays["pose_mask"] if meta["use_mask"] else np.arange(len(neutral))
    params = meta["params"]
    normal = prepare(
        deltas[:, rows],
        diagonal=float(np.linalg.norm(neutral.max(axis=0) - neutral.min(axis=0))),
        poses=Poses(
            active=expected["active"] != 0,
            cancel=expected["cancel"],
            symmetry=expected["symmetry"],
        ),
        regularisation=Regularisation(
            l1=params["L1Reg"],
            l2=params["L2Reg"],
            symmetry=params["SymmetryReg"],
            temporal=params["TemporalReg"],
            template_bb_size=params["templateBBSize"],
        ),
    )
    return Case(
        name=name,
        meta=meta,
        normal=normal,
        rows=rows,
        data=project(deltas[normal.active][:, rows], arrays["targets"][:, rows] - neutral[rows]),
        expected=expected,
        neutral=neutral,
        deltas=deltas,
    )


def check_problem(case):
    """A, scale and pairs."""
    matrix = case.expected["A"]
    # Both are float32 with sums in another order; 1e-5 of the largest entry is ten roundings.
    assert np.abs(case.normal.matrix - matrix).max() <= 1e-5 * np.abs(matrix).max(), case.name
    # The file has the SDK's float32.
    assert np.float32(case.normal.scale) == pytest.approx(case.meta["scaleFactor"], rel=1e-6), (
        case.name
    )
    pairs = {frozenset(pair) for pair in case.normal.cancel_pairs}
    assert pairs == {frozenset(pair) for pair in case.meta["cancelPairs"]}, case.name


def check_admm(case):
    # README: 1e-3 of a weight; for the nearly singular case, poses: 1 % of the mean movement.
    apart = case.apart(case.weights("admm"), case.expected["weights_gpu"])
    assert apart.max() < (1e-2 if case.is_singular else 1e-3), case.name


def check_bvls(case):
    """The README's rule, one of two: the SDK stops early now and then, by rounding.

    Where poses are compared the bounds are of a mean vertex: see `apart`.
    """
    weights = case.weights("bvls")
    in_float32 = case.apart(weights, case.expected["weights_cpu"])
    in_float64 = case.apart(weights, case.expected["weights_cpu_f64"])
    is_near = np.mean(in_float32 < 1e-3) >= 0.9 and in_float32.max() < 0.3
    assert is_near or np.mean(in_float64 < 1e-3) >= 0.95, case.name


def check_exact(case, true_weights):
    """Ours has no reference: no weights in 0 … 1 are cheaper, not even those of the targets."""
    if case.normal.cancel_pairs:
        return
    weights = case.solved("exact")[:, case.normal.active].astype(np.float64)
    others = np.clip(true_weights[:, case.normal.active], 0.0, 1.0).astype(np.float64)
    previous = np.zeros_like(weights)
    previous[1:] = weights[:-1]
    previous[case.expected["reset"] != 0] = 0.0
    b = case.data + case.normal.hold * previous
    matrix = case.normal.matrix.astype(np.float64)
    ours, theirs = (
        0.5 * np.einsum("fi,ij,fj->f", x, matrix, x) - np.einsum("fi,fi->f", b, x)
        for x in (weights, others)
    )
    assert (ours <= theirs + 1e-5 * np.abs(theirs)).all(), case.name
