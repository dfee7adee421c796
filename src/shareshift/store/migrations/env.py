"""How Alembic reaches the database: by the connection it is handed, inside the transaction that is already open."""

from alembic import context

from shareshift.store.tables import METADATA, REVISION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table=REVISION_TABLE,
    transactional_ddl=True,
)
context.run_migrations()
