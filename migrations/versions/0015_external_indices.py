"""numbers that others made about places"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('external_indices',
    sa.Column('indicator', sa.String(length=20), nullable=False),
    sa.Column('place', sa.String(length=40), nullable=False),
    sa.Column('period', sa.String(length=10), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=False),
    sa.Column('value', sa.String(length=12), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('imported_by', sa.String(length=80), nullable=False),
    sa.Column('imported_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('indicator', 'place', 'period', name=op.f('pk_external_indices'))
    )
    op.create_index('ix_external_indices_last_day', 'external_indices', ['last_day'], unique=False)


def downgrade() -> None:
    op.drop_table('external_indices')
