"""What the network is punished for."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from training.net.corpus import Batch
from training.net.shape import CLASSES, CURVES, LOGITS, VISEME_INDEX
from training.speech.phones import KINDS, VISEMES

_CURVE_WEIGHT: Final = torch.tensor(
    [3.0, 2.0, 1.5, 1.5, 1.2, 2.0, 1.0, 1.0, 0.6, 1.0, 0.6, 0.4, 0.4, 0.4, 0.4]
)
_SEALED, _TUCKED = 4.0, 2.0
"""How much more a frame counts where the lips are together, or the lip under the teeth."""
_DECISION_WEIGHT: Final = torch.tensor([1.5, 0.7, 0.5])
_MISSED: Final = torch.tensor([3.0, 1.0, 1.0])
"""How much worse it is to miss a decision than to make it where it is not asked for: lips that stay
open in a bilabial are seen, lips that touch for a moment in a vowel hardly."""
_VALUE, _CLASS = 10.0, 0.5
VELOCITY: Final = 45.0
"""Weight of the error of the steps from one output to the next."""
SMOOTHING: Final = 0.05
TH_WEIGHT: Final = 1.5
FREQUENCY_POWER: Final = -0.4
"""A class weighs its frequency to this power: rare ones count more, yet less than they are rare."""


@dataclass(frozen=True, slots=True)
class Scores:
    """How well the network does on sound that it does not learn from.

    Attributes:
        loss: As in training.
        macro: Mean recall of the 14 visemes, all frames.
        micro: Their accuracy.
        jaw: Correlation of the jaw with its target.
        seal: F1 score of the seal at 0.5.
    """

    loss: float
    macro: float
    micro: float
    jaw: float
    seal: float


def class_weights(frequency: Tensor) -> Tensor:
    """Weights of the classes, mean 1 over the frames.

    Args:
        frequency: Share of the frames of each of `KINDS`.
    """
    weights = frequency.clamp_min(1e-4) ** FREQUENCY_POWER
    weights[KINDS.index("TH")] *= TH_WEIGHT
    weights = weights / (weights * frequency).sum()
    return weights


def loss(output: Tensor, batch: Batch, *, weights: Tensor, velocity: float = VELOCITY) -> Tensor:
    """The sum that training makes small.

    Args:
        output: float32 (B, T, outputs).
        batch: The targets.
        weights: (27,), of the classes.
        velocity: Weight of the error of the steps from one output to the next.
    """
    curves, decisions = torch.from_numpy(batch.curves), torch.from_numpy(batch.decisions)
    said = output[..., CURVES]
    importance = 1.0 + _SEALED * decisions[..., :1] + _TUCKED * decisions[..., 1:2]
    value = (importance * _CURVE_WEIGHT * (said - curves) ** 2).mean()
    speed = (_CURVE_WEIGHT * (said.diff(dim=1) - curves.diff(dim=1)) ** 2).mean()
    decided = functional.binary_cross_entropy_with_logits(
        output[..., LOGITS],
        decisions,
        weight=_DECISION_WEIGHT.expand_as(decisions),
        pos_weight=_MISSED,
    )
    named = functional.cross_entropy(
        output[..., CLASSES].flatten(0, 1),
        torch.from_numpy(batch.kinds).flatten(),
        weight=weights,
        label_smoothing=SMOOTHING,
    )
    return _VALUE * value + velocity * speed + decided + _CLASS * named


def visemes_of(log_probabilities: Tensor) -> Tensor:
    """(…, 27) to (…, 14): log probability of each viseme, up to a constant."""
    index = torch.from_numpy(VISEME_INDEX)
    parts = [log_probabilities[..., index == i].logsumexp(-1) for i in range(len(VISEMES))]
    return torch.stack(parts, dim=-1)


def scores(output: Tensor, batch: Batch, *, weights: Tensor) -> Scores:
    """Measure one large batch."""
    truth = VISEME_INDEX[batch.kinds]
    found = visemes_of(output[..., CLASSES].log_softmax(-1)).argmax(-1).numpy()
    scored = truth >= 0
    recalls = [np.mean(found[truth == i] == i) for i in range(len(VISEMES)) if (truth == i).any()]
    sealed, seal = batch.decisions[..., 0] > 0.5, (output[..., LOGITS][..., 0] > 0).numpy()
    hits = float((sealed & seal).sum())
    return Scores(
        loss=float(loss(output, batch, weights=weights)),
        macro=float(np.mean(recalls)),
        micro=float(np.mean(found[scored] == truth[scored])),
        jaw=float(
            np.corrcoef(output[..., 0].flatten().numpy(), batch.curves[..., 0].ravel())[0, 1]
        ),
        seal=2 * hits / max(float(sealed.sum() + seal.sum()), 1.0),
    )
