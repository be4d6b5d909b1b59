"""What lies in the wheel and in the sdist."""

import tarfile
import tomllib
import zipfile
from email.parser import HeaderParser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MEGABYTES = 1_000_000
PRODUCTS = {"__pycache__", "dist", "node_modules", "shots"}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def packed(built):
    """Names in the wheel."""
    with zipfile.ZipFile(built.wheel) as wheel:
        return set(wheel.namelist())


@pytest.fixture(scope="module")
def metadata(built):
    """The wheel's METADATA."""
    with zipfile.ZipFile(built.wheel) as wheel:
        name = next(name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
        return HeaderParser().parsestr(wheel.read(name).decode("utf-8"))


def files(folder):
    """Paths of all files below a folder of the checkout, from its root."""
    found = (path.relative_to(ROOT) for path in (ROOT / folder).rglob("*") if path.is_file())
    return {path.as_posix() for path in found if not PRODUCTS & set(path.parts)}


def test_the_wheel_is_smaller_than_12_megabytes(built):
    assert built.wheel.stat().st_size < 12 * MEGABYTES


def test_the_wheel_installs_one_name_only(packed):
    assert {name.split("/")[0].split("-")[0] for name in packed} == {"a2f_ws"}


def test_the_wheel_carries_rigs_model_clips_and_types(packed):
    rigs = {name.replace("engines/", "a2f_ws/_engines/", 1) for name in files("engines")}
    data = files("a2f_ws/models") | files("a2f_ws/samples") | {"a2f_ws/py.typed"}
    assert any(name.endswith(".toml") for name in rigs)
    assert any(name.endswith(".onnx") for name in data)
    assert any(name.endswith((".flac", ".wav")) for name in data)
    assert sorted((rigs | data) - packed) == []


def test_the_wheel_carries_every_module_and_the_licence(packed):
    modules = {name for name in files("a2f_ws") if name.endswith(".py")}
    assert sorted(modules - packed) == []
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in packed)


def test_the_sdist_carries_what_it_takes_to_build_and_to_test(built):
    with tarfile.open(built.sdist) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    wanted = {"pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "Makefile", "noxfile.py"}
    folders = ("a2f_ws", "browser_sample", "docs", "engines", "examples", "portable", "protocol")
    for folder in (*folders, "tests", "training"):
        wanted |= files(folder)
    assert sorted(wanted - names) == []


def test_the_metadata_say_licence_version_and_python(metadata):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    told = {key: metadata[key] for key in ("Name", "Version", "License-Expression")}
    assert told == {
        "Name": "a2f-ws",
        "Version": project["version"],
        "License-Expression": "Apache-2.0",
    }
    assert metadata["Requires-Python"] == ">=3.11"


def test_the_base_install_needs_no_torch_tensorrt_or_compiler(metadata):
    needed = [text for text in metadata.get_all("Requires-Dist") if "extra ==" not in text]
    heavy = ("torch", "tensorrt", "pycuda", "cuda", "nvidia", "tensorflow")
    assert len(needed) > 0
    assert [text for text in needed if text.lower().startswith(heavy)] == []
