"""audit events"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

INDEXES = {
    'ix_audit_events_at': ['at'],
    'ix_audit_events_by': ['by', 'position'],
    'ix_audit_events_action': ['action', 'position'],
    'ix_audit_events_subject': ['subject', 'position'],
    'ix_audit_events_scope': ['scope', 'position'],
}

# `INSERT OR REPLACE` deletes without a DELETE trigger, so a known position is refused before that.
SQLITE = [
    "CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events "
    "BEGIN SELECT RAISE(ABORT, 'audit events are never changed'); END",
    "CREATE TRIGGER audit_events_no_delete BEFORE DELETE ON audit_events "
    "BEGIN SELECT RAISE(ABORT, 'audit events are never deleted'); END",
    "CREATE TRIGGER audit_events_no_replace BEFORE INSERT ON audit_events "
    "WHEN EXISTS (SELECT 1 FROM audit_events WHERE position = NEW.position) "
    "BEGIN SELECT RAISE(ABORT, 'audit events are never replaced'); END",
]
# ALWAYS: also for a session that calls itself a replica.
POSTGRESQL = [
    "CREATE FUNCTION refuse_change_of_audit_events() RETURNS trigger LANGUAGE plpgsql AS $$ "
    "BEGIN RAISE EXCEPTION 'audit events are never changed or deleted' "
    "USING ERRCODE = 'insufficient_privilege'; END $$",
    "CREATE TRIGGER audit_events_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_events "
    "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_audit_events()",
    "ALTER TABLE audit_events ENABLE ALWAYS TRIGGER audit_events_no_change",
]


def upgrade() -> None:
    op.create_table('audit_events',
    sa.Column('position', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('at', sa.String(length=32), nullable=False),
    sa.Column('by', sa.String(length=80), nullable=False),
    sa.Column('action', sa.String(length=40), nullable=False),
    sa.Column('subject', sa.String(length=120), nullable=False),
    sa.Column('scope', sa.String(length=40), nullable=False),
    sa.Column('details', sa.Text(), nullable=False),
    sa.Column('previous_hash', sa.String(length=64), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('position', name=op.f('pk_audit_events'))
    )
    for name, columns in INDEXES.items():
        op.create_index(name, 'audit_events', columns, unique=False)
    for statement in SQLITE if op.get_bind().dialect.name == 'sqlite' else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    # The triggers go with their table.
    op.drop_table('audit_events')
    if op.get_bind().dialect.name == 'postgresql':
        op.execute("DROP FUNCTION refuse_change_of_audit_events()")
