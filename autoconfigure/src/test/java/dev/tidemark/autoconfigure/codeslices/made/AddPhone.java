package dev.tidemark.autoconfigure.codeslices.made;

import dev.tidemark.migration.CodeMigration;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.JdbcContext;

class AddPhone implements CodeMigration {

	@Override
	public Identity identity() {
		return Identity.of("3");
	}

	@Override
	public void migrate(JdbcContext jdbc) {
		jdbc.operations().execute("ALTER TABLE customer ADD COLUMN phone text");
	}

}
