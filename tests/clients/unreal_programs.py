"""Builds programs of the Unreal plugin's tests."""

from tests.clients.conftest import ROOT, call

OWN = ROOT / "unreal_sample" / "tests"


def make(folder, target, *, limit_s):
    """What building printed."""
    words = ["make", "--no-print-directory", "-j2", f"OUT={folder}", "OPT=-O1", target]
    return call(words, cwd=OWN, limit_s=limit_s)
