package dev.tidemark.autoconfigure.unregistered.component;

import org.springframework.stereotype.Component;

import dev.tidemark.migration.CodeMigration;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.JdbcContext;

/**
 * A component that no scan finds.
 */
@Component
public class AddPhone implements CodeMigration {

	@Override
	public Identity identity() {
		return Identity.of("3");
	}

	@Override
	public void migrate(JdbcContext jdbc) {
		jdbc.operations().execute("ALTER TABLE customer ADD COLUMN phone text");
	}

}
