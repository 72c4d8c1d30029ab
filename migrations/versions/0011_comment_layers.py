"""what staff decided about comments"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0008'
branch_labels = None
depends_on = None

# The second wall (docs/adr/0011-second-wall.md). Who may not decide reads only what was reviewed.
DECIDES = "((SELECT reach_whole('comments-decide')) OR agency IN (SELECT reach_places('comments-decide')))"
READS = "((SELECT reach_whole('comments-read')) OR agency IN (SELECT reach_places('comments-read')))"
REVIEWED = f"({DECIDES} OR (state = 'published' AND {READS}))"
POLICIES = [
    ('comment_layers', 'SELECT', REVIEWED),
    ('comment_layers', 'INSERT', 'false'),
    ('comment_layers', 'UPDATE', DECIDES),
    ('comment_cells', 'SELECT', DECIDES),
    ('comment_cells', 'INSERT', 'false'),
    ('comment_cells', 'UPDATE', 'false'),
]


def upgrade() -> None:
    op.create_table('comment_cells',
    sa.Column('quarter', sa.String(length=7), nullable=False),
    sa.Column('agency', sa.String(length=40), nullable=False),
    sa.Column('answers', sa.Integer(), nullable=False),
    sa.Column('closed', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('quarter', 'agency', name=op.f('pk_comment_cells'))
    )
    op.create_table('comment_layers',
    sa.Column('agency', sa.String(length=40), nullable=False),
    sa.Column('response', sa.String(length=36), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('quarter', sa.String(length=7), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('covers', sa.Text(), nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('folded', sa.Text(), nullable=False),
    sa.Column('decided_by', sa.String(length=80), nullable=True),
    sa.PrimaryKeyConstraint('agency', 'response', name=op.f('pk_comment_layers')),
    sa.UniqueConstraint('id', name=op.f('uq_comment_layers_id'))
    )
    op.create_index('ix_comment_layers_quarter', 'comment_layers', ['quarter', 'id'], unique=False)
    op.create_index('ix_comment_layers_state', 'comment_layers', ['state', 'agency'], unique=False)
    if op.get_bind().dialect.name == 'postgresql':
        _build_wall()


def downgrade() -> None:
    op.drop_table('comment_layers')
    op.drop_table('comment_cells')


def _build_wall() -> None:
    for table in dict.fromkeys(table for table, *_rest in POLICIES):
        op.execute(f'ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY')
    for table, command, staff in POLICIES:
        clause = 'WITH CHECK' if command == 'INSERT' else 'USING'
        condition = (
            f"CASE WHEN (SELECT reach_is('service')) THEN true"
            f" WHEN (SELECT reach() IS NOT NULL) THEN {staff} ELSE false END"
        )
        op.execute(f'CREATE POLICY reach_{command} ON {table} FOR {command} {clause} ({condition})')
