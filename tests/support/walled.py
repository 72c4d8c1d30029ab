"""A service on a database with two roles and policies, and what a view without any condition sees there."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import text

from app.accounts.roles import Role
from app.approvals.models import ApprovalRow
from app.comments.models import Contact, FeedbackCount, WithdrawnContact
from app.dossiers.actions import issue_links
from app.editions.models import Objection
from app.extensions import db
from app.improvements.actions import Words, write
from app.moderation.models import CommentCell, CommentLayer
from app.responding.models import KeptAside, Response
from app.results.imports.models import Import
from app.results.models import QuarantineReview
from app.transactions import transaction
from tests.support import citizens
from tests.support.accounts import NOW, enrolled, signed_in
from tests.support.field_work import a_round

OWN, FOREIGN = citizens.AGENCY, citizens.OTHER_AGENCY
# Every table with policies, and what of a row tells where it belongs.
PLACES = {
    "contacts": "agency",
    "withdrawn_contacts": "agency",
    "comment_cells": "agency",
    "comment_layers": "agency",
    "feedback_counts": "agency",
    "improvement_versions": "agency",
    "improvements": "agency",
    "quarantine_reviews": "agency",
    "responses": "agency",
    "kept_aside": "agency",
    "link_batches": "agency",
    "links": "(SELECT agency FROM link_batches WHERE id = links.batch)",
    "approvals": "scope",
    "audit_events": "scope",
    "people": "name",
    "grants": "scope",
    "imports": "scopes",
    "objections": "agency",
    "field_rounds": "agency",
    "field_villages": "(SELECT agency FROM field_rounds WHERE code = round)",
    "field_team_villages": "(SELECT agency FROM field_rounds WHERE code = round)",
    "field_teams": "agency",
    "field_collectors": "name",
    "field_devices": "label",
    "field_inbox": "(SELECT agency FROM field_rounds WHERE code = round)",
    "field_visits": "(SELECT agency FROM field_rounds WHERE code = round)",
    "field_counts": "(SELECT agency FROM field_rounds WHERE code = round)",
    # Each row of the world belongs to a province, and was put by one agency of it.
    "field_prompts": "put_by",
    "field_paper_forms": "(SELECT agency FROM field_rounds WHERE code = round)",
    "field_paper_keyings": "(SELECT agency FROM field_rounds WHERE code = round)",
    "field_paper_tallies": "(SELECT agency FROM field_rounds WHERE code = round)",
    "field_backchecks": "(SELECT agency FROM field_rounds WHERE code = round)",
    "field_flags": "(SELECT agency FROM field_rounds WHERE code = round)",
}


@dataclass
class House:
    """A service whose database has two roles, and what a view does there for somebody."""

    app: Flask
    owner_url: str

    def within(self, person: UUID, act: Callable[[], object], status: int = 200) -> object:
        """Does something inside a request of this person, behind the guard and in place of the view."""

        def view() -> str:
            return json.dumps(act(), default=str)

        self.app.view_functions["console.home"] = view
        response = signed_in(self.app, person).get("/quan-tri")
        assert response.status_code == status, response.text
        return json.loads(response.text) if status == 200 else None


def furnish(app: Flask) -> None:
    """One row of each kind in province 14, and one in province 31."""
    citizens.prepare(app)
    for agency in (OWN, FOREIGN):
        person = enrolled(app, f"{agency}@bo.vn", (Role.AGENCY, agency), name=agency).id
        with app.app_context(), transaction():
            issue_links(
                agency, None, questionnaire="COT_LOI", version="1.0", phase="after-result", count=3,
                by="command:test", now=NOW,
            )  # fmt: skip
            words = Words("2026-Q3", "Phải khai lại nhiều lần", "Tự điền sẵn", "Sở", NOW.date())
            write(agency, words, by="command:test", now=NOW)
            a_round(agency)
            db.session.add_all(
                [
                    Contact(
                        code_hash=agency.encode(), agency=agency, day=NOW.date(), due_on=NOW.date(),
                        address="a", message="b", consent_text="c",
                    ),
                    FeedbackCount(
                        quarter="2026-Q3", agency=agency, theme="fees", status="Đã trả lời",
                        timing="late", n=3,
                    ),
                    WithdrawnContact(id=uuid4(), agency=agency, withdrawn_on=NOW.date()),
                    Objection(
                        id=uuid4(), edition="2026-Q3", agency=agency, text="i", written_by="a",
                        written_at=NOW,
                    ),
                    QuarantineReview(
                        agency=agency, quarter="2026-Q3", reason="budget", number=1, act="release", why="g",
                        approval=uuid4(), proposed_by="a", decided_by="b", decided_at=NOW,
                    ),
                    Response(
                        agency=agency, id=str(uuid4()), questionnaire="COT_LOI", version="1.0",
                        phase="after-result", channel="web", quarter="2026-Q4", day=NOW.date(), language="vi",
                        answers="{}", comment="d",
                    ),
                    CommentCell(agency=agency, quarter="2026-Q4", answers=10, closed=False),
                    CommentLayer(
                        agency=agency, response=str(uuid4()), quarter="2026-Q4", state="waiting", covers="[]",
                        fingerprint="h", folded="d",
                    ),
                    KeptAside(
                        agency=agency, id=str(uuid4()), content_hash="e", day=NOW.date(), channel="web",
                        body="{}",
                    ),
                    Import(
                        person=person, scopes=agency, name="h.csv", kind="csv", size=1, rows=1,
                        uploaded_at=NOW,
                    ),
                    ApprovalRow(
                        kind="hide-comment", subject=agency, scope=agency, payload="{}", reason="f",
                        proposed_by="somebody", proposed_at=NOW,
                    ),
                ]
            )  # fmt: skip


def placed() -> dict[str, list[str]]:
    """Where the visible rows of each table belong."""
    return {
        table: sorted(
            {str(place) for place in db.session.scalars(text(f"SELECT DISTINCT {column} FROM {table}"))}
        )
        for table, column in PLACES.items()
    }


def everything(house: House) -> dict[str, list[tuple[object, ...]]]:
    """All rows, as the service itself reads them."""
    with house.app.app_context():
        return {
            table: sorted(map(tuple, db.session.execute(text(f"SELECT * FROM {table}"))), key=repr)
            for table in PLACES
        }


def columns_of(house: House, table: str) -> list[str]:
    with house.app.app_context():
        names = list(db.metadata.tables[table].columns.keys())
    keys = {column.name for column in db.metadata.tables[table].primary_key}
    return [f'"{name}"' for name in names if name not in keys] or [f'"{name}"' for name in names]
