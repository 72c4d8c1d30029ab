"""two persons"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('quarantine_reviews',
    sa.Column('agency', sa.String(length=40), nullable=False),
    sa.Column('quarter', sa.String(length=7), nullable=False),
    sa.Column('reason', sa.String(length=40), nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('act', sa.String(length=12), nullable=False),
    sa.Column('why', sa.Text(), nullable=False),
    sa.Column('approval', sa.Uuid(), nullable=False),
    sa.Column('proposed_by', sa.String(length=80), nullable=False),
    sa.Column('decided_by', sa.String(length=80), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('agency', 'quarter', 'reason', 'number', name=op.f('pk_quarantine_reviews'))
    )


def downgrade() -> None:
    op.drop_table('quarantine_reviews')
