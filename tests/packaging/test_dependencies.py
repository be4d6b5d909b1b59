"""No package comes along at run time that nobody has looked at (docs/dependencies.md)."""

import re
import tomllib
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
TABLE = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")


def pinned():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [Requirement(line) for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(pin.name): pin for pin in pins}


def brought_along(wanted):
    """Names of what the requirements bring along on this machine, as far as it is installed."""
    todo, found = [Requirement(one) for one in wanted], set()
    while todo:
        one = todo.pop()
        name = canonicalize_name(one.name)
        if name in found or (one.marker is not None and not one.marker.evaluate({"extra": ""})):
            continue
        found.add(name)
        try:
            todo += [Requirement(text) for text in requires(name) or []]
        except PackageNotFoundError:
            continue
    return found


def test_every_package_that_comes_along_was_reviewed():
    wanted = [*PROJECT["dependencies"], *EXTRAS["discovery"], *EXTRAS["hub"]]
    assert sorted(brought_along(wanted) - set(pinned())) == []


def test_every_pin_is_of_one_version_that_is_new_enough():
    floors = {
        canonicalize_name(one.name): one.specifier
        for one in map(Requirement, [*PROJECT["dependencies"], *EXTRAS["hub"]])
    }
    for name, pin in pinned().items():
        (spec,) = pin.specifier
        assert spec.operator == "=="
        assert name not in floors or floors[name].contains(spec.version), name


@pytest.mark.parametrize("extra", [None, *EXTRAS])
def test_every_package_of_ours_has_a_row_that_says_what_it_may_see(extra):
    for text in PROJECT["dependencies"] if extra is None else EXTRAS[extra]:
        one = Requirement(text)
        floor = re.escape(next(iter(one.specifier)).version)
        assert re.search(rf"^\| [^|]*\b{one.name}\b[^|]* \| [^|]*\b{floor}\b", TABLE, re.M), text
