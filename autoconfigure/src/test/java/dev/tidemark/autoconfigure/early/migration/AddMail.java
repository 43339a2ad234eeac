package dev.tidemark.autoconfigure.early.migration;

import dev.tidemark.migration.CodeMigration;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.JdbcContext;

/**
 * A migration without any annotation.
 */
public class AddMail implements CodeMigration {

	@Override
	public Identity identity() {
		return Identity.of("3");
	}

	@Override
	public void migrate(JdbcContext jdbc) {
		jdbc.operations().execute("ALTER TABLE customer ADD COLUMN mail text");
	}

}
