"""Alembic migrations; applied by ``app.store.schema.migrate``."""
