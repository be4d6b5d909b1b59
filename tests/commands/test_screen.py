"""What terminals are sent: texts of others are shown and never obeyed."""

import io
import json

import pytest
from rich.text import Text

from a2f_ws.commands import find
from a2f_ws.commands.screen import Screen, plain_table, printable, say_fault
from a2f_ws.commands.sweep import Steps
from a2f_ws.web.discovery import Place
from a2f_ws.wire.replies import Status

HOSTILE = "\x1b[31mred\x1b]0;title\x07 \x9b2J \x7f\u202eback\r\x08"
SHOWN = r"\u001b[31mred\u001b]0;title\u0007 \u009b2J \u007f\u202eback\u000d\u0008"


def test_what_moves_a_cursor_is_shown_by_its_number_and_the_rest_is_kept():
    assert printable(HOSTILE) == SHOWN
    assert printable("Äöü →\t日本\n[bold]") == "Äöü →\t日本\n[bold]"


@pytest.mark.parametrize("is_terminal", [False, True])
def test_a_screen_shows_it_in_lines_and_in_tables(is_terminal):
    out = io.StringIO()
    screen = Screen(file=out, width=200, force_terminal=is_terminal, markup=False, highlight=False)
    lines = plain_table("name")
    lines.add_row(HOSTILE)
    screen.print(f"info: {HOSTILE}", soft_wrap=True)
    screen.print(lines)
    assert out.getvalue().count(SHOWN) == 2
    assert not {"\x9b", "\x07", "\x7f", "\u202e"} & set(out.getvalue())


def test_colours_of_our_own_stay():
    out = io.StringIO()
    Screen(file=out, force_terminal=True, color_system="standard").print(Text("x", style="red"))
    assert out.getvalue() == "\x1b[31mx\x1b[0m\n"


def test_an_error_in_words_of_others_stays_one_line_to_read(capsys):
    say_fault(f"4404: {HOSTILE}\nmore")
    told = capsys.readouterr().err
    assert told.startswith("error: 4404: \\u001b[31mred")
    assert told.endswith("more\n")
    assert "\x1b" not in told


def test_a_remark_of_a_server_is_shown_and_not_obeyed(capsys):
    Steps().take(Status(level="warning", code="x", message=HOSTILE))
    assert capsys.readouterr().err == f"warning: {SHOWN}\n"


@pytest.mark.parametrize("as_json", [False, True])
def test_a_server_that_was_found_cannot_speak_to_the_terminal(monkeypatch, capsys, as_json):
    place = Place(
        name=HOSTILE,
        addresses=("192.0.2.7",),
        port=8765,
        path="/",
        protocol=1,
        auth="none",
        has_tls=False,
        models=("embedded",),
        version="1\x9b2J",
    )

    async def found(seconds, *, host):
        return [place]

    monkeypatch.setattr(find, "find", found)
    monkeypatch.setenv("COLUMNS", "240")
    assert find.run(1.0, as_json=as_json) == 0
    said = capsys.readouterr().out
    assert not {char for char in said if ord(char) < 32 or char in "\x7f\x9b\u202e"} - {"\n"}
    if as_json:
        assert json.loads(said)["name"] == HOSTILE
    else:
        assert SHOWN in said
