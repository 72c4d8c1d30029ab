"""threshold sets"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0006b'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('threshold_sets',
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('first_quarter', sa.String(length=7), nullable=False),
    sa.Column('thresholds', sa.Text(), nullable=False),
    sa.Column('why', sa.Text(), nullable=False),
    sa.Column('approval', sa.Uuid(), nullable=False),
    sa.Column('proposed_by', sa.String(length=80), nullable=False),
    sa.Column('decided_by', sa.String(length=80), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_threshold_sets'))
    )


def downgrade() -> None:
    op.drop_table('threshold_sets')
