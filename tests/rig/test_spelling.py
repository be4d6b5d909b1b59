import pytest

from a2f_ws.rig.spelling import instead_of, keys, shared_prefixes


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("jawOpen", ("jawOpen", "jawopen")),
        ("blendShape2.mouthSmile_L", (
            "blendShape2.mouthSmile_L", "blendshape2mouthsmilel", "mouthSmile_L", "mouthsmilel",
            "mouthsmileleft",
        )),
        ("rig:F|Eye-Blink r", (
            "rig:F|Eye-Blink r", "rigfeyeblinkr", "Eye-Blink r", "eyeblinkr", "eyeblinkright"
        )),
        ("CTRL_expressions.jawOpen", (
            "CTRL_expressions.jawOpen", "ctrlexpressionsjawopen", "jawOpen", "jawopen"
        )),
        ("browDownL", ("browDownL", "browdownl", "browdownleft")),
        ("viseme_RR", ("viseme_RR", "visemerr")),
        ("tongueCurl", ("tongueCurl", "tonguecurl")),
        ("eyeBlink.L", ("eyeBlink.L", "eyeblinkl", "L", "l", "eyeblinkleft")),
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


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        (["Head_jawOpen", "Head_jawLeft", "Head_tongueOut"], ["Head_"]),
        (["bs_m_a", "bs_m_b", "bs_m_c", "Basis"], ["bs_", "bs_m_"]),
        (["Head_jawOpen", "Head_jawLeft"], []),
        (["a_b", "a_c", "a_d", "e", "f", "g", "h"], []),
        (["a_", "b.", "c"], []),
        (["a b c d e f g h i j k" + end for end in "lmn"], [
            "a ", "a b ", "a b c ", "a b c d ", "a b c d e ", "a b c d e f ", "a b c d e f g ",
            "a b c d e f g h ",
        ]),
    ],
)  # fmt: skip
def test_prefixes_are_whole_words_that_half_of_the_names_begin_with(names, wanted):
    assert shared_prefixes(names) == wanted
