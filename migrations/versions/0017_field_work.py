"""rounds, teams, devices, the inbox of field work, visits"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('field_inbox',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('device', sa.Uuid(), nullable=True),
    sa.Column('round', sa.String(length=40), nullable=True),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('problem', sa.String(length=40), nullable=False),
    sa.PrimaryKeyConstraint('id', 'sha256', name=op.f('pk_field_inbox')),
    )
    op.create_table('field_receipts',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('id', 'sha256', name=op.f('pk_field_receipts')),
    sqlite_with_rowid=False,
    )
    op.create_table('field_rounds',
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('agency', sa.String(length=40), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('questionnaire', sa.String(length=40), nullable=False),
    sa.Column('version', sa.String(length=20), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=False),
    sa.Column('grace_days', sa.Integer(), nullable=False),
    sa.Column('step', sa.Integer(), nullable=False),
    sa.Column('review_days', sa.Integer(), nullable=False),
    sa.Column('created_by', sa.String(length=80), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('parted_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_field_rounds')),
    )
    op.create_index('ix_field_rounds_agency', 'field_rounds', ['agency'], unique=False)
    op.create_table('field_teams',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('agency', sa.String(length=40), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_field_teams')),
    )
    op.create_index('ix_field_teams_agency', 'field_teams', ['agency'], unique=False)
    op.create_table('field_collectors',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('team', sa.Uuid(), nullable=False),
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['team'], ['field_teams.id'], name=op.f('fk_field_collectors_team')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_field_collectors')),
    )
    op.create_index('ix_field_collectors_team', 'field_collectors', ['team'], unique=False)
    op.create_table('field_counts',
    sa.Column('round', sa.String(length=40), nullable=False),
    sa.Column('village', sa.String(length=9), nullable=False),
    sa.Column('collector', sa.Uuid(), nullable=False),
    sa.Column('outcome', sa.String(length=12), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['round'], ['field_rounds.code'], name=op.f('fk_field_counts_round')),
    sa.PrimaryKeyConstraint('round', 'village', 'collector', 'outcome', 'day', name=op.f('pk_field_counts')),
    )
    op.create_table('field_team_villages',
    sa.Column('round', sa.String(length=40), nullable=False),
    sa.Column('village', sa.String(length=9), nullable=False),
    sa.Column('team', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['team'], ['field_teams.id'], name=op.f('fk_field_team_villages_team')),
    sa.ForeignKeyConstraint(['round'], ['field_rounds.code'], name=op.f('fk_field_team_villages_round')),
    sa.PrimaryKeyConstraint('round', 'village', 'team', name=op.f('pk_field_team_villages')),
    )
    op.create_table('field_villages',
    sa.Column('round', sa.String(length=40), nullable=False),
    sa.Column('village', sa.String(length=9), nullable=False),
    sa.Column('commune', sa.String(length=5), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('target', sa.Integer(), nullable=False),
    sa.Column('start', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['round'], ['field_rounds.code'], name=op.f('fk_field_villages_round')),
    sa.PrimaryKeyConstraint('round', 'village', name=op.f('pk_field_villages')),
    )
    op.create_table('field_visits',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('round', sa.String(length=40), nullable=False),
    sa.Column('village', sa.String(length=9), nullable=False),
    sa.Column('team', sa.Uuid(), nullable=False),
    sa.Column('collector', sa.Uuid(), nullable=False),
    sa.Column('device', sa.Uuid(), nullable=True),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('seconds', sa.Integer(), nullable=True),
    sa.Column('clock', sa.Boolean(), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('interpreter', sa.Boolean(), nullable=False),
    sa.Column('answer_agency', sa.String(length=40), nullable=True),
    sa.Column('answer_id', sa.String(length=36), nullable=True),
    sa.Column('slip_hash', sa.LargeBinary(), nullable=True),
    sa.ForeignKeyConstraint(['round'], ['field_rounds.code'], name=op.f('fk_field_visits_round')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_field_visits')),
    sqlite_with_rowid=False,
    )
    op.create_index('ix_field_visits_answer', 'field_visits', ['answer_id'], unique=False)
    op.create_index('ix_field_visits_round', 'field_visits', ['round', 'collector'], unique=False)
    op.create_table('field_devices',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('collector', sa.Uuid(), nullable=False),
    sa.Column('label', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('code_hash', sa.LargeBinary(), nullable=True),
    sa.Column('code_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('token_hash', sa.LargeBinary(), nullable=True),
    sa.Column('enrolled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('report', sa.Text(), nullable=True),
    sa.Column('reported_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('replaced_by', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['collector'], ['field_collectors.id'], name=op.f('fk_field_devices_collector')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_field_devices')),
    )
    op.create_index('ix_field_devices_token', 'field_devices', ['token_hash'], unique=True)


def downgrade() -> None:
    op.drop_table('field_devices')
    op.drop_table('field_visits')
    op.drop_table('field_villages')
    op.drop_table('field_team_villages')
    op.drop_table('field_counts')
    op.drop_table('field_collectors')
    op.drop_table('field_teams')
    op.drop_table('field_rounds')
    op.drop_table('field_receipts')
    op.drop_table('field_inbox')
