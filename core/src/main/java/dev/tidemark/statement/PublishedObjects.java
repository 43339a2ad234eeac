package dev.tidemark.statement;

import java.util.List;

import dev.tidemark.sql.QualifiedName;

/**
 * What is published.
 *
 * @param allTables whether all tables are
 * @param allSequences whether all sequences are
 * @param tables these tables; those left out where all are published
 * @param schemas all tables of these schemas; {@code CURRENT_SCHEMA} is empty text
 * @since 0.1.0
 */
public record PublishedObjects(boolean allTables, boolean allSequences, List<QualifiedName> tables,
		List<String> schemas) {

	/** Copies what it is given. */
	public PublishedObjects {
		tables = List.copyOf(tables);
		schemas = List.copyOf(schemas);
	}

}
