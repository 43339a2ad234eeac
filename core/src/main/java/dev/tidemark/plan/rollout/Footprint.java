package dev.tidemark.plan.rollout;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.tidemark.sql.QualifiedName;
import dev.tidemark.sql.script.SqlStatement;
import dev.tidemark.statement.RowChange;
import dev.tidemark.statement.Rows;
import dev.tidemark.statement.Statement;
import dev.tidemark.statement.parse.Statements;

/**
 * What a file that waits will do, and what it needs for that.
 *
 * @param file the file
 * @param mentions the names that stand in it
 * @param freed the names that are free when it has run
 * @param made the names that there are when it has run
 * @param replaced the names that stand for something else when it has run
 * @param filled the columns that get values in rows that are there, by their tables
 * @param extended the tables that get rows
 */
record Footprint(WaitingFile file, Mentions mentions, List<ObjectRef> freed, List<ObjectRef> made,
		List<ObjectRef> replaced, Map<QualifiedName, Set<String>> filled, Set<QualifiedName> extended) {

	static Footprint of(WaitingFile file) {
		List<ObjectRef> freed = new ArrayList<>();
		List<ObjectRef> made = new ArrayList<>();
		List<ObjectRef> replaced = new ArrayList<>();
		Map<QualifiedName, Set<String>> filled = new HashMap<>();
		Set<QualifiedName> extended = new LinkedHashSet<>();
		for (SqlStatement sql : file.statements()) {
			Statement statement = Statements.of(sql);
			NameChanges changes = NameChanges.of(statement);
			for (ObjectRef name : changes.freed()) {
				if (!made.removeIf(name::isSame)) {
					freed.add(name);
				}
			}
			for (ObjectRef name : changes.made()) {
				if (freed.removeIf(name::isSame)) {
					replaced.add(name);
				}
				else {
					made.add(name);
				}
			}
			if (statement instanceof Rows rows) {
				fill(rows, filled, extended);
			}
		}
		return new Footprint(file, Mentions.of(file.statements()), freed, made, replaced, filled, extended);
	}

	private static void fill(Rows rows, Map<QualifiedName, Set<String>> filled, Set<QualifiedName> extended) {
		for (RowChange change : rows.changes()) {
			if (!change.columns().isEmpty()) {
				filled.computeIfAbsent(change.table(), (table) -> new HashSet<>()).addAll(change.columns());
			}
			if (change instanceof RowChange.Insert insert) {
				extended.add(insert.table());
			}
		}
	}

	/** Returns the columns of a table that get values. */
	Set<String> filled(QualifiedName table) {
		Set<String> columns = new HashSet<>();
		this.filled.forEach((other, some) -> {
			if (other.name().equals(table.name()) && ObjectRef.mayBe(other.schema(), table.schema())) {
				columns.addAll(some);
			}
		});
		return columns;
	}

	/**
	 * Tells whether it puts all columns of a table into another one, which has as many.
	 */
	boolean copies(QualifiedName table) {
		return !this.extended.isEmpty() && this.mentions.allColumns(table.schema(), table.name());
	}

	/** Tells whether it is about the table that a backfill walks over. */
	boolean walks(QualifiedName table) {
		QualifiedName own = this.file.table();
		return own != null && own.name().equals(table.name()) && ObjectRef.mayBe(own.schema(), table.schema());
	}

	/** Tells whether it reads or writes what a name stands for. */
	boolean uses(ObjectRef ref) {
		String table = ref.table();
		return switch (ref.space()) {
			case RELATION ->
				this.mentions.relation(ref.schema(), ref.name()) || walks(new QualifiedName(ref.schema(), ref.name()));
			case COLUMN -> table != null && (this.mentions.column(ref.schema(), table, ref.name())
					|| this.mentions.wholeRows(ref.schema(), table)
					|| (walks(new QualifiedName(ref.schema(), table)) && isKey(ref.name())));
			case ROUTINE -> this.mentions.routine(ref.schema(), ref.name());
			case SCHEMA -> this.mentions.schema(ref.name())
					|| (this.file.table() != null && ref.name().equals(this.file.table().schema()));
			case CONSTRAINT, TRIGGER -> false;
		};
	}

	/**
	 * Where a file does not name its key, it is the primary one, most often called id.
	 */
	private boolean isKey(String column) {
		return this.file.keys().isEmpty() ? column.equals("id") : this.file.keys().contains(column);
	}

}
