"""Reads YAML with plain values only: what a stranger wrote can neither harm nor take long."""

import re
from typing import Any, Final

import yaml

from a2f_ws.errors import ConfigError

TAG: Final = "tag:yaml.org,2002:"
ERROR_CHARS: Final = 200
"""Longest text of a fault that is told (ours)."""


def plain_yaml(data: bytes | str, source: str) -> object:
    """The value that a text stands for.

    Numbers are as in YAML 1.2: 1e-4 is one, 1:30 is a text and not sixty times one and thirty.
    Aliases and keys that stand twice are refused.

    Args:
        data: The text.
        source: Name of the file, for messages.

    Raises:
        ConfigError: It is no such text; the message names the line.
    """
    try:
        return yaml.load(data, Loader=_PlainLoader)
    except (yaml.YAMLError, RecursionError, ValueError, OverflowError) as error:
        raise ConfigError(f"{source}: not a YAML file: {_told(error)}") from None


class _PlainLoader(yaml.SafeLoader):
    """Without aliases no text can stand for more than itself."""

    def compose_node(self, parent: Any, index: Any) -> Any:  # noqa: ANN401 - as in PyYAML
        if self.check_event(yaml.AliasEvent):
            alias = self.peek_event()  # type: ignore[no-untyped-call]
            raise _fault("found an alias, wanted plain values", alias)
        return super().compose_node(parent, index)

    def construct_object(self, node: Any, deep: bool = False) -> Any:  # noqa: ANN401
        try:
            return super().construct_object(node, deep)
        except (ValueError, OverflowError) as error:
            raise _fault(f"{node.value!r:.60}: {error}", node) from None

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:  # noqa: ANN401
        seen: set[tuple[str, str]] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode):
                if (key.tag, key.value) in seen:
                    raise _fault(f"found the key {key.value!r:.60} twice, wanted it once", key)
                seen.add((key.tag, key.value))
        return super().construct_mapping(node, deep)

    def construct_number(self, node: Any) -> Any:  # noqa: ANN401 - as in PyYAML
        """A number; base 60, which takes the square of its length, only exists with a tag."""
        if ":" in node.value:
            raise ValueError("found a number in base 60, wanted a decimal one")
        is_whole = node.tag == f"{TAG}int"
        return self.construct_yaml_int(node) if is_whole else self.construct_yaml_float(node)


def _fault(problem: str, where: Any) -> yaml.constructor.ConstructorError:  # noqa: ANN401
    return yaml.constructor.ConstructorError(problem=problem, problem_mark=where.start_mark)


def _told(error: Exception) -> str:
    text = str(error)
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        mark = error.problem_mark
        context = f"{error.context}, " if error.context else ""
        text = f"line {mark.line + 1}, column {mark.column + 1}: {context}{error.problem}"
    return " ".join(text.split())[:ERROR_CHARS] or type(error).__name__


_NUMBERS: Final = {f"{TAG}int", f"{TAG}float"}
_PlainLoader.yaml_implicit_resolvers = {
    first: [one for one in resolvers if one[0] not in _NUMBERS]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
for _tag, _pattern, _first in (
    ("float", r"[-+]?([0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)([eE][-+]?[0-9]+)?$", "-+.0123456789"),
    ("float", r"[-+]?[0-9]+[eE][-+]?[0-9]+$", "-+0123456789"),
    ("float", r"([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$", "-+."),
    ("int", r"[-+]?(0b[01_]+|0[0-7_]*|[1-9][0-9_]*|0x[0-9a-fA-F_]+)$", "-+0123456789"),
):
    _PlainLoader.add_implicit_resolver(f"{TAG}{_tag}", re.compile(_pattern), list(_first))
for _tag in _NUMBERS:
    _PlainLoader.add_constructor(_tag, _PlainLoader.construct_number)
