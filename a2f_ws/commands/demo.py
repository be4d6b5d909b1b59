"""`a2f-ws demo`: server, client and a clip of human speech in one terminal, then the studio."""

import asyncio
from pathlib import Path
from typing import Final

from rich.console import Console

from a2f_ws.catalog import Catalog
from a2f_ws.client import connect
from a2f_ws.commands import demo_page
from a2f_ws.commands.loading import EMBEDDED, load_catalog
from a2f_ws.commands.performance import Performance
from a2f_ws.commands.screen import out, plain_table
from a2f_ws.commands.stage import Stage
from a2f_ws.commands.timings import table
from a2f_ws.errors import ConfigError
from a2f_ws.output.files import write_recording
from a2f_ws.output.plot import MISSING, can_plot, plot
from a2f_ws.output.recording import Recording
from a2f_ws.output.speech import SpeechFile, read_speech
from a2f_ws.server import Server
from a2f_ws.settings import Settings
from a2f_ws.timebase import PoseRate
from a2f_ws.web.pages import Pages, remedy

CLIP: Final = Path(__file__).parents[1] / "samples" / "speech.flac"
RIG: Final = "arkit"
RATE: Final = PoseRate.of(60)
NEXT: Final = {
    "a2f-ws animate speech.wav -o face.csv": "your own file",
    "a2f-ws serve": "for games and avatars",
    "a2f-ws doctor": "what this machine can do",
}


def run(folder: Path, *, shows_page: bool | None = None) -> None:
    """Show the clip, write the poses and a picture of them, then serve the studio.

    Args:
        folder: Where `face.csv` and `face.png` go; it is made where it is missing.
        shows_page: Whether to serve the studio until Ctrl+C; None = in a terminal, if it is there.

    Raises:
        ConfigError: The files cannot be written, or the studio is wanted and missing.
    """
    pages = Pages()
    if shows_page and not pages.has_studio:
        raise ConfigError(f"--page: {remedy()}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"{folder}: cannot be made: {error.strerror or error}") from None
    console = out()
    catalog = load_catalog(EMBEDDED)
    with SpeechFile(CLIP) as speech:
        recording = asyncio.run(_stream(speech, catalog, console=console))
    write_recording(recording, folder / "face.csv")
    lines = plain_table("", "", "", title="\nWritten")
    lines.show_header = False
    lines.add_row("", str(folder / "face.csv"), "Live Link Face recording")
    if can_plot():
        plot(recording, read_speech(CLIP), path=folder / "face.png")
        lines.add_row("", str(folder / "face.png"), "its curves under the waveform")
    else:
        lines.add_row("", "no face.png", MISSING)
    console.print(lines)
    lines = plain_table("", "", "", title="\nNext")
    lines.show_header = False
    for command, purpose in NEXT.items():
        lines.add_row("", command, purpose)
    console.print(lines)
    if shows_page or (shows_page is None and pages.has_studio and demo_page.is_terminal()):
        demo_page.present(catalog, pages, console=console)
    else:
        console.print(f"\n{demo_page.hint(pages)}", soft_wrap=True)


async def _stream(speech: SpeechFile, catalog: Catalog, *, console: Console) -> Recording:
    """Serve the embedded model in this process and talk to it as any client does."""
    server = Server(catalog, Settings(port=0))
    async with server.running(), connect(server.url) as client:
        performance = Performance(speech, is_burst=False)
        session = await performance.open(client, rig=RIG, rate=RATE, emotion=None)
        console.print(
            f"{CLIP.name}, human speech, in real time to {server.url},"
            f" model {session.opened.model}, rig {RIG}, {RATE.hz:g} poses per second\n",
            soft_wrap=True,
        )
        with Stage(console, session, timings=performance.timings) as stage:
            recording = await performance.run(session, on_frame=stage.frame)
        lines = table(performance.timings.report(), is_burst=False)
        lines.add_row("sound halted for poses", f"{performance.sound.stalls} times")
        console.print(lines)
    return recording
