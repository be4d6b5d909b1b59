"""`a2f-ws serve`: its options, which are settings of the server."""

import os
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

from a2f_ws.cli_options import (
    Announce,
    Audio2Emotion,
    Backend,
    Config,
    CpuFallback,
    Cuda,
    CudaGraphs,
    Devices,
    Discoverable,
    Drain,
    Engines,
    ExitWithStdin,
    Folders,
    Geometry,
    Host,
    Livelink,
    LivelinkAngles,
    LogFormat,
    LogLevel,
    MaxSessions,
    ModelsDir,
    PasswordFile,
    Port,
    ReadOnlyModels,
    Served,
    Solver,
    Style,
    Subject,
    Threads,
    TlsCert,
    TlsKey,
    Tokens,
    Unauthenticated,
    Workers,
)

APART: Final = ("config", "announce", "exit_with_stdin")
"""Options that are no settings."""

TWO_SIDED: Final = ("cpu_fallback",)
"""Flags that can be given either way."""

RENAMED: Final = {"models_dir": "models", "drain": "drain_s"}
"""Settings whose options are called otherwise."""


def serve(  # noqa: PLR0913 - one per setting that has a flag
    *,
    host: Host = None,
    port: Port = None,
    model: Served = None,
    config: Config = None,
    style: Style = None,
    solver: Solver = None,
    audio2emotion: Audio2Emotion = None,
    geometry: Geometry = False,
    workers: Workers = None,
    threads: Threads = None,
    backend: Backend = None,
    devices: Devices = None,
    cuda: Cuda = None,
    cuda_graphs: CudaGraphs = False,
    cpu_fallback: CpuFallback = None,
    engines: Engines = None,
    models_dir: ModelsDir = None,
    rigs: Folders = None,
    allow_unauthenticated: Unauthenticated = False,
    password_file: PasswordFile = None,
    tokens: Tokens = None,
    tls_cert: TlsCert = None,
    tls_key: TlsKey = None,
    read_only_models: ReadOnlyModels = False,
    announce: Announce = False,
    exit_with_stdin: ExitWithStdin = False,
    discoverable: Discoverable = False,
    livelink: Livelink = None,
    subject: Subject = None,
    livelink_angles: LivelinkAngles = None,
    drain: Drain = None,
    max_sessions: MaxSessions = None,
    log_level: LogLevel = None,
    log_format: LogFormat = None,
) -> None:
    """Serve poses to games and avatars."""
    _serve(locals(), config, announces=announce, ends_with_stdin=exit_with_stdin)


def _serve(
    options: Mapping[str, Any], config: Path | None, *, announces: bool, ends_with_stdin: bool
) -> None:
    """Do it, with options that are settings among others."""
    from a2f_ws.commands import serve as command
    from a2f_ws.settings import read_settings

    read = partial(read_settings, config, environ=os.environ, flags=_settings(options))
    command.run(read, config, announces=announces, ends_with_stdin=ends_with_stdin)


def _settings(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options that are settings, by the settings' names; None = not given."""
    return {
        RENAMED.get(name, name): None if _is_absent(name, value) else value
        for name, value in options.items()
        if name not in APART
    }


def _is_absent(name: str, value: object) -> bool:
    """True for an option that was not given; a flag with two sides says False by being given."""
    return value == [] or (value is False and name not in TWO_SIDED)
