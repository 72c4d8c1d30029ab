"""The seal of a record: what a telephone has sealed opens here, and nothing else opens anywhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st

from app.fieldwork.sealing import BrokenSeal, SealKey, decoded, encoded, open_sealed
from app.keys import derive
from tests.support.sealing import seal

# The same file is read by the test of the telephone's own code.
GOLDEN = json.loads((Path(__file__).parents[2] / "data" / "field_seal.json").read_text("utf-8"))
OWN = SealKey.derived(derive("only-for-tests-" + "0" * 40, "field-seal"))
OTHER = SealKey.derived(derive("another secret", "field-seal"))
RECORD_ID = "5f0c2c9e-9d0a-4c53-8a3e-0d4d3c1f7b11"


def sealed(plain: bytes = b'{"record":1}', key: SealKey = OWN, **changes: Any) -> dict[str, Any]:
    envelope: dict[str, Any] = json.loads(seal(plain, RECORD_ID, key.public))
    return envelope | changes


@pytest.mark.parametrize("vector", GOLDEN["vectors"], ids=lambda vector: vector["name"])
def test_golden_vectors_never_change(vector: dict[str, Any]) -> None:
    """A telephone may hold such a record for weeks, and an export file for years."""
    key = SealKey.derived(derive(GOLDEN["secret_key"], "field-seal"))
    assert (key.id, encoded(key.public)) == (GOLDEN["key"]["id"], GOLDEN["key"]["public"])
    plain = vector["plain"].encode()
    assert open_sealed(json.loads(vector["envelope"]), [key]) == plain
    ephemeral = ec.derive_private_key(int(vector["ephemeral"], 16), ec.SECP256R1())
    again = seal(plain, vector["id"], key.public, ephemeral=ephemeral, nonce=bytes.fromhex(vector["nonce"]))
    assert again.decode() == vector["envelope"]


@settings(max_examples=40)
@given(st.binary(max_size=2_000))
def test_what_is_sealed_opens_and_says_the_same(plain: bytes) -> None:
    record_id = str(uuid4())
    assert open_sealed(json.loads(seal(plain, record_id, OWN.public)), [OTHER, OWN]) == plain


def test_a_key_being_rotated_out_still_opens_and_a_foreign_one_does_not() -> None:
    assert open_sealed(sealed(key=OTHER), [OWN, OTHER]) == b'{"record":1}'
    with pytest.raises(BrokenSeal):
        open_sealed(sealed(key=OTHER), [OWN])
    with pytest.raises(BrokenSeal):
        open_sealed(sealed(key=OTHER, k=OWN.id), [OWN])


@settings(max_examples=60)
@given(st.data())
def test_one_bit_changed_anywhere_and_nothing_opens(data: st.DataObject) -> None:
    envelope = sealed()
    name = data.draw(st.sampled_from(("c", "e", "n")))
    raw = bytearray(decoded(envelope[name]))
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(BrokenSeal):
        open_sealed(envelope | {name: encoded(bytes(raw))}, [OWN])


@pytest.mark.parametrize(
    "changes",
    [
        {"id": str(uuid4())}, {"id": 1}, {"id": None}, {"v": 2}, {"v": True}, {"v": "1"}, {"k": None},
        {"k": OWN.id.upper()}, {"k": ["a"]}, {"c": ""}, {"c": "A"}, {"c": "AA=="}, {"c": "ä"}, {"c": 7},
        {"e": ""}, {"e": encoded(b"\x04" + b"\0" * 64)}, {"e": encoded(b"\0")}, {"n": ""},
        {"n": encoded(b"\0" * 16)}, {"n": None}, {"more": 1},
    ],
)  # fmt: skip
def test_whatever_else_is_no_envelope_of_ours_is_told_so(changes: dict[str, Any]) -> None:
    with pytest.raises(BrokenSeal):
        open_sealed(sealed(**changes), [OWN])


def test_an_envelope_without_a_part_does_not_open() -> None:
    for name in sealed():
        envelope = sealed()
        del envelope[name]
        with pytest.raises(BrokenSeal):
            open_sealed(envelope, [OWN])


def test_a_point_has_one_spelling() -> None:
    """The compressed form of the same point would make a second envelope out of one."""
    envelope = sealed()
    point = decoded(envelope["e"])
    compressed = bytes([2 + (point[-1] & 1)]) + point[1:33]
    with pytest.raises(BrokenSeal):
        open_sealed(envelope | {"e": encoded(compressed)}, [OWN])


@given(st.binary(max_size=100))
def test_base64_has_one_spelling(data: bytes) -> None:
    assert decoded(encoded(data)) == data
    if len(data) % 3:
        # The last letter holds bits that no byte needs.
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        text = encoded(data)
        other = text[:-1] + letters[letters.index(text[-1]) ^ 1]
        with pytest.raises(BrokenSeal):
            decoded(other)


def test_the_server_has_the_same_key_everywhere_and_each_secret_its_own() -> None:
    again = SealKey.derived(derive("only-for-tests-" + "0" * 40, "field-seal"))
    assert (again.id, again.public) == (OWN.id, OWN.public)
    assert OTHER.id != OWN.id
    assert len(OWN.public) == 65 and len(OWN.id) == 16
