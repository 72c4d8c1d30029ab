"""rounds, teams, devices, the inbox of field work, visits"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None

# The second wall (docs/adr/0011-second-wall.md). Who reads numbers sees rounds, villages, teams and counts; who
# leads sees people, devices, records and visits too. A commune reads the rounds of its province, and of what
# belongs to a round only what happened in its own villages.


def within(permission: str, column: str) -> str:
    return f"((SELECT reach_whole('{permission}')) OR {column} IN (SELECT reach_places('{permission}')))"


def of_round(permission: str) -> str:
    return f"round IN (SELECT code FROM field_rounds WHERE {within(permission, 'agency')})"


READ, LEAD = 'field-read', 'field-lead'
PROVINCES = (
    f"agency IN (SELECT province FROM agencies WHERE code IN (SELECT reach_places('{READ}')))"
)
IN_VILLAGE = {name: within(name, 'left(village, 5)') for name in (READ, LEAD)}
OF_A_TEAM = f"team IN (SELECT id FROM field_teams WHERE {within(LEAD, 'agency')})"
OF_A_COLLECTOR = 'collector IN (SELECT id FROM field_collectors)'
OF_AN_INBOX = f"(device IN (SELECT id FROM field_devices) OR {of_round(LEAD)} OR (SELECT reach_whole('{LEAD}')))"
ANY_LEAD = f"EXISTS (SELECT reach_places('{LEAD}'))"
NOBODY = 'false'
# The number of a form begins with its commune.
OF_A_FORM = f"({within(LEAD, 'left(number, 5)')} OR {of_round(LEAD)})"

POLICIES = [
    ('field_rounds', 'SELECT', f"({within(READ, 'agency')} OR {PROVINCES})"),
    ('field_rounds', 'INSERT', within(LEAD, 'agency')),
    ('field_rounds', 'UPDATE', within(LEAD, 'agency')),
    ('field_villages', 'SELECT', f'({IN_VILLAGE[READ]} OR {of_round(READ)})'),
    ('field_villages', 'INSERT', of_round(LEAD)),
    ('field_villages', 'UPDATE', of_round(LEAD)),
    ('field_villages', 'DELETE', of_round(LEAD)),
    ('field_team_villages', 'SELECT', f'({IN_VILLAGE[READ]} OR {of_round(READ)})'),
    ('field_team_villages', 'INSERT', f'({IN_VILLAGE[LEAD]} OR {of_round(LEAD)})'),
    ('field_team_villages', 'DELETE', f'({IN_VILLAGE[LEAD]} OR {of_round(LEAD)})'),
    ('field_teams', 'SELECT', within(READ, 'agency')),
    ('field_teams', 'INSERT', within(LEAD, 'agency')),
    ('field_teams', 'UPDATE', within(LEAD, 'agency')),
    ('field_collectors', 'SELECT', OF_A_TEAM),
    ('field_collectors', 'INSERT', OF_A_TEAM),
    ('field_collectors', 'UPDATE', OF_A_TEAM),
    ('field_devices', 'SELECT', OF_A_COLLECTOR),
    ('field_devices', 'INSERT', OF_A_COLLECTOR),
    ('field_devices', 'UPDATE', OF_A_COLLECTOR),
    ('field_inbox', 'SELECT', OF_AN_INBOX),
    # A file from a telephone, whose records say what they belong to only when they have been opened.
    ('field_inbox', 'INSERT', ANY_LEAD),
    ('field_inbox', 'UPDATE', OF_AN_INBOX),
    ('field_inbox', 'DELETE', NOBODY),
    ('field_visits', 'SELECT', f'({IN_VILLAGE[LEAD]} OR {of_round(LEAD)})'),
    ('field_visits', 'INSERT', NOBODY),
    ('field_visits', 'UPDATE', NOBODY),
    ('field_visits', 'DELETE', NOBODY),
    ('field_counts', 'SELECT', f'({IN_VILLAGE[READ]} OR {of_round(READ)})'),
    ('field_counts', 'INSERT', NOBODY),
    ('field_counts', 'UPDATE', NOBODY),
    ('field_flags', 'SELECT', of_round(LEAD)),
    # Flags come and go by a job; staff decide them.
    ('field_flags', 'INSERT', NOBODY),
    ('field_flags', 'UPDATE', of_round(LEAD)),
    ('field_flags', 'DELETE', NOBODY),
    ('field_backchecks', 'SELECT', f'({IN_VILLAGE[LEAD]} OR {of_round(LEAD)})'),
    ('field_backchecks', 'INSERT', f'({IN_VILLAGE[LEAD]} OR {of_round(LEAD)})'),
    ('field_backchecks', 'UPDATE', f'({IN_VILLAGE[LEAD]} OR {of_round(LEAD)})'),
    ('field_backchecks', 'DELETE', NOBODY),
    ('field_paper_forms', 'SELECT', OF_A_FORM),
    ('field_paper_forms', 'INSERT', OF_A_FORM),
    ('field_paper_forms', 'UPDATE', OF_A_FORM),
    ('field_paper_forms', 'DELETE', NOBODY),
    ('field_paper_keyings', 'SELECT', OF_A_FORM),
    ('field_paper_keyings', 'INSERT', OF_A_FORM),
    ('field_paper_keyings', 'UPDATE', NOBODY),
    ('field_paper_keyings', 'DELETE', OF_A_FORM),
]
# Reviews are made by a job and decided by staff, and paper is theirs: telephones have no part in it.
NOT_FOR_TELEPHONES = ('field_flags', 'field_backchecks', 'field_paper_forms', 'field_paper_keyings')


def upgrade() -> None:
    op.create_table('field_inbox',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('device', sa.Uuid(), nullable=True),
    sa.Column('round', sa.String(length=40), nullable=True),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('problem', sa.String(length=40), nullable=False),
    sa.Column('left_by', sa.String(length=80), nullable=True),
    sa.Column('left_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('left_why', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id', 'sha256', name=op.f('pk_field_inbox')),
    )
    op.create_index(
        'ix_field_inbox_waiting', 'field_inbox', ['received_at'], unique=False,
        sqlite_where=sa.text("problem = ''"), postgresql_where=sa.text("problem = ''"),
    )
    op.create_table('field_receipts',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_field_receipts')),
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
    sa.Column('helped', sa.Boolean(), nullable=False),
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
    op.create_table('field_flags',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('round', sa.String(length=40), nullable=False),
    sa.Column('collector', sa.Uuid(), nullable=False),
    sa.Column('indicator', sa.String(length=24), nullable=False),
    sa.Column('p', sa.Float(), nullable=False),
    sa.Column('q', sa.Float(), nullable=False),
    sa.Column('numbers', sa.Text(), nullable=False),
    sa.Column('found_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('decided_by', sa.String(length=80), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['round'], ['field_rounds.code'], name=op.f('fk_field_flags_round')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_field_flags')),
    )
    op.create_index('ix_field_flags_round', 'field_flags', ['round', 'collector', 'indicator'], unique=True)
    op.create_table('field_backchecks',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('round', sa.String(length=40), nullable=False),
    sa.Column('village', sa.String(length=9), nullable=False),
    sa.Column('collector', sa.Uuid(), nullable=False),
    sa.Column('visit', sa.Uuid(), nullable=True),
    sa.Column('reason', sa.String(length=12), nullable=False),
    sa.Column('drawn_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('checked_by', sa.Uuid(), nullable=True),
    sa.Column('entered_by', sa.String(length=80), nullable=True),
    sa.Column('agreed', sa.Integer(), nullable=False),
    sa.Column('disagreed', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['round'], ['field_rounds.code'], name=op.f('fk_field_backchecks_round')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_field_backchecks')),
    )
    op.create_index('ix_field_backchecks_round', 'field_backchecks', ['round', 'collector'], unique=False)
    op.create_index('ix_field_backchecks_visit', 'field_backchecks', ['visit'], unique=True)
    op.create_table('field_paper_forms',
    sa.Column('round', sa.String(length=40), nullable=False),
    sa.Column('number', sa.String(length=12), nullable=False),
    sa.Column('printed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('printed_by', sa.String(length=80), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('settled_by', sa.String(length=80), nullable=True),
    sa.ForeignKeyConstraint(['round'], ['field_rounds.code'], name=op.f('fk_field_paper_forms_round')),
    sa.PrimaryKeyConstraint('round', 'number', name=op.f('pk_field_paper_forms')),
    )
    op.create_table('field_paper_keyings',
    sa.Column('round', sa.String(length=40), nullable=False),
    sa.Column('number', sa.String(length=12), nullable=False),
    sa.Column('keyed_by', sa.String(length=80), nullable=False),
    sa.Column('keyed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['round'], ['field_rounds.code'], name=op.f('fk_field_paper_keyings_round')),
    sa.PrimaryKeyConstraint('round', 'number', 'keyed_by', name=op.f('pk_field_paper_keyings')),
    )
    if op.get_bind().dialect.name == 'postgresql':
        _build_wall()


def _build_wall() -> None:
    for table in dict.fromkeys(table for table, *_rest in POLICIES):
        op.execute(f'ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY')
    for table, command, staff in POLICIES:
        clause = 'WITH CHECK' if command == 'INSERT' else 'USING'
        telephones = 'false' if table in NOT_FOR_TELEPHONES else "(SELECT reach_is('field'))"
        condition = (
            f"CASE WHEN (SELECT reach_is('service')) THEN true WHEN {telephones} THEN true"
            f" WHEN (SELECT reach() IS NOT NULL) THEN {staff} ELSE false END"
        )
        op.execute(f'CREATE POLICY reach_{command} ON {table} FOR {command} {clause} ({condition})')


def downgrade() -> None:
    # A policy holds the tables that it asks.
    for table in (
        'field_flags', 'field_backchecks', 'field_paper_keyings', 'field_paper_forms',
        'field_inbox', 'field_receipts', 'field_devices', 'field_collectors', 'field_visits', 'field_counts',
        'field_team_villages', 'field_villages', 'field_teams', 'field_rounds',
    ):
        op.drop_table(table)
