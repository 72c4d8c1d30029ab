"""files of answers that staff upload"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0011'
branch_labels = None
depends_on = None

# All scopes of the import lie within those of the permission (docs/adr/0011-second-wall.md).
REACHED = (
    "((SELECT reach_whole('imports-run')) OR "
    "string_to_array(scopes, ' ') <@ ARRAY(SELECT reach_places('imports-run')))"
)
OWN = "person = (SELECT CAST(reach_person() AS uuid))"
POLICIES = {
    'SELECT': ('USING', REACHED),
    'INSERT': ('WITH CHECK', f"({OWN} AND {REACHED})"),
    'UPDATE': ('USING', REACHED),
    'DELETE': ('USING', REACHED),
}


def upgrade() -> None:
    op.create_table('imports',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('person', sa.Uuid(), nullable=False),
    sa.Column('scopes', sa.Text(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('rows', sa.Integer(), nullable=False),
    sa.Column('mapping', sa.Text(), nullable=True),
    sa.Column('uploaded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('asked_by', sa.Uuid(), nullable=True),
    sa.Column('run', sa.Uuid(), nullable=True),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('beat_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('problem', sa.Text(), nullable=True),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('new', sa.Integer(), nullable=False),
    sa.Column('known', sa.Integer(), nullable=False),
    sa.Column('aside', sa.Integer(), nullable=False),
    sa.Column('failed', sa.Integer(), nullable=False),
    sa.Column('reasons', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['asked_by'], ['people.id'], name=op.f('fk_imports_asked_by')),
    sa.ForeignKeyConstraint(['person'], ['people.id'], name=op.f('fk_imports_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_imports'))
    )
    if op.get_bind().dialect.name != 'postgresql':
        return
    op.execute('ALTER TABLE imports ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY')
    for command, (clause, staff) in POLICIES.items():
        op.execute(
            f"CREATE POLICY reach_{command} ON imports FOR {command} {clause} (CASE "
            f"WHEN (SELECT reach_is('service')) THEN true WHEN (SELECT reach() IS NOT NULL) THEN {staff} "
            "ELSE false END)"
        )


def downgrade() -> None:
    op.drop_table('imports')
