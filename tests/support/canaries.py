"""A word of its own in every text that a province has, and the eyes that look for these words elsewhere."""

from __future__ import annotations

import io
import json
import re
import secrets
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import Column, Date, DateTime, LargeBinary, String, Table, Uuid, insert
from sqlalchemy.types import Boolean, Integer

from app.audit.actions import record
from app.extensions import db
from app.instants import Instant
from surveys.covering import fingerprint
from tests.support.accounts import NOW
from tests.support.citizens import PROCEDURE

# What belongs to the nation or to the machine, and nothing of it to one province.
NATIONAL: Final = frozenset(
    {
        "editions", "installation", "procedures", "questionnaires", "quarter_states", "release_dates",
        "threshold_sets", "throttles", "units",
    }
)  # fmt: skip
# Figures that are published, those of other sources too, and the chain, which is written by its own function.
APART: Final = frozenset({"digests", "external_indices", "audit_events"})
# What others name without a foreign key.
FIRST: Final = frozenset({"agencies", "field_rounds", "people", "responses"})
# Columns whose text means something to the code, by name or by table and name: one value for each of two
# rows. Every other text column gets a word of its own.
CODED: Final[Mapping[str, tuple[Any, Any]]] = {
    "agencies.kind": ("department", "department"),
    "approvals.kind": ("verify-source", "publish-edition"),
    "quarantine_reviews.reason": ("too-fast", "no-time"),
    "quarantine_reviews.act": ("exclude", "include"),
    "comment_layers.state": ("waiting", "published"),
    "comment_layers.covers": ("[]", "[]"),
    # What was published is for everybody.
    "improvements.state": ("draft", "withdrawn"),
    "improvement_versions.state": ("draft", "withdrawn"),
    "imports.kind": ("csv", "csv"),
    "imports.reasons": (None, None),
    "field_devices.state": ("active", "revoked"),
    "field_inbox.problem": ("round-over", ""),
    "field_flags.state": ("open", "confirmed"),
    "field_flags.indicator": ("short", "together"),
    "field_flags.numbers": ('{"cases":9,"of":10,"expected":0.1}', '{"indicators":9}'),
    "field_flags.p": (0.5, 0.25),
    "field_flags.q": (0.5, 0.25),
    "field_backchecks.reason": ("random", "flagged"),
    "field_paper_forms.number": ("00001-0001", "00001-0002"),
    "field_paper_keyings.number": ("00001-0001", "00001-0002"),
    "field_counts.outcome": ("refused", "absent"),
    "field_devices.report": ("{}", None),
    "field_villages.commune": ("00001", "00001"),
    "field_prompts.kind": ("text", "voice"),
    "village": ("00001-01", "00001-02"),
    "invitations.kind": ("enrolment", "password"),
    "channel": ("link", "web"),
    "phase": ("after-result", "just-submitted"),
    "quarter": ("2026-Q4", "2026-Q3"),
    "questionnaire": ("COT_LOI", "COT_LOI"),
    "version": ("1.0", "1.0"),
    "language": ("vi", "vi"),
    "quarantine": ("", "too-fast"),
    "role": ("agency", "province"),
    "decision": (None, "approved"),
    "decided_by": (None, "command:test"),
    "decided_at": (None, NOW),
    "question": ("satisfaction", "satisfaction"),
    "tallies.value": ("5", "4"),
    "password_hash": (None, None),
    "disabled_at": (None, None),
    "used_at": (None, None),
    "valid_to": (None, None),
    "merged_into": (None, None),
    "procedure": (PROCEDURE, PROCEDURE),
    "tallied": (True, True),
    "content_hash": ("0" * 64, "1" * 64),
}
JSON: Final = frozenset({"payload", "details", "answers", "body"})
PEOPLE: Final = frozenset({"proposed_by", "by", "person"})
WORD: Final = re.compile(r"zcq\d{4}x")
BEGIN: Final = "zcq"


@dataclass
class Canaries:
    """The words of one province by what they stand in, and the keys under which its things are found."""

    province: str
    first: int
    words: dict[str, str] = field(default_factory=dict)
    keys: list[str] = field(default_factory=list)
    agencies: list[str] = field(default_factory=list)

    def word(self, where: str) -> str:
        word = f"{BEGIN}{self.first + len(self.words):04}x"
        self.words[word] = where
        return word

    def seed(self) -> None:
        """Two rows in every table. Flushes."""
        for variant in (0, 1):
            # Known beforehand, because proposals and events name people without a foreign key.
            refs: dict[str, Any] = {"people.id": uuid4()}
            for table in sorted(db.metadata.sorted_tables, key=lambda table: table.name not in FIRST):
                if table.name not in NATIONAL | APART:
                    row = self._row(table, variant, refs)
                    db.session.execute(insert(table), row)
            self._event(refs)

    def _row(self, table: Table, variant: int, refs: dict[str, Any]) -> dict[str, Any]:
        row = {}
        for column in table.columns:
            row[column.name] = value = self._value(table.name, column, variant, refs)
            if table.name == "responses" and isinstance(value, str):
                # What was said of a comment holds only for these words.
                refs[f"responses.{column.name}"] = value
            if column.primary_key and not column.foreign_keys and isinstance(value, str | UUID):
                refs[f"{table.name}.{column.name}"] = value
                self.keys.append(str(value))
        if table.name == "agencies":
            self.agencies.append(row["code"])
        return row

    def _value(self, table: str, column: Column[Any], variant: int, refs: dict[str, Any]) -> Any:
        where, name = f"{table}.{column.name}", column.name
        for key in column.foreign_keys:
            if key.target_fullname in refs:
                return refs[key.target_fullname]
        coded = CODED.get(where, CODED.get(name))
        if coded is not None:
            value = coded[variant]
            return value if value is not None or column.nullable else coded[1 - variant]
        if name == "response":
            return refs["responses.id"]
        if where == "field_inbox.round":
            return refs["field_rounds.code"]
        if name in ("agency", "scope", "scopes", "place"):
            return refs["agencies.code"]
        if name == "province":
            return self.province
        if where == "people.id":
            return refs[where]
        if name in PEOPLE:
            return str(refs["people.id"])
        if where == "comment_layers.fingerprint":
            return fingerprint(refs["responses.comment"])
        if name in JSON and isinstance(column.type, String):
            return json.dumps({"satisfaction": 5, "note": self.word(where)})
        return self._free(where, column)

    def _free(self, where: str, column: Column[Any]) -> Any:
        kind = column.type
        if isinstance(kind, Uuid):
            return uuid4()
        if isinstance(kind, Instant | DateTime):
            return NOW
        if isinstance(kind, Date):
            return date(2026, 11, 20)
        if isinstance(kind, Boolean):
            return False
        if isinstance(kind, LargeBinary):
            return secrets.token_bytes(32)
        if isinstance(kind, Integer):
            return 12
        assert isinstance(kind, String), f"{where}: say in tests/support/canaries.py what stands here"
        return self.word(where)

    def _event(self, refs: Mapping[str, Any]) -> None:
        details = {"procedure": self.word("audit_events.details")}
        record(
            "links-issued",
            by=str(refs["people.id"]),
            subject=self.word("audit_events.subject"),
            scope=refs["agencies.code"],
            details=details,
            now=NOW,
        )

    def seen_in(self, body: bytes, but: Iterable[str] = ()) -> set[str]:
        """Where the words that this page shows came from."""
        found = set(WORD.findall(text_of(body))) - set(but)
        return {self.words[word] for word in found if word in self.words}


def text_of(body: bytes) -> str:
    """Files that are archives are opened."""
    if body.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            body = b"\n".join(archive.read(name) for name in archive.namelist())
    return body.decode("utf-8", "replace")


def expected_columns() -> set[str]:
    """Every text column that must have had a word: what the tables say, without what is coded."""
    return {
        f"{table.name}.{column.name}"
        for table in db.metadata.sorted_tables
        if table.name not in NATIONAL | APART
        for column in table.columns
        if isinstance(column.type, String)
        and not isinstance(column.type, Uuid)
        and not column.foreign_keys
        and f"{table.name}.{column.name}" not in CODED
        and column.name not in CODED
        and f"{table.name}.{column.name}" != "field_inbox.round"
        and column.name
        not in {"agency", "scope", "scopes", "place", "province", "response", "fingerprint", *PEOPLE}
    }
