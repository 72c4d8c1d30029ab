"""what contacts are about, how they ended, and the numbers that are kept of them"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None

# The second wall (docs/adr/0011-second-wall.md). The service alone counts, when it deletes.
READS = "((SELECT reach_whole('contacts-read')) OR agency IN (SELECT reach_places('contacts-read')))"
POLICIES = [('SELECT', READS), ('INSERT', 'false'), ('UPDATE', 'false')]


def upgrade() -> None:
    with op.batch_alter_table('contacts') as batch_op:
        batch_op.add_column(sa.Column('theme', sa.String(length=12), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('ended', sa.String(length=12), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('passed_to', sa.String(length=40), nullable=True))
    op.execute("UPDATE contacts SET ended = 'answered' WHERE done_on IS NOT NULL")
    with op.batch_alter_table('contacts') as batch_op:
        for name in ('theme', 'ended'):
            batch_op.alter_column(
                name, existing_type=sa.String(length=12), existing_nullable=False, server_default=None
            )
    op.create_table('feedback_counts',
    sa.Column('quarter', sa.String(length=7), nullable=False),
    sa.Column('agency', sa.String(length=40), nullable=False),
    sa.Column('theme', sa.String(length=12), nullable=False),
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('timing', sa.String(length=8), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('quarter', 'agency', 'theme', 'status', 'timing', name=op.f('pk_feedback_counts'))
    )
    if op.get_bind().dialect.name == 'postgresql':
        _build_wall()


def downgrade() -> None:
    op.drop_table('feedback_counts')
    with op.batch_alter_table('contacts') as batch_op:
        for name in ('passed_to', 'ended', 'theme'):
            batch_op.drop_column(name)


def _build_wall() -> None:
    op.execute('ALTER TABLE feedback_counts ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY')
    for command, staff in POLICIES:
        clause = 'WITH CHECK' if command == 'INSERT' else 'USING'
        condition = (
            f"CASE WHEN (SELECT reach_is('service')) THEN true"
            f" WHEN (SELECT reach() IS NOT NULL) THEN {staff} ELSE false END"
        )
        op.execute(f'CREATE POLICY reach_{command} ON feedback_counts FOR {command} {clause} ({condition})')
