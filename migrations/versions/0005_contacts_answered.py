"""what became of a contact"""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('contacts') as batch_op:
        batch_op.add_column(sa.Column('id', sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column('due_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('replied_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('done_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('answer', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('outcome', sa.Text(), nullable=False, server_default=''))
    _give_ids()
    with op.batch_alter_table('contacts') as batch_op:
        batch_op.alter_column('id', existing_type=sa.Uuid(), nullable=False)
        batch_op.alter_column('due_on', existing_type=sa.Date(), nullable=False)
        batch_op.alter_column('answer', existing_type=sa.Text(), existing_nullable=False, server_default=None)
        batch_op.alter_column('outcome', existing_type=sa.Text(), existing_nullable=False, server_default=None)
        batch_op.create_unique_constraint(batch_op.f('uq_contacts_id'), ['id'])
        batch_op.create_index('ix_contacts_due_on', ['due_on', 'id'], unique=False)
    op.create_table('withdrawn_contacts',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('agency', sa.String(length=40), nullable=False),
    sa.Column('withdrawn_on', sa.Date(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_withdrawn_contacts'))
    )
    with op.batch_alter_table('withdrawn_contacts') as batch_op:
        batch_op.create_index(batch_op.f('ix_withdrawn_contacts_agency'), ['agency'], unique=False)


def downgrade() -> None:
    op.drop_table('withdrawn_contacts')
    with op.batch_alter_table('contacts') as batch_op:
        batch_op.drop_index('ix_contacts_due_on')
        batch_op.drop_constraint(batch_op.f('uq_contacts_id'), type_='unique')
        for name in ('outcome', 'answer', 'done_on', 'replied_on', 'due_on', 'id'):
            batch_op.drop_column(name)


def _give_ids() -> None:
    """Contacts that were left before: two weekdays for a reply, without holidays, which only order the list."""
    contacts = sa.table('contacts', sa.column('code_hash', sa.LargeBinary()), sa.column('day', sa.Date()),
                        sa.column('id', sa.Uuid()), sa.column('due_on', sa.Date()))
    connection = op.get_bind()
    for code_hash, day in connection.execute(sa.select(contacts.c.code_hash, contacts.c.day)).all():
        due_on = day
        for _ in range(2):
            due_on += timedelta(days=1)
            while due_on.weekday() > 4:
                due_on += timedelta(days=1)
        connection.execute(
            contacts.update().where(contacts.c.code_hash == code_hash).values(id=uuid4(), due_on=due_on)
        )
