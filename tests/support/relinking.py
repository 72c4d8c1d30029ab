"""Somebody who holds the list of links as they were handed out, and every file of the service.

Whatever orders answers or links (transaction numbers, places in tables, places in files) is compared within
cells of one agency, procedure and day: does the pair that belongs together stand nearer than others? In the
place of links may stand visits of field work, whose ids are then the `token_hash` of a pair.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psycopg
from scipy.stats import rankdata
from sqlalchemy import text

from app.extensions import db

# How a row of `links` begins in a page of SQLite once it is spent: three serial types, then the hash.
SPENT_IN_SQLITE = b"\x04\x4c\x4d\x09"
# A mark of something, for each answer or link: where it stands by it. What has no mark stands nowhere.
Marks = Mapping[str, float]


@dataclass(frozen=True)
class Pair:
    """An answer and the link that it came by, as only the test knows it."""

    cell: int
    answer: str
    token_hash: bytes


@dataclass(frozen=True)
class Other:
    """The table whose rows came with the answers, and its key as hexadecimal digits in PostgreSQL.

    `as_text`: SQLite holds these digits, and not the bytes that they stand for.
    """

    table: str = "links"
    key: str = "encode(token_hash, 'hex')"
    as_text: bool = False


LINKS = Other()
VISITS = Other("field_visits", "replace(CAST(id AS text), '-', '')", as_text=True)


def relinked(
    pairs: Sequence[Pair], folder: Path, superuser: str = "", other: Other = LINKS
) -> dict[str, float]:
    """AUC of every way to match a trace of links to a trace of answers; 0.5 is chance.

    `superuser` reaches the files of PostgreSQL; without it they are those of SQLite in `folder`.
    """
    answers, links = traces(pairs, folder, superuser, other)
    # People were seen coming in this order: the most that somebody at the counter may know.
    links["seen"] = {pair.token_hash.hex(): number for number, pair in enumerate(pairs)}
    return {
        f"{of_link} ~ {of_answer}": auc(pairs, links[of_link], answers[of_answer])
        for of_link in links
        for of_answer in answers
    }


def auc(pairs: Sequence[Pair], of_links: Marks, of_answers: Marks) -> float:
    """How often the true pair is nearer than a false one of its cell."""
    true, false = [], []
    for cell in {pair.cell for pair in pairs}:
        members = [pair for pair in pairs if pair.cell == cell]
        left = rankdata([of_links.get(pair.token_hash.hex(), 0) for pair in members])
        right = rankdata([of_answers.get(pair.answer, 0) for pair in members])
        near = -np.abs(left[:, None] - right[None, :])
        own = np.eye(len(members), dtype=bool)
        true.append(near[own])
        false.append(near[~own])
    positive, negative = np.concatenate(true), np.concatenate(false)
    ranks = rankdata(np.concatenate([positive, negative]))[: len(positive)]
    smallest = len(positive) * (len(positive) + 1) / 2
    return float((ranks.sum() - smallest) / (len(positive) * len(negative)))


def traces(
    pairs: Sequence[Pair], folder: Path, superuser: str, other: Other
) -> tuple[dict[str, Marks], dict[str, Marks]]:
    """Everything that stands in an order, by name: of answers, and of links."""
    answers: dict[str, Marks] = {}
    links: dict[str, Marks] = {}
    if superuser:
        answers |= of_rows(superuser, "responses", "id")
        links |= of_rows(superuser, other.table, other.key)
    wanted_answers = {pair.answer: pair.answer.encode() for pair in pairs}
    digits = other.as_text and not superuser
    wanted_links = {
        pair.token_hash.hex(): pair.token_hash.hex().encode() if digits else pair.token_hash for pair in pairs
    }
    spent_links = {key: SPENT_IN_SQLITE + text for key, text in wanted_links.items()}
    for name, content in postgres_files(superuser, other.table) if superuser else sqlite_files(folder):
        keep_places(answers, name, content, wanted_answers)
        keep_places(links, name, content, wanted_links)
        keep_places(links, f"{name} spent", content, spent_links)
    answers["key"] = {pair.answer: number for number, pair in enumerate(sorted(pairs, key=by_answer))}
    links["key"] = {pair.token_hash.hex(): n for n, pair in enumerate(sorted(pairs, key=by_link))}
    return answers, links


def by_answer(pair: Pair) -> str:
    return pair.answer


def by_link(pair: Pair) -> bytes:
    return pair.token_hash


def of_rows(superuser: str, table: str, key: str) -> dict[str, Marks]:
    """What PostgreSQL itself says about each row, and the order in which it reads them."""
    with psycopg.connect(superuser) as connection:
        statement = f"SELECT {key}, xmin::text::bigint, ctid::text FROM {table}"
        rows = connection.execute(statement).fetchall()

    def place(ctid: str) -> int:
        page, line = ctid.strip("()").split(",")
        return int(page) * 1_000 + int(line)

    return {
        "xmin": {row[0]: row[1] for row in rows},
        "ctid": {row[0]: place(row[2]) for row in rows},
        "scan": {row[0]: number for number, row in enumerate(rows)},
    }


def postgres_files(superuser: str, table: str) -> Iterator[tuple[str, bytes]]:
    """The files that hold answers and the other table, with every index of theirs."""
    with psycopg.connect(superuser, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
        for name, content in connection.execute(
            "SELECT c.relname, pg_read_binary_file(pg_relation_filepath(c.oid), 0, "
            "pg_relation_size(c.oid), true) FROM pg_class c LEFT JOIN pg_index i ON i.indexrelid = c.oid "
            "WHERE coalesce(i.indrelid, c.oid) IN ('responses'::regclass, %s::regclass) "
            "AND c.relkind IN ('r', 'i')",
            (table,),
        ):
            if content:
                yield name, content


def sqlite_files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """The file, its log, and a backup."""
    copy = folder / "copy.db"
    copy.unlink(missing_ok=True)
    db.session.remove()
    for path in sorted(folder.glob("test.db*")):
        if path.suffix in (".db", ".db-wal") and path.stat().st_size:
            yield path.name, path.read_bytes()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"VACUUM INTO '{os.fspath(copy)}'"))
    yield copy.name, copy.read_bytes()


def keep_places(found: dict[str, Marks], name: str, content: bytes, wanted: Mapping[str, bytes]) -> None:
    """Adds the places in one file; a few that are found by chance are no trace."""
    for end, marks in zip(("first", "last"), places(content, wanted), strict=True):
        if len(marks) > len(wanted) // 20:
            found[f"{name} {end}"] = marks


def places(content: bytes, wanted: Mapping[str, bytes]) -> tuple[Marks, Marks]:
    """Where each text stands first and last."""
    first = {key: content.find(text) for key, text in wanted.items()}
    last = {key: content.rfind(text) for key, text in wanted.items() if first[key] >= 0}
    return {key: place for key, place in first.items() if place >= 0}, last
