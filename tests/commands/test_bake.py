"""`a2f-ws bake`: sound files to clips, the lines of a sheet, and what cannot be baked."""

from hashlib import sha256

import numpy as np
import pytest
import soundfile

from a2f_ws.catalog import Catalog
from a2f_ws.cli import main
from a2f_ws.clips.clip import open_clip
from a2f_ws.commands.loading import load_model
from a2f_ws.offline import animate
from a2f_ws.output.speech import SpeechFile
from a2f_ws.rig.table import load_rigs
from a2f_ws.timebase import PoseRate
from tests.commands.lines import RATE, write


@pytest.fixture
def run(capsys):
    def command(*words):
        with pytest.raises(SystemExit) as end:
            main([str(word) for word in words])
        said = capsys.readouterr()
        return end.value.code or 0, said.out, said.err

    return command


def test_a_clip_has_the_poses_that_animate_gives_bit_for_bit(folder, run):
    code, said, _ = run("bake", folder)
    assert code == 0
    assert len(said.splitlines()) == 2
    clip = open_clip(folder / "hello.a2fclip")
    catalog = Catalog([load_model("embedded")], load_rigs())
    with SpeechFile(folder / "hello.wav") as speech:
        recording = animate(speech, catalog, rig="arkit", rate=PoseRate.of(60))
    assert np.array_equal(clip.rows, recording.rows)
    assert len(clip.rows) == 30 + 15
    assert clip.names == recording.curves


def test_a_clip_knows_its_sound(folder, run):
    run("bake", folder)
    head = open_clip(folder / "act1" / "bye.a2fclip").head
    pcm = soundfile.read(folder / "act1" / "bye.wav", dtype="int16")[0].astype("<i2").tobytes()
    assert (head.source, head.sound.format, head.sound.rate) == ("bye.wav", "s16le", RATE)
    assert head.sound.frames == RATE // 2
    assert head.sound.hash == sha256(pcm).digest()
    assert open_clip(folder / "act1" / "bye.a2fclip").is_of(pcm)


def test_what_has_not_changed_is_left_alone(folder, run):
    run("bake", folder)
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*.a2fclip")}
    write(folder / "hello.wav", hz=150.0)
    code, said, summary = run("bake", folder)
    changed = [path.name for path, at in before.items() if path.stat().st_mtime_ns != at]
    assert (code, changed) == (0, ["hello.a2fclip"])
    assert "1 baked, 1 unchanged" in summary
    assert "bye" not in said


@pytest.mark.parametrize(
    "words",
    [
        ("--rig", "nim"),
        ("--fps", "30"),
        ("--emotion", "joy=0.5"),
        ("--param", "skin_strength=0.9"),
        ("--force",),
    ],
    ids=" ".join,
)
def test_other_settings_are_baked_again(folder, run, words):
    run("bake", folder)
    assert "2 baked" in run("bake", folder, *words)[2]


def test_another_style_file_is_baked_again(folder, run, tmp_path):
    run("bake", folder)
    style = tmp_path / "style.yaml"
    style.write_text("face_params:\n  skin_strength: 0.9\n")
    assert "2 baked" in run("bake", folder, "--style", style)[2]
    assert "2 unchanged" in run("bake", folder, "--style", style)[2]


def test_a_bad_file_is_told_and_the_others_are_baked(folder, run):
    (folder / "broken.wav").write_bytes(b"RIFF1234")
    code, said, told = run("bake", folder)
    assert code == 2
    assert f"error: {folder / 'broken.wav'}: not an audio file" in told
    assert len(said.splitlines()) == 2
    assert "2 baked, 1 failed" in told
    assert not (folder / "broken.a2fclip").exists()


def test_a_run_that_was_cut_short_goes_on_with_what_is_missing(folder, run):
    run("bake", folder)
    (folder / "hello.a2fclip").unlink()
    (folder / ".hello.a2fclip.123.tmp").write_bytes(b"half")
    assert "1 baked, 1 unchanged" in run("bake", folder)[2]


def test_a_damaged_clip_is_baked_again(folder, run):
    run("bake", folder)
    clip = folder / "hello.a2fclip"
    clip.write_bytes(clip.read_bytes()[:5_000])
    _, _, summary = run("bake", folder)
    assert "1 baked, 1 unchanged" in summary
    assert len(open_clip(clip).rows) == 45


def test_clips_go_into_another_folder_in_the_same_order(folder, run, tmp_path):
    run("bake", folder, "-o", tmp_path / "out")
    found = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*.a2fclip"))
    assert [path.as_posix() for path in found] == ["out/act1/bye.a2fclip", "out/hello.a2fclip"]


def test_a_sheet_says_who_speaks_how(folder, run):
    (folder / "lines.csv").write_text(
        "file;character;emotion;rig;fps;text;joy\n"
        ";Ann;anger=0.5;nim;30;;\n"
        "hello.wav;Ann;;;;Hello there;\n"
        "hello.wav;Bob;;;;;0.75\n"
        "act1/bye.wav;;;;25;;\n"
    )
    code, _, told = run("bake", folder)
    assert (code, "3 baked" in told) == (0, True)
    ann = open_clip(folder / "hello.Ann.a2fclip")
    assert (ann.opened.rig, ann.rate.hz, ann.head.emotion) == ("nim", 30, {"anger": 0.5})
    assert ann.head.line == {"character": "Ann", "text": "Hello there"}
    bob = open_clip(folder / "hello.Bob.a2fclip")
    assert (bob.opened.rig, bob.rate.hz, bob.head.emotion) == ("arkit", 60, {"joy": 0.75})
    assert open_clip(folder / "act1" / "bye.a2fclip").rate.hz == 25


def test_a_line_may_have_its_own_style_and_parameters(folder, run):
    (folder / "calm.yaml").write_text("face_params:\n  skin_strength: 0.0\n")
    (folder / "lines.csv").write_text(
        "file,style,params\nhello.wav,calm.yaml,\nact1/bye.wav,,skin_strength=0.0\n"
    )
    assert run("bake", folder)[0] == 0
    for name in ("hello", "act1/bye"):
        clip = open_clip(folder / f"{name}.a2fclip")
        assert np.abs(clip.rows[:, clip.names.index("jawOpen")]).max() == 0.0


@pytest.mark.parametrize(
    ("sheet", "said"),
    [
        ("file,charakter\n", "no column 'charakter'; did you mean 'character'?"),
        ("character\n", "found no column file"),
        ("file,file\n", "column file stands there twice"),
        ("file\n../../etc/x.wav\n", "row 2: file: found '../../etc/x.wav', wanted a file in"),
        ("file\n/etc/x.wav\n", "row 2: file: found '/etc/x.wav', wanted a file in"),
        ("file\na\0b.wav\n", "row 2: file: found"),
        ("file,character\nhello.wav,A/B\nhello.wav,C\n", "row 2: character: found 'A/B'"),
        ("file\nhello.wav\nhello.wav\n", "and so does"),
        ('file,character\nhello.wav,"x\ny"\nhello.wav,C\n', "row 2: character: found 'x\\ny'"),
        ("file,character\nhello.wav,CON:\nhello.wav,C\n", "row 2: character: found 'CON:'"),
        (
            "file,character\nhello.wav,nul\nhello.wav,C\n",
            "wanted another name: Windows has a device",
        ),
        ("file,character\nhello.wav,\x1b[2J\nhello.wav,C\n", "row 2: character: found '\\x1b[2J'"),
        ('file,text\nhello.wav,Hi\n"act1/bye.wav,Bye\n', "row 3: not CSV (a quote is not closed)"),
        ("file,text\n", "found no line in it, wanted at least one row with a file"),
        ("file,character,rig\n,Ann,nim\n", "found no line in it"),
        ("file,text\nhello.wav,a,b\n", "row 2: found 3 cells, wanted at most 2"),
        ("file,text\n,nobody\n", "row 2: found neither file nor character"),
    ],
)
def test_a_sheet_with_a_mistake_is_refused_with_its_place(folder, run, sheet, said):
    (folder / "lines.csv").write_text(sheet)
    code, _, told = run("bake", folder)
    assert code == 2
    assert said in told
    assert str(folder / "lines.csv") in told


def test_a_cell_that_cannot_be_used_fails_its_own_line_alone(folder, run):
    (folder / "lines.csv").write_text(
        "file,emotion,rig,params\nhello.wav,joy=7,,\nact1/bye.wav,,,\nact1/bye.wav,,nowhere,\n".replace(
            "act1/bye.wav,,nowhere,", "gone.wav,,,"
        )
    )
    code, said, told = run("bake", folder)
    assert code == 2
    assert "row 2: emotion: found joy=7: wanted NAME=VALUE" in told
    assert f"row 4: {folder / 'gone.wav'}: no such file" in told
    assert [line.split(":")[0] for line in said.splitlines()] == [
        str(folder / "act1" / "bye.a2fclip")
    ]


def test_a_style_that_cannot_be_read_fails_its_own_lines_alone(folder, run):
    (folder / "lines.csv").write_text("file,style\nhello.wav,gone.yaml\nact1/bye.wav,\n")
    code, _, told = run("bake", folder)
    assert code == 2
    assert f"row 2: style: {folder / 'gone.yaml'}" in told
    assert "1 baked, 1 failed" in told


def test_clips_that_cannot_be_written_are_told_one_by_one(folder, run, tmp_path):
    (tmp_path / "taken").write_text("a file, no folder")
    code, _, told = run("bake", folder, "-o", tmp_path / "taken")
    assert code == 2
    assert "no folder for it" in told
    assert "2 failed" in told


@pytest.mark.parametrize("target", ["hello.wav", "hello.wav/sub", "x" * 300])
def test_a_folder_that_cannot_be_made_is_told_in_a_line_for_each_file(folder, run, target):
    code, _, told = run("bake", folder, "-o", folder / target)
    assert code == 2
    assert [line.partition(":")[0] for line in told.splitlines()] == ["error", "error", str(folder)]
    assert f"error: {folder / 'hello.wav'}: {folder / target / 'hello.a2fclip'}: no folder" in told


def test_a_name_of_a_clip_that_is_too_long_fails_its_own_line_alone(folder, run):
    (folder / "lines.csv").write_text(
        f"file,character\nhello.wav,{'A' * 300}\nhello.wav,Bob\n{'b' * 300}.wav,Bob\n"
    )
    code, _, told = run("bake", folder)
    assert code == 2
    assert "1 baked, 2 failed" in told
    assert "row 2: " in told
    assert "row 4: " in told


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--rig", "nope"), "--rig: found rig 'nope'"),
        (("--emotion", "hunger=1"), "--emotion: found 'hunger'"),
        (("--emotion", "joy=2"), "--emotion joy=2: wanted NAME=VALUE"),
        (("--fps", "500"), "--fps 500: wanted"),
    ],
    ids=lambda part: " ".join(part) if isinstance(part, tuple) else "",
)
def test_a_mistake_in_an_option_is_not_laid_on_a_line(folder, run, words, said):
    (folder / "lines.csv").write_text("file\nhello.wav\n")
    code, _, told = run("bake", folder, *words)
    assert code == 2
    assert told.startswith(f"error: {said}")
    assert "row 2" not in told


def test_a_rate_in_a_cell_is_told_with_its_column(folder, run):
    (folder / "lines.csv").write_text("file,fps\nhello.wav,500\n")
    code, _, told = run("bake", folder)
    assert (code, "row 2: fps: found 500: wanted 10 to 240" in told) == (2, True)


def test_a_folder_without_sound_is_an_error(run, tmp_path):
    code, _, told = run("bake", tmp_path)
    assert code == 2
    assert "no sound file in it" in told
    assert run("bake", tmp_path / "gone")[0] == 2
