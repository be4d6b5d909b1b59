"""Arguments and options of the command line that several commands have, or one has many of."""

from pathlib import Path
from typing import Annotated

import typer

Speech = Annotated[Path, typer.Argument(help="Sound file: WAV, FLAC, OGG …", metavar="SPEECH")]
Target = Annotated[Path, typer.Option("--output", "-o", help="File to write: .csv .json .npz .glb")]
Rig = Annotated[str, typer.Option(help="Rig of the poses; `a2f-ws rigs` lists them.")]
Fps = Annotated[str, typer.Option(help="Poses per second, 10 to 240; also 30000/1001.")]
Emotion = Annotated[
    list[str] | None, typer.Option(help="NAME=VALUE, 0 to 1; may be repeated.", metavar="joy=0.6")
]
Bundle = Annotated[str, typer.Option(help='"embedded", a pulled model, or a bundle.')]
Folders = Annotated[
    list[str] | None, typer.Option(help="Folder with rig tables of your own; may be repeated.")
]
RigFolders = Annotated[
    list[str] | None,
    typer.Option("--rigs", help="Folder with rig tables of your own; may be repeated."),
]
Host = Annotated[str | None, typer.Option(help="Address to listen on, 127.0.0.1 unless set.")]
Port = Annotated[
    int | None, typer.Option(help="Port, 8765 unless set; 0 = any free one.", metavar="NUMBER")
]
Served = Annotated[
    str | None, typer.Option(help='"embedded" unless set; a pulled model, or a bundle.')
]
Config = Annotated[
    Path | None, typer.Option(help='TOML file with a table "server" and tables of the face.')
]
Style = Annotated[
    str | None, typer.Option(help="Stylisation file (YAML) of NVIDIA's service.", metavar="FILE")
]
Solver = Annotated[
    str | None,
    typer.Option(help="From mesh to weights: admm, which it is unless set, bvls or exact."),
]
Param = Annotated[
    list[str] | None,
    typer.Option(help="Face parameter NAME=VALUE; may be repeated.", metavar="skin_strength=1.1"),
]
Audio2Emotion = Annotated[
    str | None, typer.Option(help="Audio2Emotion bundle: emotion out of the voice.")
]
LogLevel = Annotated[
    str | None, typer.Option(help="debug, info, warning or error; info unless set.")
]
PasswordFile = Annotated[
    str | None,
    typer.Option(help="File with the password that clients need; or A2F_PASSWORD.", metavar="FILE"),
]
Tokens = Annotated[
    str | None, typer.Option(help="File of tokens, as `a2f-ws token` writes it.", metavar="FILE")
]
PasswordKnown = Annotated[
    Path | None,
    typer.Option(
        "--password-file",
        help="File with the server's password; A2F_PASSWORD unless set.",
        metavar="FILE",
    ),
]
TokenHeld = Annotated[
    Path | None,
    typer.Option("--token-file", help="File with a token; A2F_TOKEN unless set.", metavar="FILE"),
]
TlsCert = Annotated[
    str | None, typer.Option(help="Certificate (PEM): serves wss:// and https://.", metavar="FILE")
]
TlsKey = Annotated[str | None, typer.Option(help="Key of the certificate (PEM).", metavar="FILE")]
ReadOnlyModels = Annotated[
    bool,
    typer.Option(
        "--read-only-models", help="Take no rig tables and no solver settings of clients."
    ),
]
LogFormat = Annotated[str | None, typer.Option(help="text or json; text unless set.")]
Drain = Annotated[
    float | None,
    typer.Option(help="Seconds that speech gets to finish at a stop; 10 unless set."),
]
Discoverable = Annotated[
    bool, typer.Option("--discoverable", help="Let `a2f-ws find` find this server.")
]
Livelink = Annotated[
    str | None,
    typer.Option(
        help="Send faces to Unreal's Live Link Face source there; port 11111 unless set.",
        metavar="HOST:PORT",
    ),
]
Subject = Annotated[
    str | None, typer.Option(help="Name of the first face there, a2f-ws unless set.")
]
LivelinkAngles = Annotated[
    str | None,
    typer.Option(help="Its angles of head and eyes: radians unless set, degrees, half_turns."),
]
Geometry = Annotated[bool, typer.Option("--geometry", help="Offer the mesh itself to clients.")]
Workers = Annotated[
    str | None,
    typer.Option(
        help="Who computes at a time on a CPU; auto unless set: one per core but one.",
        metavar="NUMBER|auto",
    ),
]
Threads = Annotated[
    int | None,
    typer.Option(help="CPU threads of each of them; 0 = automatic.", metavar="NUMBER"),
]
MaxSessions = Annotated[
    str | None,
    typer.Option(
        help="Sessions of all clients together; auto unless set: as many as there is room for.",
        metavar="NUMBER|auto",
    ),
]
Backend = Annotated[
    str | None,
    typer.Option(
        help="What runs the network: auto unless set, onnx, tensorrt, tensorrt-rtx, openvino."
    ),
]
Devices = Annotated[
    str | None,
    typer.Option(help="GPUs to use, each with a worker; 0 unless set.", metavar="0,1"),
]
Cuda = Annotated[
    str | None,
    typer.Option(help="What speaks to the GPU: auto unless set, pycuda, cuda-bindings."),
]
CudaGraphs = Annotated[
    bool, typer.Option("--cuda-graphs", help="Launch batches on the GPU as CUDA graphs.")
]
CpuFallback = Annotated[
    bool | None,
    typer.Option(
        "--cpu-fallback/--no-cpu-fallback",
        help="Go on with ONNX Runtime when the GPU is lost, as unless set, or stop.",
    ),
]
Engines = Annotated[
    str | None, typer.Option(help="Folder of TensorRT engines; A2F_ENGINES unless set.")
]
ModelsDir = Annotated[
    str | None, typer.Option(help="Folder of pulled models; A2F_MODELS unless set.")
]
Unauthenticated = Annotated[
    bool,
    typer.Option("--allow-unauthenticated", help="Let everybody who reaches --host connect."),
]
Announce = Annotated[
    bool, typer.Option("--announce", help="Print one line of JSON with the URL on stdout.")
]
ExitWithStdin = Annotated[
    bool,
    typer.Option(
        "--exit-with-stdin", help="Stop when stdin ends, so with the program that started this one."
    ),
]
Sheet = Annotated[
    Path | None,
    typer.Option(
        "--lines",
        help="CSV of lines: file, character, rig, fps, emotion, params, style, id, text;"
        " lines.csv of the folder unless set.",
        metavar="FILE",
    ),
]
ClipFolder = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="Folder for the clips; beside the sound unless set."),
]
Forced = Annotated[bool, typer.Option("--force", help="Bake what has not changed, too.")]
