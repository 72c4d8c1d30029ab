"""Alembic's environment: the tables of the application, on whichever database it is configured for."""

from __future__ import annotations

from alembic import context
from flask import current_app

database = current_app.extensions["migrate"].db


def run_online() -> None:
    with database.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            # A migration that has to wait for a lock gives way to people who are answering.
            connection.exec_driver_sql("SET lock_timeout = '5s'")
            connection.commit()
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()


run_online()
