"""What the user wants: defaults < TOML file < environment < flags."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal, get_args

import msgspec
from msgspec import Meta

from a2f_ws.errors import ConfigError
from a2f_ws.style.style import Style
from a2f_ws.style.tables import TABLES, style_from_tables

OF_LIVELINK: Final = ("subject", "livelink_angles")
"""Settings that do nothing without `livelink`."""

PREFIX: Final = "A2F_"
"""Environment variables: A2F_HOST, A2F_PORT, A2F_MODEL …"""


AUTO: Final = "auto"
"""Instead of a number: what suits the machine."""

OF_NUMBERS: Final = ("devices",)
"""Lists of whole numbers among the settings; the others are of text."""


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings of a server. In the TOML file they are keys of the table `[server]`.

    Attributes:
        host: Address to listen on.
        port: TCP port, 0 = any free one.
        model: "embedded", the name of a model that was pulled, or the path of a bundle.
        solver: How the mesh of a geometry bundle becomes weights: as NVIDIA's service does (admm),
            as its SDK does on a CPU (bvls), or the true best fit (exact); "" = admm.
        style: Stylisation file of NVIDIA's service; "" = none.
        audio2emotion: Path of an Audio2Emotion bundle; "" = emotion comes from clients only.
        geometry: True offers the mesh itself to clients, which takes memory.
        workers: Who computes faces at a time on a CPU: how many, or "auto", which is one for each
            processor but one, 8 at most; for a large network half as many, with two threads each.
        threads: CPU threads of the network for each of them; 0 = automatic.
        backend: What runs the network; auto = the best that works here.
        devices: NVIDIA GPUs to use, by number, each with a worker; none = the first one.
        cuda: What speaks to an NVIDIA GPU; auto = what is installed.
        cuda_graphs: True launches batches on a GPU as CUDA graphs, where they can be had.
        cpu_fallback: True goes on with ONNX Runtime when the GPU is lost; False stops the server.
        engines: Folder of TensorRT engines; "" = the user's own.
        models: Folder of pulled models; "" = the user's own.
        rigs: Folders with rig tables of the user's own.
        allow_unauthenticated: True permits an address beyond loopback without authentication.
        origins: Host names, beside loopback and IP literals, that pages may come from.
        password_file: File with the password that clients have to know; "" = none, unless the
            environment has A2F_PASSWORD.
        tokens: File of the tokens that clients may show, as `a2f-ws token` writes it; "" = none.
        tls_cert: PEM file with the certificate; "" = no TLS.
        tls_key: PEM file with its key.
        read_only_models: True refuses what would have a client's table or face parameters change
            what the server computes with.
        discoverable: True announces the server on the local network, by multicast DNS.
        livelink: HOST:PORT where Unreal's Live Link Face source listens, which gets the face of
            every live session over UDP; "" = none.
        subject: Name of the first face there.
        livelink_angles: Unit of the angles of head and eyes there; half_turns are degrees / 180.
        log_level: Least important messages that are logged.
        log_format: How they are written: lines for people, or one JSON object a line.
        drain_s: Longest time that utterances get to finish once the server is told to stop,
            seconds; 0 = none.
        credit_s: Audio a client may be ahead of processing, seconds; two at least, since credit is
            told in whole seconds and a window needs audio ahead of its pose.
        connections_max: Open connections, of all addresses together.
        connections_per_address: Those of one address, or of one /64 of IPv6; loopback has none of
            its own.
        connects_per_s: New connections per second and address, twenty times as many from
            loopback.
        max_sessions: Open sessions, of all connections together; "auto" = as many as there is room
            for, by what is measured.
        sessions_per_connection: Those of one connection.
        message_bytes: Longest message, bytes.
        outbox_bytes: Size at which a slow client begins to lose poses, bytes.
        cache_bytes: Faces of lines that were said before, for sessions that ask for them, bytes;
            0 = none are kept.
        handshake_s: Time a client has to identify itself, seconds.
        liveness_s: Silence after which a client is asked whether it lives, seconds.
    """

    host: str = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65_535)] = 8765
    model: str = "embedded"
    solver: Literal["", "admm", "bvls", "exact"] = ""
    style: str = ""
    audio2emotion: str = ""
    geometry: bool = False
    workers: Annotated[int, Meta(ge=1, le=256)] | Literal["auto"] = AUTO
    threads: Annotated[int, Meta(ge=0, le=256)] = 0
    backend: Literal["auto", "onnx", "tensorrt", "tensorrt-rtx", "openvino"] = "auto"
    devices: list[Annotated[int, Meta(ge=0, le=255)]] = []
    cuda: Literal["auto", "pycuda", "cuda-bindings"] = "auto"
    cuda_graphs: bool = False
    cpu_fallback: bool = True
    engines: str = ""
    models: str = ""
    rigs: list[str] = []
    allow_unauthenticated: bool = False
    origins: list[str] = []
    password_file: str = ""
    tokens: str = ""
    tls_cert: str = ""
    tls_key: str = ""
    read_only_models: bool = False
    discoverable: bool = False
    livelink: str = ""
    subject: str = "a2f-ws"
    livelink_angles: Literal["radians", "degrees", "half_turns"] = "radians"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["text", "json"] = "text"
    drain_s: Annotated[float, Meta(ge=0.0, le=3_600.0)] = 10.0
    credit_s: Annotated[float, Meta(ge=2.0, le=3_600.0)] = 60.0
    connections_max: Annotated[int, Meta(ge=1, le=65_536)] = 512
    connections_per_address: Annotated[int, Meta(ge=1, le=65_536)] = 64
    connects_per_s: Annotated[float, Meta(ge=0.1, le=10_000.0)] = 20.0
    max_sessions: Annotated[int, Meta(ge=1, le=1_048_576)] | Literal["auto"] = AUTO
    sessions_per_connection: Annotated[int, Meta(ge=1, le=4_096)] = 64
    message_bytes: Annotated[int, Meta(ge=65_536, le=64 * 1024 * 1024)] = 4 * 1024 * 1024
    outbox_bytes: Annotated[int, Meta(ge=65_536, le=256 * 1024 * 1024)] = 4 * 1024 * 1024
    cache_bytes: Annotated[int, Meta(ge=0, le=64 * 1024 * 1024 * 1024)] = 64 * 1024 * 1024
    handshake_s: Annotated[float, Meta(gt=0.0, le=60.0)] = 5.0
    liveness_s: Annotated[float, Meta(ge=1.0, le=600.0)] = 20.0


def read_settings(
    config: Path | None, *, environ: Mapping[str, str], flags: Mapping[str, Any]
) -> Settings:
    """The settings in force.

    Args:
        config: TOML file of the user's, or None.
        environ: Environment; names beginning with A2F_ count. Lists are separated by commas.
        flags: Settings given on the command line; None = not given.

    Raises:
        ConfigError: The file cannot be read, a setting is unknown or out of range, or one means
            nothing without another that is not there.
    """
    values: dict[str, Any] = {}
    if config is not None:
        values.update(_table(config))
    names = Settings.__struct_fields__
    for name in names:
        text = environ.get(PREFIX + name.upper())
        if text is not None:
            values[name] = _from_text(name, text, place=PREFIX + name.upper())
    given = {name: value for name, value in flags.items() if value is not None}
    values.update({name: _of_flag(name, value) for name, value in given.items()})
    place = f"{config}: [server] " if config is not None else ""
    try:
        settings = msgspec.convert(values, Settings)
    except msgspec.ValidationError as error:
        raise ConfigError(place + _fault(str(error), values)) from None
    for name in OF_LIVELINK:
        if name in values and not settings.livelink:
            text = f"{name}: found {values[name]!r} without livelink, wanted both or neither"
            raise ConfigError(place + text)
    return settings


def read_style_tables(config: Path | None) -> Style:
    """What the tables beside `[server]` say of faces.

    Args:
        config: TOML file of the user's, or None.

    Raises:
        ConfigError: The file cannot be read, or a value in it cannot be used.
    """
    return Style() if config is None else style_from_tables(_document(config), str(config))


def _fault(text: str, values: Mapping[str, object]) -> str:
    """What msgspec says of a value, as: setting, what was found, what was wanted.

    Its texts read "Expected `int` <= 65535 - at `$.port`", with ", got `str`" for other types, and
    name a setting that there is not.
    """
    wanted, _, path = text.partition(" - at `$.")
    name = path.rstrip("`").partition("[")[0]
    if name not in values:
        return f"{text}; known settings: {', '.join(Settings.__struct_fields__)}"
    choices = get_args(Settings.__annotations__[name])
    if all(isinstance(choice, str) for choice in choices) and choices:
        return f"{name}: found {values[name]!r}, wanted one of {', '.join(filter(None, choices))}"
    if any(get_args(choice) == (AUTO,) for choice in choices):
        return f"{name}: found {values[name]!r}, wanted a whole number >= 1, or {AUTO}"
    wanted = wanted.partition(", got")[0].replace("Expected ", "").replace("`", "")
    return f"{name}: found {values[name]!r}, wanted {wanted}"


def _table(config: Path) -> dict[str, Any]:
    """The table `[server]` of a TOML file."""
    table = _document(config).get("server", {})
    if not isinstance(table, dict):
        raise ConfigError(f"{config}: found server = {table!r}, wanted a table [server]")
    return table


def _document(config: Path) -> dict[str, Any]:
    """A TOML file that has no other tables than those that mean something."""
    try:
        document = tomllib.loads(config.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{config}: cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{config}: not a TOML file: {error}") from None
    known = ("server", *TABLES)
    unknown = sorted(set(document) - set(known))
    if unknown:
        wanted = ", ".join(f"[{name}]" for name in known)
        raise ConfigError(f"{config}: found [{unknown[0]}], wanted only {wanted}")
    return document


def _of_flag(name: str, value: object) -> object:
    """A flag's value in the type of its setting, where the command line has a text for it."""
    is_text = isinstance(value, str) and (name in OF_NUMBERS or getattr(Settings(), name) == AUTO)
    return _from_text(name, str(value), place=f"--{name}") if is_text else value


def _from_text(name: str, text: str, *, place: str) -> object:
    """A text in the type of its setting; `place` is where it was found."""
    default = getattr(Settings(), name)
    if isinstance(default, bool):
        if text.lower() in ("1", "true", "yes", "on"):
            return True
        if text.lower() in ("0", "false", "no", "off"):
            return False
        raise ConfigError(f"{place}: found {text!r}, wanted true or false")
    if isinstance(default, list):
        parts = [part.strip() for part in text.split(",") if part.strip()]
        return [_number(int, part, place=place) for part in parts] if name in OF_NUMBERS else parts
    if isinstance(default, str):
        return int(text) if default == AUTO and text.isdecimal() else text
    return _number(type(default), text, place=place)


def _number(kind: type[float], text: str, *, place: str) -> float:
    try:
        return kind(text)
    except ValueError:
        wanted = "a whole number" if kind is int else "a number"
        raise ConfigError(f"{place}: found {text!r}, wanted {wanted}") from None
