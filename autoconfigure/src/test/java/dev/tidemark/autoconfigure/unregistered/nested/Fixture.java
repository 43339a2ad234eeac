package dev.tidemark.autoconfigure.unregistered.nested;

import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.test.context.junit.jupiter.SpringExtension;

import dev.tidemark.migration.CodeMigration;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.JdbcContext;

/**
 * Looks like a test class, and has a migration of its own.
 */
@ExtendWith(SpringExtension.class)
public class Fixture {

	/**
	 * A migration that only that test runs.
	 */
	public static class AddPhone implements CodeMigration {

		@Override
		public Identity identity() {
			return Identity.of("3");
		}

		@Override
		public void migrate(JdbcContext jdbc) {
			jdbc.operations().execute("ALTER TABLE customer ADD COLUMN phone text");
		}

	}

}
