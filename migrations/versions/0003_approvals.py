"""approvals"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('approvals',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('subject', sa.String(length=120), nullable=False),
    sa.Column('scope', sa.String(length=40), nullable=False),
    sa.Column('payload', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('proposed_by', sa.String(length=80), nullable=False),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_by', sa.String(length=80), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decision', sa.String(length=12), nullable=True),
    sa.Column('decision_reason', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_approvals'))
    )
    waiting = sa.text('decision IS NULL')
    op.create_index('uq_approvals_waiting', 'approvals', ['kind', 'subject'], unique=True, sqlite_where=waiting, postgresql_where=waiting)
    op.create_index('ix_approvals_proposed_at', 'approvals', ['proposed_at', 'id'], unique=False)
    op.create_index('ix_approvals_decided_at', 'approvals', ['decided_at', 'id'], unique=False)


def downgrade() -> None:
    op.drop_table('approvals')
