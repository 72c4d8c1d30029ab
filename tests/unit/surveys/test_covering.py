"""Covering words of a comment: what is covered is gone from the text, and nothing else is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from surveys.covering import COVERED, covered, find_words, fingerprint, pieces_of, text_of
from surveys.redaction import redact

COMMENT = "Chị Lò Thị Mai ở quầy 3 rất chậm.\nGọi [đã che số điện thoại], hỏi chị mai."


def shown(text: str, *phrases: str) -> str:
    pieces = pieces_of(text)
    covers = frozenset[int]().union(*(find_words(pieces, phrase) for phrase in phrases))
    return text_of(covered(pieces, covers))


def test_without_covers_the_text_is_as_it_was_written() -> None:
    assert shown(COMMENT) == COMMENT


def test_marks_of_redaction_are_pieces_of_their_own_also_inside_a_word() -> None:
    pieces = pieces_of("ĐT:[đã che số điện thoại]. [đã che thư điện tử][đã che số căn cước]x [đã che")
    assert [piece.text for piece in pieces if piece.is_mark] == [
        "[đã che số điện thoại]",
        "[đã che thư điện tử]",
        "[đã che số căn cước]",
    ]
    assert text_of(pieces).endswith("]x [đã che")


def test_a_phrase_is_covered_each_time_without_accents_and_as_one_mark() -> None:
    assert shown(COMMENT, "lo thi mai") == COMMENT.replace("Lò Thị Mai", COVERED)
    assert shown(COMMENT, "chi mai") == COMMENT.replace("chị mai.", COVERED)
    assert shown(COMMENT, "mai") == COMMENT.replace("Mai", COVERED).replace("mai.", COVERED)


def test_words_that_follow_each_other_are_one_mark_that_does_not_say_how_many() -> None:
    assert shown("a b c d", "b", "c") == f"a {COVERED} d"
    assert shown("a b c d", "b", "d") == f"a {COVERED} c {COVERED}"


def test_what_is_not_there_covers_nothing() -> None:
    pieces = pieces_of(COMMENT)
    for phrase in ("Nguyễn", "mai o", "", "  ", "...", "số điện thoại"):
        assert not find_words(pieces, phrase) or phrase == "mai o"
    assert find_words(pieces, "mai o") == {3, 4}


def test_marks_cannot_be_covered() -> None:
    pieces = pieces_of("x [đã che số điện thoại] y")
    assert text_of(covered(pieces, {0, 1, 2})) == f"{COVERED} [đã che số điện thoại] {COVERED}"


def test_a_fingerprint_tells_texts_apart() -> None:
    assert fingerprint("a") == fingerprint("a") != fingerprint("a ")


@given(st.text(max_size=200))
def test_pieces_put_together_are_the_text(text: str) -> None:
    redacted = redact(text).text
    assert text_of(pieces_of(redacted)) == redacted.strip()


@given(st.text(alphabet="abcdeà ,.\n[]", max_size=60), st.sets(st.integers(0, 20)))
def test_no_covered_word_is_left_and_every_other_word_is(text: str, covers: set[int]) -> None:
    pieces = pieces_of(text)
    left = [piece.text for piece in covered(pieces, covers) if not piece.is_mark]
    assert left == [piece.text for piece in pieces if piece.index not in covers and not piece.is_mark]
