import pytest

from a2f_ws.rig.spelling import instead_of, keys


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("jawOpen", ("jawOpen", "jawopen")),
        ("blendShape2.mouthSmile_L", (
            "blendShape2.mouthSmile_L", "mouthSmile_L", "mouthsmilel", "mouthsmileleft"
        )),
        ("rig:F|Eye-Blink r", ("rig:F|Eye-Blink r", "Eye-Blink r", "eyeblinkr", "eyeblinkright")),
        ("browDownL", ("browDownL", "browdownl", "browdownleft")),
        ("viseme_RR", ("viseme_RR", "visemerr")),
        ("tongueCurl", ("tongueCurl", "tonguecurl")),
        ("eyeBlink.L", ("eyeBlink.L", "L", "l", "eyeblinkleft")),
        ("あ２", ("あ２",)),
        ("", ()),
        ("...", ("...",)),
    ],
)  # fmt: skip
def test_a_name_is_known_by_ever_less_exact_keys(name, wanted):
    assert keys(name) == wanted


def test_a_near_name_is_proposed_whatever_its_case():
    assert instead_of("jawOpne", ["jawOpen", "jawLeft"]) == " (did you mean 'jawOpen'?)"
    assert instead_of("JAWOPEN", ["jawOpen", "jawLeft"]) == " (did you mean 'jawOpen'?)"


def test_far_from_all_the_known_names_are_listed_in_their_order():
    assert instead_of("xyz", ["mouth", "brows"]) == " (wanted one of mouth, brows)"


def test_of_many_names_only_twelve_are_listed():
    text = instead_of("?", [f"n{i}" for i in range(15)])
    assert text == " (wanted one of n0, n1, n2, n3, n4, n5, n6, n7, n8, n9, n10, n11 and 3 more)"


def test_where_nothing_is_known_it_says_so():
    assert instead_of("x", []) == " (there are none)"
