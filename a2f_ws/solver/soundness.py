"""Whether normal equations have one solution, and which number is to blame where they have not."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

KEYS: Final[Mapping[str, str]] = {
    "l1": "strengthL1regularization",
    "l2": "strengthL2regularization",
    "symmetry": "strengthSymmetry",
    "temporal": "strengthTemporalSmoothing",
}
"""Prices as `bs_*_config.json` calls them."""

WORST_CONDITION: Final = 1e7
"""Largest eigenvalue of A over the smallest; beyond, A is only known to be singular.

Ours: A is stored in float32, whose rounding alone makes quotients of up to 1.7e7.
"""

LEAST_PART: Final = 1e-12
"""Of a price, below which no better one is looked for (ours)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where the numbers of a track were found, for messages.

    Attributes:
        poses: Of its poses, a file.
        prices: Of its prices, by their names in `KEYS`: file and key.
    """

    poses: str = "the rig"
    prices: Mapping[str, str] = field(default_factory=lambda: KEYS)


def why_singular(
    products: NDArray[np.float64],
    pulls: Mapping[str, NDArray[np.float64]],
    *,
    prices: Mapping[str, float],
    origin: Origin,
) -> str | None:
    """Why the sum of all parts of A cannot be inverted, as a text with file and key, or None.

    A unique solution needs poses of which none is a sum of others, or an L2 price, and prices of
    sums and differences that leave something of the poses beside them.

    Args:
        products: (a, a), what of A stays where the following are taken away.
        pulls: (a, a) each, by price: what l1 and symmetry add to A.
        prices: Their values, by the same names.
        origin: Where all of that was found.
    """
    whole = _eigenvalues(products + sum(pulls.values()))
    if _is_sound(whole):
        return None
    if _is_sound(_eigenvalues(products)):
        name = max(pulls, key=lambda price: float(np.abs(pulls[price]).max()))
        most = next(_smaller(products, pulls[name], price=prices[name], power=POWERS[name]))
        return (
            f"{origin.prices[name]}: found {prices[name]:g}, wanted at most {most:g}:"
            f" beside more the poses of {origin.poses} count for nothing"
        )
    return (
        f"{origin.poses}: {len(products)} active poses depend on one another (eigenvalues of A from"
        f" {whole[0]:.3g} to {whole[-1]:.3g}): wanted independent poses, or"
        f" {KEYS['l2']} > 0 ({origin.prices['l2']})"
    )


POWERS: Final[Mapping[str, int]] = {"l1": 2, "symmetry": 1}
"""How a price enters A. Source: SDK, `blendshape_solver_base.cpp`."""


def _smaller(
    products: NDArray[np.float64], pull: NDArray[np.float64], *, price: float, power: int
) -> Iterator[float]:
    """Prices that leave A sound, a tenth each of the one before; 0 in the end."""
    part = 0.1
    while part > LEAST_PART:
        if _is_sound(_eigenvalues(products + pull * part**power)):
            yield price * part
        part /= 10.0
    yield 0.0


def _eigenvalues(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """In increasing order; those of the matrix as it is stored, in float32."""
    return np.linalg.eigvalsh(matrix.astype(np.float32).astype(np.float64))


def _is_sound(values: NDArray[np.float64]) -> bool:
    return bool(values[0] * WORST_CONDITION > values[-1])
