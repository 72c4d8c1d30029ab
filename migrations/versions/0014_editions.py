"""editions, objections, days of release"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

# The second wall (docs/adr/0011-second-wall.md). Which editions exist and when they come is public; what an
# agency writes about its draft is for itself and for those above it.
READS = "((SELECT reach_whole('editions-read')) OR agency IN (SELECT reach_places('editions-read')))"
OBJECTS = (
    "(written_by = (SELECT reach_person()) AND answer IS NULL AND "
    "((SELECT reach_whole('editions-object')) OR agency IN (SELECT reach_places('editions-object'))))"
)
CLOSES = "(SELECT reach_whole('editions-close'))"
POLICIES = [
    ('SELECT', READS),
    ('INSERT', OBJECTS),
    ('UPDATE', CLOSES),
]


def upgrade() -> None:
    op.create_table('editions',
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('period', sa.String(length=10), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_by', sa.String(length=80), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('published_by', sa.String(length=80), nullable=True),
    sa.Column('approval', sa.Uuid(), nullable=True),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_editions'))
    )
    op.create_index('ix_editions_published', 'editions', ['kind', 'last_day', 'revision'], unique=False)
    op.create_table('objections',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('edition', sa.String(length=16), nullable=False),
    sa.Column('agency', sa.String(length=40), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('written_by', sa.String(length=80), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answer', sa.Text(), nullable=True),
    sa.Column('answered_by', sa.String(length=80), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_objections'))
    )
    op.create_index('ix_objections_edition', 'objections', ['edition', 'agency'], unique=False)
    op.create_table('release_dates',
    sa.Column('period', sa.String(length=10), nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('announced_by', sa.String(length=80), nullable=False),
    sa.Column('announced_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('period', 'number', name=op.f('pk_release_dates'))
    )
    if op.get_bind().dialect.name == 'postgresql':
        _build_wall()


def downgrade() -> None:
    op.drop_table('release_dates')
    op.drop_table('objections')
    op.drop_table('editions')


def _build_wall() -> None:
    op.execute('ALTER TABLE objections ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY')
    for command, staff in POLICIES:
        clause = 'WITH CHECK' if command == 'INSERT' else 'USING'
        op.execute(
            f"CREATE POLICY reach_{command} ON objections FOR {command} {clause} (CASE "
            f"WHEN (SELECT reach_is('service')) THEN true WHEN (SELECT reach() IS NOT NULL) THEN {staff} "
            "ELSE false END)"
        )
