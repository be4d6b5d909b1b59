"""Which numbers the weights of an ONNX file are, without the package onnx."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from a2f_ws.errors import ModelError

_GRAPH: Final = 7
_NODE: Final = 1
_INITIALIZER: Final = 5
_DATA_TYPE: Final = 2
_OP_TYPE: Final = 4
"""Numbers of fields. Source: `onnx.proto`, ModelProto, GraphProto, TensorProto, NodeProto."""

_HALF: Final = 10
"""`TensorProto.FLOAT16`."""

_VARINT, _WIDE, _BYTES, _SHORT = 0, 1, 2, 5
"""Kinds of fields on the wire. Source: the encoding of protocol buffers."""


def precision_of(network: Path) -> str:
    """What the network computes in: "int8" where it quantises, "fp16" where weights are, or "fp32".

    Raises:
        ModelError: The file cannot be read, or is no ONNX file.
    """
    try:
        content = memoryview(network.read_bytes())
    except OSError as fault:
        raise ModelError(f"{network}: cannot be read: {fault.strerror or fault}") from fault
    found = "fp32"
    try:
        for number, graph in _fields(content):
            if number != _GRAPH or not isinstance(graph, memoryview):
                continue
            for kind, part in _fields(graph):
                if kind == _NODE and _is(part, _OP_TYPE, wanted=b"QuantizeLinear"):
                    return "int8"
                if kind == _INITIALIZER and _is(part, _DATA_TYPE, wanted=_HALF):
                    found = "fp16"
    except (IndexError, ValueError) as fault:
        raise ModelError(f"{network}: not an ONNX file: {fault}") from fault
    return found


def _is(message: memoryview | int, field: int, *, wanted: bytes | int) -> bool:
    """True when a field of a message has that value."""
    if isinstance(message, int):
        return False
    return any(number == field and value == wanted for number, value in _fields(message))


def _fields(message: memoryview) -> Iterator[tuple[int, memoryview | int]]:
    """Number and value of every field; those of fixed size are left out."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        number, kind = key >> 3, key & 7
        if kind == _VARINT:
            value, at = _varint(message, at)
            yield number, value
        elif kind == _BYTES:
            size, at = _varint(message, at)
            if at + size > len(message):
                raise ValueError("it ends too early")
            yield number, message[at : at + size]
            at += size
        elif kind in (_WIDE, _SHORT):
            at += 8 if kind == _WIDE else 4
        else:
            raise ValueError(f"found a field of kind {kind}")


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    """A number of variable length, and where the next thing begins."""
    value = shift = 0
    while True:
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:  # noqa: PLR2004 - the top bit says that more follows
            return value, at
