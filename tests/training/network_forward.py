"""The networks of synthetic bundles in float64, written for clarity: ONNX has to agree."""

import numpy as np
from scipy.special import erf

WINDOW, GAIN = 8320, 8.912028121636435
STRIDES = (5, 2, 2, 2, 2, 2, 2)


def norm_relu(x):
    return np.maximum(x, 0.0) * np.sqrt(2.0)


def gelu(x):
    return 0.5 * x * (1.0 + erf(x / np.sqrt(2.0)))


def layer_norm(x, w, name):
    mean, variance = x.mean(-1, keepdims=True), x.var(-1, keepdims=True)
    return (x - mean) / np.sqrt(variance + 1e-5) * w[f"{name}.weight"] + w[f"{name}.bias"]


def linear(x, w, name):
    return x @ w[f"{name}.weight"] + w[f"{name}.bias"]


def convolve(x, kernel, *, stride, pad=(0, 0)):
    """x (in, T) with kernel (out, in, k): (out, T')."""
    x = np.pad(x, ((0, 0), pad))
    size = kernel.shape[2]
    places = range(0, x.shape[1] - size + 1, stride)
    columns = np.stack([x[:, place : place + size].reshape(-1) for place in places], axis=1)
    return kernel.reshape(len(kernel), -1) @ columns


def autocorrelation(sound):
    """(8320,) to (25, 32)."""
    rows = np.empty((25, 32))
    for piece in range(25):
        y = GAIN * sound[320 * piece : 320 * piece + 640]
        y = (y - y.mean()) * np.hanning(640)
        for lag in range(32):
            rows[piece, lag] = sum_of_products(y, lag) / 640.0
    return rows


def sum_of_products(y, lag):
    return float(y[: len(y) - lag] @ y[lag:])


def branch_b(sound, w):
    """(256, 25)."""
    value = autocorrelation(sound)[None]
    for index in range(5):
        kernel, bias = w[f"autocorrelation.{index}.weight"], w[f"autocorrelation.{index}.bias"]
        stride, pad = (2, (1, 1)) if index < 4 else (1, (0, 0))
        pieces = [convolve(value[:, t], kernel[:, :, 0], stride=stride, pad=pad) for t in range(25)]
        value = norm_relu(np.stack(pieces, axis=1) + bias[:, None, None])
    return value[:, :, 0]


def transformer_layer(x, w, name):
    """(25, 768) to the same: 12 heads, norms after the sums."""
    query, key, value = (linear(x, w, f"{name}.{part}") for part in ("query", "key", "value"))
    heads = []
    for head in range(12):
        own = slice(64 * head, 64 * head + 64)
        scores = query[:, own] @ key[:, own].T / 8.0
        share = np.exp(scores - scores.max(-1, keepdims=True))
        heads.append(share / share.sum(-1, keepdims=True) @ value[:, own])
    attended = linear(np.concatenate(heads, axis=1), w, f"{name}.out")
    x = layer_norm(x + attended, w, f"{name}.attention.norm")
    inner = gelu(linear(x, w, f"{name}.inner"))
    return layer_norm(x + linear(inner, w, f"{name}.outer"), w, f"{name}.norm")


def branch_a(sound, w):
    """(256, 25)."""
    value = sound[None]
    for index, stride in enumerate(STRIDES):
        value = convolve(value, w[f"extractor.{index}.weight"], stride=stride)
        if index == 0:
            value = value - value.mean(1, keepdims=True)
            value /= np.sqrt((value**2).mean(1, keepdims=True) + 1e-5)
            value *= w["extractor.norm.weight"][:, None]
            value += w["extractor.norm.bias"][:, None]
        value = gelu(value)
    value = linear(layer_norm(value.T, w, "projection.norm"), w, "projection")
    value = layer_norm(value + gelu(position(value, w)), w, "encoder.norm")
    total = np.zeros_like(value)
    for index, share in enumerate(w["mix"]):
        value = transformer_layer(value, w, f"layer.{index}")
        total += share * value
    return np.maximum(linear(total / w["mix"].sum(), w, "mapping"), 0.0).T


def position(value, w):
    """(25, 768): 16 groups of 48 channels, 128 steps, weights as length and direction."""
    direction = w["position.direction"]
    kernel = direction / np.sqrt((direction**2).sum((0, 1))) * w["position.length"]
    groups = [
        convolve(part, own, stride=1, pad=(64, 64))
        for part, own in zip(np.split(value.T, 16), np.split(kernel, 16), strict=True)
    ]
    return np.concatenate(groups)[:, :25].T + w["position.bias"]


def face(features, emotion, w):
    """(512 or 256, 25) and (26,) to (R,)."""
    mood = np.concatenate([emotion[:16], linear(emotion[16:], w, "emotion")])
    value = features
    for index in range(4):
        kernel, bias = w[f"time.{index}.weight"][..., 0], w[f"time.{index}.bias"]
        value = norm_relu(convolve(value, kernel, stride=2, pad=(1, 1)) + bias[:, None])
        value = np.concatenate([value, np.repeat(mood[:, None], value.shape[1], axis=1)])
    dense = norm_relu(linear(value.reshape(-1), w, "dense"))
    last = np.concatenate([dense, mood])
    head = linear(linear(last, w, "head.0"), w, "head.1")
    tongue = linear(linear(last, w, "tongue.0"), w, "tongue.1")
    return np.concatenate([head[:-19], tongue, head[-19:]])


def network(sound, emotion, w):
    """(8320,) and (26,) to (R,); branch A where the weights have one."""
    w = {name: value.astype(np.float64) for name, value in w.items()}
    features = branch_b(sound, w)
    if "mix" in w:
        features = np.concatenate([branch_a(sound, w), features])
    return face(features, emotion, w)
