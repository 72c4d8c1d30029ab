"""who a person is to an OpenID Connect provider"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0007b'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('oidc_identities',
    sa.Column('issuer', sa.String(length=255), nullable=False),
    sa.Column('subject', sa.String(length=255), nullable=False),
    sa.Column('person', sa.Uuid(), nullable=False),
    sa.Column('bound_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person'], ['people.id'], name=op.f('fk_oidc_identities_person')),
    sa.PrimaryKeyConstraint('issuer', 'subject', name=op.f('pk_oidc_identities')),
    sa.UniqueConstraint('issuer', 'person', name=op.f('uq_oidc_identities_issuer_person'))
    )
    with op.batch_alter_table('oidc_identities', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_oidc_identities_person'), ['person'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('oidc_identities', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_oidc_identities_person'))

    op.drop_table('oidc_identities')
