"""The network as PyTorch trains it: whole sequences, one output every 10 ms."""

from itertools import pairwise
from typing import Final

import torch
from torch import Tensor, nn

from training.net.shape import BANDS, CHANNELS, HIDDEN, LAYERS, OUTPUTS

DROPOUT: Final = 0.1


class Convolution(nn.Module):
    """A convolution over time as one product over shifted slices, which is fast on processors."""

    def __init__(self, inputs: int, *, taps: int, dilation: int) -> None:
        super().__init__()
        self.taps, self.dilation = taps, dilation
        self.linear = nn.Linear(inputs * taps, CHANNELS)

    def forward(self, sequence: Tensor) -> Tensor:
        """(B, T, inputs) to (B, T - (taps - 1) * dilation, CHANNELS)."""
        length = sequence.shape[1] - (self.taps - 1) * self.dilation
        firsts = range(0, self.taps * self.dilation, self.dilation)
        result: Tensor = self.linear(
            torch.cat([sequence[:, i : i + length] for i in firsts], dim=-1)
        )
        return result


class ChannelDropout(nn.Module):
    """Drops whole channels of a sequence, which costs almost nothing."""

    def forward(self, sequence: Tensor) -> Tensor:
        """(B, T, C) to the same shape."""
        if not self.training:
            return sequence
        kept = torch.rand(sequence.shape[0], 1, sequence.shape[2]) >= DROPOUT
        return sequence * (kept.to(sequence.dtype) / (1.0 - DROPOUT))


class Mouth(nn.Module):
    """Log mel bands to articulators, decisions and classes."""

    def __init__(self) -> None:
        super().__init__()
        widths = [BANDS, *(CHANNELS for _ in LAYERS)]
        self.convolutions = nn.ModuleList(
            Convolution(inputs, taps=layer.taps, dilation=layer.dilation)
            for (inputs, _), layer in zip(pairwise(widths), LAYERS, strict=True)
        )
        self.norms = nn.ModuleList(nn.LayerNorm(CHANNELS) for _ in LAYERS)
        self.hidden = nn.Linear(CHANNELS, HIDDEN)
        self.out = nn.Linear(HIDDEN, OUTPUTS)
        self.dropout = ChannelDropout()

    def forward(self, bands: Tensor) -> Tensor:
        """(B, T, BANDS) to (B, T - 49, OUTPUTS)."""
        sequence = bands
        for layer, convolution, norm in zip(LAYERS, self.convolutions, self.norms, strict=True):
            new = torch.relu(norm(convolution(sequence)))
            if sequence.shape[-1] == CHANNELS:
                first = layer.reach - layer.ahead
                new = new + sequence[:, first : first + new.shape[1]]
            sequence = self.dropout(new)
        result: Tensor = self.out(self.dropout(torch.relu(self.hidden(sequence))))
        return result
