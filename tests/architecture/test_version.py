"""Style guide §11: one version of the product."""

import json
import re
from urllib.parse import urlsplit

import pytest


@pytest.fixture
def version(project):
    return project["project"]["version"]


def test_the_plugins_carry_the_version_of_the_product(sources, version):
    told = {
        source.name: json.loads(source.text)["version"]
        for source in sources
        if source.path.name == "package.json"
    } | {
        source.name: json.loads(source.text)["VersionName"]
        for source in sources
        if source.path.suffix == ".uplugin"
    }
    assert {name: other for name, other in told.items() if other != version} == {}


def test_the_lock_file_has_that_version_too_and_names_no_other_host_than_npm(sources, version):
    locks = [json.loads(s.text) for s in sources if s.path.name == "package-lock.json"]
    assert [lock["version"] for lock in locks] == [version] * len(locks)
    assert [lock["packages"][""]["version"] for lock in locks] == [version] * len(locks)
    packages = [package for lock in locks for package in lock["packages"].values()]
    hosts = {
        urlsplit(package["resolved"]).hostname for package in packages if "resolved" in package
    }
    assert hosts <= {"registry.npmjs.org"}
    assert all(
        "integrity" in package
        for lock in locks
        for name, package in lock["packages"].items()
        if name
    )


def test_the_changelog_begins_with_what_is_unreleased_and_knows_no_later_version(sources, version):
    text = next(source.text for source in sources if source.name == "CHANGELOG.md")
    headings = re.findall(r"^## \[(.+?)\]", text, flags=re.MULTILINE)
    assert headings[0] == "Unreleased"
    numbers = [tuple(map(int, heading.split("."))) for heading in headings[1:]]
    assert all(number <= tuple(map(int, version.split("."))) for number in numbers)
    assert numbers == sorted(numbers, reverse=True)
