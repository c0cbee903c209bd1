"""Runs the steps on the connection that ``bot.storage.migrations`` hands over."""

from __future__ import annotations

from alembic import context

# The tables may lie in the applications' database, which counts its own steps.
context.configure(
    connection=context.config.attributes["connection"],
    version_table="tracker_version",
    transactional_ddl=True,
    render_as_batch=True,
)
context.run_migrations()
