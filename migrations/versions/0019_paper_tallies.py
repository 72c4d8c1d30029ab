"""doors that interviewers with paper met"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None

# The second wall (docs/adr/0011-second-wall.md). Paper is a matter of those who lead; telephones have no part in it.
LEAD = 'field-lead'


def within(column: str) -> str:
    return f"((SELECT reach_whole('{LEAD}')) OR {column} IN (SELECT reach_places('{LEAD}')))"


OF_A_TALLY = (
    f"({within('left(village, 5)')} OR round IN (SELECT code FROM field_rounds WHERE {within('agency')}))"
)


def upgrade() -> None:
    op.create_table('field_paper_tallies',
    sa.Column('round', sa.String(length=40), nullable=False),
    sa.Column('village', sa.String(length=9), nullable=False),
    sa.Column('collector', sa.Uuid(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('first', sa.Text(), nullable=False),
    sa.Column('first_by', sa.String(length=80), nullable=True),
    sa.Column('second', sa.Text(), nullable=False),
    sa.Column('second_by', sa.String(length=80), nullable=True),
    sa.Column('interviews', sa.Integer(), nullable=True),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['round'], ['field_rounds.code'], name=op.f('fk_field_paper_tallies_round')),
    sa.PrimaryKeyConstraint('round', 'village', 'collector', 'day', name=op.f('pk_field_paper_tallies')),
    )
    # Without a batch: the table would be made anew, with the hidden numbers of rows that it is to have none of.
    op.add_column(
        'field_visits', sa.Column('tallied', sa.Boolean(), nullable=False, server_default=sa.false())
    )
    if op.get_bind().dialect.name == 'postgresql':
        op.alter_column('field_visits', 'tallied', server_default=None)
        _build_wall()


def _build_wall() -> None:
    op.execute('ALTER TABLE field_paper_tallies ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY')
    for command in ('SELECT', 'INSERT', 'UPDATE', 'DELETE'):
        clause = 'WITH CHECK' if command == 'INSERT' else 'USING'
        condition = (
            f"CASE WHEN (SELECT reach_is('service')) THEN true"
            f" WHEN (SELECT reach() IS NOT NULL) THEN {OF_A_TALLY} ELSE false END"
        )
        op.execute(
            f'CREATE POLICY reach_{command} ON field_paper_tallies FOR {command} {clause} ({condition})'
        )


def downgrade() -> None:
    op.drop_column('field_visits', 'tallied')
    op.drop_table('field_paper_tallies')
