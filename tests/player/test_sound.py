from a2f_ws.player.gate import State
from a2f_ws.player.sound import Sound


def test_the_sound_starts_halts_and_goes_on_as_the_gate_says():
    sound = Sound()
    assert (sound.move(1_000), sound.obey(State.WAIT)) == (None, False)
    assert (sound.move(2_000), sound.obey(State.START)) == (None, True)
    assert (sound.move(3_000), sound.obey(State.PLAY)) == (1_000, False)
    assert (sound.move(5_000), sound.obey(State.STALL)) == (3_000, True)
    assert (sound.move(9_000), sound.obey(State.STALL)) == (3_000, False)
    assert (sound.move(9_500), sound.obey(State.PLAY)) == (3_000, True)
    assert (sound.move(9_600), sound.obey(State.STOP)) == (3_100, True)
    assert (sound.stalls, sound.started_us) == (1, 2_000)


def test_a_sound_that_begins_in_the_middle_starts_there():
    sound = Sound(start_us=700_000)
    sound.move(5_000)
    assert sound.obey(State.START)
    assert sound.move(6_000) == 701_000
