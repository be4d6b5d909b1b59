"""What the live tests of the Unity core share: programs, and the scenes that `talk` plays."""

import asyncio
import importlib.util
import re
from asyncio.subprocess import PIPE

import numpy as np
import pytest

from tests.clients.conftest import ROOT
from tests.clients.pump import join
from tests.conftest import IN_CI

SAMPLE = ROOT / "unity_sample"
SCENE_S = 40
ATTEMPTS = 4


def build_script():
    """`unity_sample/tests/build.py` as a module."""
    found = importlib.util.spec_from_file_location("unity_build", SAMPLE / "tests" / "build.py")
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def runtime_of(name):
    """What runs programs on "mono" or "dotnet"; a missing one skips, or fails if CI=true."""
    command = getattr(build_script(), name)()
    if command is None and IN_CI:
        pytest.fail(f"CI has to install: {name}", pytrace=False)
    if command is None:
        pytest.skip(f"not installed here: {name}")
    return command


class Played:
    """What a scene of `talk` has left behind.

    Attributes:
        rows: (session, utterance) → index of a pose → its row, float32 (R,), as often as it came.
        told: Lines of what was told, in order.
        heard: Sound that a watcher was sent.
    """

    def __init__(self, folder):
        """Read it."""
        self.rows = {}
        content = (folder / "rows.bin").read_bytes()
        at = 0
        while at < len(content):
            sid, u, i, size = np.frombuffer(content, "<i4", 4, at)
            row = np.frombuffer(content, "<f4", size, at + 16)
            at += 16 + 4 * size
            self.rows.setdefault((int(sid), int(u)), {}).setdefault(int(i), []).append(row)
        self.told = (folder / "told.txt").read_text("utf-8").splitlines()
        self.heard = (folder / "heard.pcm").read_bytes()

    def face(self, sid, u):
        """All rows of an utterance, float32 (n, R): none is missing, each time it is the same."""
        known = self.rows[sid, u]
        assert sorted(known) == list(range(len(known)))
        for rows in known.values():
            assert all(np.array_equal(row, rows[0]) for row in rows)
        return np.stack([known[i][0] for i in range(len(known))])

    def states(self, sid, word="[0-9]+"):
        """What was told of a session's utterances, or of its gate, each change once."""
        found = [re.fullmatch(rf"{sid} ({word}) (\w+)( .*)?", line) for line in self.told]
        return [f"{one[1]} {one[2]}" for one in found if one]

    def shown(self):
        """Frames in which a pose was shown."""
        return next(int(line.split()[2]) for line in self.told if line.startswith("1 shown "))

    @property
    def is_hurried(self):
        """The machine was too busy to compute every pose, and the server said so."""
        words = {line.split(maxsplit=1)[1] for line in self.told}
        return not words.isdisjoint({"status rate", "status behind", "status dropped"})

    def instances(self):
        """The servers that were met."""
        return [line.split()[2] for line in self.told if line.startswith("0 instance ")]


class Stage:
    """Plays scenes on one runtime, through the pump or straight."""

    def __init__(self, command, *, sound, folder):
        self.sound = sound
        self._command, self._folder, self._made = command, folder, 0

    def folder_of(self, scene, port):
        """A new folder for what it leaves behind."""
        self._made += 1
        folder = self._folder / f"{scene}-{port}-{self._made}"
        folder.mkdir()
        return folder

    async def play(self, url, scene, *words, port):
        """What a scene leaves behind, played again where the machine was too busy."""
        for _ in range(ATTEMPTS):
            played = await self.attempt(url, scene, *words, port=port)
            if not played.is_hurried:
                return played
        raise AssertionError(f"{scene} {port}: this machine is too busy, {ATTEMPTS} times")

    async def attempt(self, url, scene, *words, port, meanwhile=None):
        """What a scene leaves behind."""
        folder = self.folder_of(scene, port)
        doing = asyncio.create_task(meanwhile(folder)) if meanwhile else None
        code, errors = await self.run(url, scene, str(self.sound), str(folder), *words, port=port)
        assert code == 0, f"{scene} {port}: {errors}"
        if doing is not None:
            await doing
        return Played(folder)

    async def run(self, url, *words, port):
        """Exit code of `talk`, and what it complained about."""
        if port == "pump":
            command = [*self._command, "pump", *words]
            return await join(url, command, limit_s=SCENE_S, stderr=PIPE)
        program = await asyncio.create_subprocess_exec(*self._command, url, *words, stderr=PIPE)
        try:
            async with asyncio.timeout(SCENE_S):
                _, errors = await program.communicate()
        finally:
            if program.returncode is None:
                program.kill()
        return program.returncode, errors.decode(errors="replace")
