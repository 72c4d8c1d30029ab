"""Nothing that one province has is read by staff of another, nor by citizens, on any page or in any file."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.roles import Role
from app.transactions import transaction
from tests.attacks.conftest import Drill
from tests.support.canaries import BEGIN, Canaries, expected_columns
from tests.support.crawling import Crawler, asked
from tests.support.world import World, build

# The directory is public: who works where, and what it is called.
PUBLIC = {"agencies.code", "agency_names.name", "agency_names.folded"}
ABROAD = (Role.PROVINCE, Role.AGENCY, Role.TEAM_LEAD, Role.OPERATOR)


class Seeded:
    """Province 14 and province 31, each with its words."""

    def __init__(self, app: Flask) -> None:
        self.world: World = build(app)
        self.own, self.foreign = Canaries("14", 0), Canaries("31", 5000)
        with app.app_context(), transaction():
            self.own.seed()
            self.foreign.seed()

    def crawler(self, client: FlaskClient, drill: Drill, prefix: str, *first: str) -> Crawler:
        places = [part for place in self.world.places for part in (place.agency, place.batch)]
        fixed = [*places, "14", "31", "2026-Q3", "COT_LOI", "1.0", "1.004616"]
        keys = [*fixed, *self.foreign.keys, *self.own.keys]
        texts = [BEGIN, "31", "31-SNV", *self.foreign.agencies]
        most = drill.scaled(150, 3_000)
        return Crawler(self.world.app, client, keys, texts, prefix, most, first=first)


def looked_at(seeded: Seeded, crawler: Crawler) -> tuple[dict[str, set[str]], set[str], int]:
    """Foreign words by address, own words that were seen, and the number of pages."""
    leaks, own, count = {}, set(), 0
    for address, answer in crawler.pages():
        assert answer.status_code < 500, address
        count += 1
        body = answer.get_data()
        if found := seeded.foreign.seen_in(body, asked(address)):
            leaks[address] = found
        own |= seeded.own.seen_in(body, asked(address))
    return leaks, own, count


@pytest.mark.parametrize("role", ABROAD)
def test_staff_of_another_province_never_meet_a_word_of_this_one(
    app: Flask, drill: Drill, role: Role
) -> None:
    seeded = Seeded(app)
    with app.app_context():
        assert set(seeded.foreign.words.values()) >= expected_columns()
    leaks, own, count = looked_at(seeded, seeded.crawler(seeded.world.sit_down(role), drill, "/quan-tri"))
    drill.report(n=count, words=len(seeded.foreign.words), leaks=len(leaks), own=sorted(own))
    assert leaks == {}
    if role is Role.PROVINCE:
        # The eyes are not blind: what is one's own is there.
        assert own >= {"agency_names.name", "people.name", "link_batches.id"}


def test_the_nation_meets_the_words_that_others_must_not(app: Flask, drill: Drill) -> None:
    """The same walk finds them where they may be read, so that a zero elsewhere means something."""
    seeded = Seeded(app)
    client = seeded.world.sit_down(Role.MINISTRY)
    leaks, _own, count = looked_at(seeded, seeded.crawler(client, drill, "/quan-tri"))
    met = set().union(*leaks.values())
    drill.report(n=count, met=sorted(met))
    assert met >= {"agency_names.name", "people.name", "people.email", "link_batches.id"}


def test_citizens_meet_nothing_but_the_directory(app: Flask, drill: Drill) -> None:
    seeded = Seeded(app)
    visitor = seeded.crawler(app.test_client(), drill, "", "/phieu?province=31")
    leaks, _own, count = looked_at(seeded, visitor)
    drill.report(n=count, met=sorted(set().union(*leaks.values())))
    assert {address: found for address, found in leaks.items() if found - PUBLIC} == {}
    # The eyes are not blind: the list of agencies names them.
    assert leaks
