"""what agencies do about what people told them"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0007b'
branch_labels = None
depends_on = None

STATES = "state IN ('draft', 'published', 'withdrawn')"
DONE = "(done_on IS NULL) = (done_words = '')"

# The second wall (docs/adr/0011-second-wall.md). Everybody reads what was published; nobody deletes a row.
READS = "((SELECT reach_whole('improvements-read')) OR agency IN (SELECT reach_places('improvements-read')))"
WRITES = "((SELECT reach_whole('improvements-write')) OR agency IN (SELECT reach_places('improvements-write')))"
OPEN_TO_ALL = " WHEN (SELECT reach_is('public')) THEN state = 'published'"
POLICIES = [
    ('improvements', 'SELECT', READS, OPEN_TO_ALL),
    ('improvements', 'INSERT', WRITES, ''),
    ('improvements', 'UPDATE', WRITES, ''),
    ('improvement_versions', 'SELECT', READS, ''),
    ('improvement_versions', 'INSERT', WRITES, ''),
]


def words() -> list[sa.Column[object]]:
    return [
        sa.Column('agency', sa.String(length=40), nullable=False),
        sa.Column('state', sa.String(length=12), nullable=False),
        sa.Column('quarter', sa.String(length=7), nullable=False),
        sa.Column('shortcoming', sa.Text(), nullable=False),
        sa.Column('solution', sa.Text(), nullable=False),
        sa.Column('lead', sa.String(length=200), nullable=False),
        sa.Column('due', sa.Date(), nullable=False),
        sa.Column('done_on', sa.Date(), nullable=True),
        sa.Column('done_words', sa.Text(), nullable=False),
    ]


def upgrade() -> None:
    op.create_table('improvements',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('folded', sa.Text(), nullable=False),
    *words(),
    sa.CheckConstraint(STATES, name=op.f('ck_improvements_state')),
    sa.CheckConstraint(DONE, name=op.f('ck_improvements_done')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_improvements'))
    )
    op.create_index('ix_improvements_due', 'improvements', ['due', 'id'], unique=False)
    op.create_index('ix_improvements_agency', 'improvements', ['agency', 'quarter'], unique=False)
    op.create_table('improvement_versions',
    sa.Column('improvement', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('act', sa.String(length=12), nullable=False),
    sa.Column('why', sa.Text(), nullable=False),
    sa.Column('by', sa.String(length=80), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    *words(),
    sa.CheckConstraint(STATES, name=op.f('ck_improvement_versions_state')),
    sa.CheckConstraint(DONE, name=op.f('ck_improvement_versions_done')),
    sa.ForeignKeyConstraint(
        ['improvement'], ['improvements.id'], name=op.f('fk_improvement_versions_improvement')
    ),
    sa.PrimaryKeyConstraint('improvement', 'number', name=op.f('pk_improvement_versions'))
    )
    if op.get_bind().dialect.name == 'postgresql':
        _build_wall()


def downgrade() -> None:
    op.drop_table('improvement_versions')
    op.drop_table('improvements')


def _build_wall() -> None:
    for table in dict.fromkeys(table for table, *_rest in POLICIES):
        op.execute(f'ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY')
    for table, command, staff, others in POLICIES:
        clause = 'WITH CHECK' if command == 'INSERT' else 'USING'
        condition = (
            f"CASE WHEN (SELECT reach_is('service')) THEN true{others}"
            f" WHEN (SELECT reach() IS NOT NULL) THEN {staff} ELSE false END"
        )
        op.execute(f'CREATE POLICY reach_{command} ON {table} FOR {command} {clause} ({condition})')
