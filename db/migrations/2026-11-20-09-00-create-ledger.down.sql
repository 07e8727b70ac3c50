drop table schema_migrations;
