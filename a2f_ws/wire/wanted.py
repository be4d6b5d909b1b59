"""The type of a field in words, for error texts and for the generated tables."""

from collections.abc import Sequence
from functools import cache
from typing import Final

from msgspec import Struct, inspect

Path = Sequence[str | int]
"""Way to a value: names of fields, keys of maps, indices of lists."""

ANY_KEY: Final = "[...]"
"""Stands in a path for the key of a map."""


@cache
def type_of(kind: type[Struct]) -> inspect.StructType:
    """The fields of a struct and their types."""
    info = inspect.type_info(kind)
    if not isinstance(info, inspect.StructType):
        raise TypeError(f"{kind.__name__} is no struct")
    return info


def wanted_at(kind: type[Struct], path: Path) -> str:
    """What may stand at a path of a message, in words."""
    here: inspect.Type = type_of(kind)
    for part in path:
        inner = _inside(here, part)
        if inner is None:
            break
        here = inner
    return describe(here)


def describe(kind: inspect.Type) -> str:
    """A type with its range, in words: "integer 0 to 2147483647"."""
    match kind:
        case inspect.UnionType(types=members):
            return " or ".join(
                describe(member) for member in members if not isinstance(member, inspect.NoneType)
            )
        case inspect.IntType() | inspect.FloatType():
            return _number(kind)
        case inspect.StrType() | inspect.BytesType():
            noun = "text" if isinstance(kind, inspect.StrType) else "bytes"
            unit = "characters" if isinstance(kind, inspect.StrType) else "bytes"
            return noun + _size(kind.min_length, kind.max_length, unit=unit)
        case inspect.LiteralType(values=values):
            return "one of " + ", ".join(f'"{value}"' for value in values)
        case _:
            return _container(kind)


def _number(kind: inspect.IntType | inspect.FloatType) -> str:
    noun = "integer" if isinstance(kind, inspect.IntType) else "number"
    if kind.ge is None or kind.le is None:
        return noun
    return f"{noun} {kind.ge:.16g} to {kind.le:.16g}"


def _container(kind: inspect.Type) -> str:
    match kind:
        case inspect.ListType() | inspect.VarTupleType():
            size = _size(kind.min_length, kind.max_length, unit="entries")
            return f"list of {describe(kind.item_type)}{size}"
        case inspect.TupleType(item_types=items):
            return "[" + ", ".join(describe(item) for item in items) + "]"
        case inspect.DictType():
            size = _size(kind.min_length, kind.max_length, unit="entries")
            return f"map of {describe(kind.key_type)} to {describe(kind.value_type)}{size}"
        case inspect.StructType(cls=struct):
            return f"map {struct.__name__}"
        case inspect.BoolType():
            return "true or false"
        case _:
            return "any value"


def _size(least: int | None, most: int | None, *, unit: str) -> str:
    if most is None:
        return ""
    if least == most:
        return f" (exactly {most} {unit})"
    return f" ({least or 0} to {most} {unit})"


def _inside(kind: inspect.Type, part: str | int) -> inspect.Type | None:
    match kind:
        case inspect.UnionType(types=members):
            found = (_inside(member, part) for member in members)
            return next((inner for inner in found if inner is not None), None)
        case inspect.StructType(fields=fields):
            return next((field.type for field in fields if field.encode_name == part), None)
        case inspect.DictType(key_type=key, value_type=value):
            return key if part == "key" else value
        case inspect.ListType(item_type=item) | inspect.VarTupleType(item_type=item):
            return item if isinstance(part, int) else None
        case inspect.TupleType(item_types=items):
            return items[part] if isinstance(part, int) and part < len(items) else None
        case _:
            return None
