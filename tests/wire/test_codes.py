"""The table of codes."""

from pathlib import Path

from a2f_ws.errors import PeerError
from a2f_ws.wire.codes import FACTS, Code
from a2f_ws.wire.replies import Error


def test_every_code_says_what_it_ends_and_whether_to_try_again():
    assert set(FACTS) == set(Code)
    for fact in FACTS.values():
        assert fact.scopes
        assert fact.meaning.endswith(".")


def test_the_document_tells_the_same_of_every_code(protocol_folder: Path):
    page = (protocol_folder / "README.md").read_text(encoding="utf-8")
    for code, fact in FACTS.items():
        row = f"| {code.value} | {', '.join(fact.scopes)} | {fact.retry} | {fact.meaning} |"
        assert row in page


def test_a_fault_becomes_the_error_that_tells_it():
    fault = PeerError(Code.BUSY, "found 65, wanted 64", field="sid", sid=3, re=4, retry_s=5)
    assert Error.of(fault) == Error(
        re=4, sid=3, code=4429, message="found 65, wanted 64", field="sid", retry_s=5
    )
