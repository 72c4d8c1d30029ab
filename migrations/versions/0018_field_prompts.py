"""words and voices of interviews in other languages"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None

# The second wall (docs/adr/0011-second-wall.md). Which province uses what: whoever reads field work anywhere in a
# province sees it, and who supplies the province changes it. The contents lie under their hashes without a
# policy: they are what is read aloud in front of every household.


def within(permission: str) -> str:
    return (
        f"((SELECT reach_whole('{permission}')) OR province IN (SELECT reach_places('{permission}')))"
    )


SUPPLIES = within('field-prompts')
READS = (
    f"({within('field-read')} OR province IN"
    " (SELECT province FROM agencies WHERE code IN (SELECT reach_places('field-read'))))"
)
POLICIES = [('SELECT', READS), ('INSERT', SUPPLIES), ('UPDATE', SUPPLIES), ('DELETE', SUPPLIES)]


def upgrade() -> None:
    op.create_table('field_prompt_files',
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('media_type', sa.String(length=30), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('seconds', sa.Integer(), nullable=True),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('sha256', name=op.f('pk_field_prompt_files')),
    )
    op.create_table('field_prompts',
    sa.Column('province', sa.String(length=2), nullable=False),
    sa.Column('questionnaire', sa.String(length=40), nullable=False),
    sa.Column('version', sa.String(length=20), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('part', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=5), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('put_by', sa.String(length=80), nullable=False),
    sa.Column('put_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['sha256'], ['field_prompt_files.sha256'], name=op.f('fk_field_prompts_sha256')),
    sa.PrimaryKeyConstraint(
        'province', 'questionnaire', 'version', 'language', 'part', 'kind', name=op.f('pk_field_prompts')
    ),
    )
    op.create_index(op.f('ix_field_prompts_sha256'), 'field_prompts', ['sha256'], unique=False)
    if op.get_bind().dialect.name == 'postgresql':
        _build_wall()


def _build_wall() -> None:
    op.execute('ALTER TABLE field_prompts ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY')
    for command, staff in POLICIES:
        clause = 'WITH CHECK' if command == 'INSERT' else 'USING'
        telephones = " WHEN (SELECT reach_is('field')) THEN true" if command == 'SELECT' else ''
        condition = (
            f"CASE WHEN (SELECT reach_is('service')) THEN true{telephones}"
            f" WHEN (SELECT reach() IS NOT NULL) THEN {staff} ELSE false END"
        )
        op.execute(f'CREATE POLICY reach_{command} ON field_prompts FOR {command} {clause} ({condition})')


def downgrade() -> None:
    op.drop_table('field_prompts')
    op.drop_table('field_prompt_files')
