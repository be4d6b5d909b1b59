"""Style guide §3: what fits into a head."""

import ast
import warnings

LINES_WANTED = 250
LINES_MAX = 300
FUNCTION_LINES_MAX = 40
POSITIONAL_MAX = 2


def functions(source):
    """The functions of a module, each with the class it is a method of, or None."""
    owners = {}
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ClassDef):
            owners.update({child: node for child in node.body})
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node, owners.get(node)


def length(function):
    """Lines of a function without its docstring, which is as long as its subject needs."""
    lines = function.end_lineno - function.lineno + 1
    if ast.get_docstring(function, clean=False) is not None:
        docstring = function.body[0]
        lines -= docstring.end_lineno - docstring.lineno + 1
    return lines


def positional(function, owner):
    """Parameters that may be given without their name; self and cls do not count."""
    is_static = any(getattr(d, "id", "") == "staticmethod" for d in function.decorator_list)
    count = len(function.args.posonlyargs) + len(function.args.args)
    return count - (owner is not None and not is_static)


def is_protocol_of_python(function):
    """True for `__exit__` and its like, whose parameters Python passes by position."""
    name = function.name
    return name.startswith("__") and name.endswith("__") and name not in {"__init__", "__new__"}


def test_no_source_file_is_longer_than_300_lines(code):
    lengths = {source.name: len(source.text.splitlines()) for source in code}
    for name, lines in lengths.items():
        if LINES_WANTED < lines <= LINES_MAX:
            warnings.warn(f"{name}: {lines} lines, wanted {LINES_WANTED}", stacklevel=1)
    assert {name: lines for name, lines in lengths.items() if lines > LINES_MAX} == {}


def test_no_function_is_longer_than_40_lines(code):
    python = [source for source in code if source.path.suffix == ".py"]
    too_long = {
        f"{source.name}:{function.lineno} {function.name}": length(function)
        for source in python
        for function, _ in functions(source)
        if length(function) > FUNCTION_LINES_MAX
    }
    assert too_long == {}


def test_from_the_third_parameter_on_they_are_given_by_name(scripts):
    too_many = {
        f"{source.name}:{function.lineno} {function.name}": positional(function, owner)
        for source in scripts
        for function, owner in functions(source)
        if positional(function, owner) > POSITIONAL_MAX and not is_protocol_of_python(function)
    }
    assert too_many == {}
