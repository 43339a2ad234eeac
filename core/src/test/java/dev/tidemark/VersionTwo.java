package dev.tidemark;

import java.util.function.Consumer;

import dev.tidemark.source.CodeMigration;
import dev.tidemark.source.Identity;
import dev.tidemark.source.JdbcContext;

/**
 * Version 2 in code.
 *
 * @param code what it does
 */
record VersionTwo(Consumer<JdbcContext> code) implements CodeMigration {

	@Override
	public Identity identity() {
		return Identity.of("2");
	}

	@Override
	public String description() {
		return "code";
	}

	@Override
	public void migrate(JdbcContext jdbc) {
		this.code.accept(jdbc);
	}

}
