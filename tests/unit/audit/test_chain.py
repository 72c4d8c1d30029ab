"""A chain of events tells where it is no longer what was written."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.audit.chain import (
    START,
    Break,
    Head,
    Link,
    canonical_details,
    day_end_text,
    day_start_text,
    hash_of,
    instant_text,
    verify_chain,
)
from tests.support.audit import chain_of

CHAIN = chain_of(1_000)
LAST = Head(CHAIN[-1].position, CHAIN[-1].hash)


def rehashed(link: Link, **changes: object) -> Link:
    changed = link._replace(**changes)
    return changed._replace(hash=hash_of(changed))


def test_an_untouched_chain_is_whole() -> None:
    assert verify_chain(CHAIN) == verify_chain(CHAIN, LAST)
    assert verify_chain(CHAIN).head == LAST
    assert verify_chain(CHAIN).reason is None


def test_an_empty_chain_is_whole() -> None:
    assert verify_chain([]).head == Head(0, START)
    assert verify_chain([], Head(0, START)).reason is None


@pytest.mark.parametrize("field", Link._fields[1:])
def test_any_altered_field_is_found_where_it_stands(field: str) -> None:
    links = list(CHAIN)
    links[499] = links[499]._replace(**{field: getattr(links[499], field) + " "})
    verdict = verify_chain(links)
    assert (verdict.broken_at, verdict.reason) == (500, Break.ALTERED)


def test_one_altered_event_is_found_wherever_it_is() -> None:
    draw = random.Random(7)
    for _ in range(100):
        links, place = list(CHAIN), draw.randrange(1_000)
        links[place] = links[place]._replace(by="somebody-else")
        assert verify_chain(links).broken_at == place + 1


def test_an_event_that_was_altered_and_hashed_again_no_longer_fits_the_next() -> None:
    links = list(CHAIN)
    links[499] = rehashed(links[499], by="somebody-else")
    verdict = verify_chain(links)
    assert (verdict.broken_at, verdict.reason) == (501, Break.UNLINKED)


def test_a_deleted_event_is_found_at_its_position() -> None:
    verdict = verify_chain([*CHAIN[:499], *CHAIN[500:]])
    assert (verdict.broken_at, verdict.reason) == (500, Break.MISSING)


def test_deleting_and_numbering_anew_is_found() -> None:
    moved = [rehashed(link, position=link.position - 1) for link in CHAIN[500:]]
    verdict = verify_chain([*CHAIN[:499], *moved])
    assert (verdict.broken_at, verdict.reason) == (500, Break.UNLINKED)


def test_an_event_before_the_first_is_found() -> None:
    verdict = verify_chain([CHAIN[0]._replace(position=0), *CHAIN])
    assert (verdict.broken_at, verdict.reason) == (0, Break.INSERTED)


def test_events_that_changed_places_are_found() -> None:
    links = list(CHAIN)
    links[99] = CHAIN[100]._replace(position=100)
    links[100] = CHAIN[99]._replace(position=101)
    assert verify_chain(links).broken_at == 100


def test_a_cut_end_shows_only_to_who_kept_the_head() -> None:
    assert verify_chain(CHAIN[:900]).reason is None
    for kept in (LAST, Head(0, LAST.hash)):
        verdict = verify_chain(CHAIN[:900], kept)
        assert (verdict.broken_at, verdict.reason) == (901, Break.HEAD_LOST)
    assert verify_chain([], LAST).broken_at == 1


def test_an_end_that_was_written_anew_is_found_at_the_kept_position() -> None:
    links = CHAIN[:900]
    for _ in range(200):
        before = links[-1]
        links.append(rehashed(before, position=before.position + 1, previous_hash=before.hash))
    assert verify_chain(links).reason is None
    assert verify_chain(links, LAST).broken_at == 1_000


def test_a_head_kept_long_ago_is_still_in_a_grown_chain() -> None:
    assert verify_chain(CHAIN, Head(400, CHAIN[399].hash)).reason is None


def test_what_is_not_text_any_more_is_altered() -> None:
    assert verify_chain([CHAIN[0]._replace(details=None)]).reason is Break.ALTERED


@given(st.dictionaries(st.text(max_size=5), st.one_of(st.none(), st.booleans(), st.integers(), st.text())))
def test_details_have_one_spelling_whatever_their_order(details: dict[str, object]) -> None:
    turned = dict(reversed(details.items()))
    assert canonical_details(details) == canonical_details(turned)


def test_true_and_one_are_told_apart() -> None:
    assert canonical_details({"a": True}) != canonical_details({"a": 1})


def test_an_instant_has_one_spelling_whatever_its_zone() -> None:
    hanoi = datetime(2026, 10, 1, 7, 0, tzinfo=timezone(timedelta(hours=7)))
    assert instant_text(hanoi) == instant_text(hanoi.astimezone(UTC)) == "2026-10-01T00:00:00.000000+00:00"


def test_a_day_begins_at_midnight_in_vietnam() -> None:
    assert day_start_text(date(2026, 10, 1)) == "2026-09-30T17:00:00.000000+00:00"
    assert day_end_text(date(2026, 10, 1)) == "2026-10-01T17:00:00.000000+00:00"
