"""What the C# compiler makes of the Unity package, and what runs it."""

import importlib.util
import json

from tests.clients.conftest import ROOT, call

UNITY = ROOT / "unity_sample"
PACKAGE = UNITY / "Packages" / "com.a2fws.client"
RUNTIME = PACKAGE / "Runtime"
SAMPLE = PACKAGE / "Samples~" / "Talk"
CHECKS = UNITY / "checks"
LIMIT_S = 60


def runtimes():
    """What runs a program of .NET: Mono, and .NET itself where it is found."""
    found = importlib.util.spec_from_file_location("unity_build", UNITY / "tests" / "build.py")
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return {"mono": module.mono(), "dotnet": module.dotnet()}, module.RUNTIME


RUNTIMES, CONFIGURATION = runtimes()


class Assemblies:
    """What mcs made of the package, in a folder of its own."""

    def __init__(self, folder):
        """Compile the engine-free part."""
        self.folder = folder
        self.core = self.library("A2F.Core", sorted((RUNTIME / "Core").glob("*.cs")))
        self.client = self.library("A2F.Client", self.sources("Client"), self.core)

    def sources(self, name):
        return sorted((RUNTIME / name).rglob("*.cs"))

    def library(self, name, sources, *references, options=()):
        target = self.folder / f"{name}.dll"
        self._compile(target, ["-target:library", *options], sources, references)
        return target

    def program(self, *names, others=(), references=()):
        """A program of the checks: the first file is called as it is."""
        target = self.folder / f"{names[0]}.exe"
        sources = [*(CHECKS / "programs" / f"{name}.cs" for name in names), *others]
        self._compile(target, [], sources, (self.core, self.client, *references))
        configuration = target.with_suffix(".runtimeconfig.json")
        configuration.write_text(json.dumps(CONFIGURATION), "utf-8")
        return target

    def _compile(self, target, options, sources, references):
        given = [f"-r:{one}" for one in references]
        call(
            ["mcs", "-langversion:7", "-warn:4", "-nowarn:0649", f"-out:{target}", *options, *given]
            + [str(one) for one in sources],
            limit_s=LIMIT_S,
        )
