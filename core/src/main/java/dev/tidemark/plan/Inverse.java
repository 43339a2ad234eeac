package dev.tidemark.plan;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.tidemark.migration.Migration;
import dev.tidemark.migration.Script;
import dev.tidemark.sql.PlainText;
import dev.tidemark.sql.QualifiedName;
import dev.tidemark.sql.script.SqlStatement;
import dev.tidemark.statement.parse.SessionEffects;
import dev.tidemark.statement.parse.Statements;

/**
 * Derives from the statements of a migration what would take them back, in the reverse
 * order. What has no inverse that the text alone tells becomes a comment: a guess would
 * be worse than a gap. Used once.
 *
 * @since 0.1.0
 */
public final class Inverse {

	private final List<String> lines = new ArrayList<>();

	/** What is dropped with the tables that the file creates needs no inverse. */
	private final Set<QualifiedName> created = new HashSet<>();

	/** What drops the indexes that the file creates, by their names. */
	private final Map<QualifiedName, String> indexes = new HashMap<>();

	/** What has set the search path for the statements that come now. */
	private @Nullable String searchPath;

	/** How many lines there were then. */
	private int before;

	/** Whether nothing can set the path again that these statements have. */
	private boolean unknownPath;

	private Inverse() {
	}

	/**
	 * Derives the inverse of a migration.
	 * @param migration the migration
	 * @param script what its file holds
	 * @return the suggestion
	 */
	public static UndoSuggestion of(Migration migration, Script script) {
		String sql = "-- Derived from " + PlainText.line(migration.script())
				+ ": read and correct it before you save it.\n" + statements(script);
		return new UndoSuggestion(migration.identity(), migration.undoScript(), sql);
	}

	/**
	 * Derives statements alone.
	 * @param script what a file holds
	 * @return a line or more for each statement that needs an inverse
	 */
	public static String statements(Script script) {
		Inverse inverse = new Inverse();
		inverse.unknownPath = script.statements().stream().anyMatch(Inverse::setsSearchPath);
		script.statements().forEach(inverse::add);
		inverse.endSearchPath();
		Collections.reverse(inverse.lines);
		return inverse.lines.stream().map((line) -> line + "\n").collect(Collectors.joining());
	}

	private void add(SqlStatement statement) {
		boolean plain = statement.source().equals(statement.text()) && !statement.source().contains("${");
		boolean path = setsSearchPath(statement);
		if (path) {
			endSearchPath();
			beginSearchPath(plain ? statement.source() + ";" : null);
		}
		if (!plain) {
			// A file to be saved must not hold the values of placeholders, and what is
			// not replaced yet is no name.
			this.lines.add(withoutInverse(statement));
			return;
		}
		if (path) {
			return;
		}
		Statements.of(statement).accept(new StatementInverse(statement, this));
	}

	private static boolean setsSearchPath(SqlStatement statement) {
		return SessionEffects.of(statement).setsSearchPath();
	}

	/** In the reverse order what sets a path comes before what needs it. */
	private void endSearchPath() {
		if (this.searchPath != null && this.lines.size() > this.before) {
			this.lines.add(this.searchPath);
		}
	}

	private void beginSearchPath(@Nullable String path) {
		this.searchPath = path;
		this.unknownPath = path == null;
		this.before = this.lines.size();
		this.created.removeIf((name) -> name.schema() == null);
		this.indexes.keySet().removeIf((name) -> name.schema() == null);
	}

	/** Notes a table that is dropped with all that belongs to it. */
	void created(QualifiedName table) {
		this.created.add(table);
	}

	/** Notes what drops an index. */
	void createdIndex(QualifiedName index, String drop) {
		this.indexes.put(index, drop);
	}

	/**
	 * Takes the index for one that is dropped with something else. Returns whether it is
	 * one of this file.
	 */
	boolean isTaken(QualifiedName index) {
		String drop = this.indexes.get(index);
		return drop != null && this.lines.remove(drop);
	}

	boolean isCreated(QualifiedName index) {
		return this.indexes.containsKey(index);
	}

	/**
	 * Adds the inverse of one thing that a statement does.
	 * @param statement the statement
	 * @param table the table that it goes with, or {@code null}
	 * @param needsPath whether a name has no schema: the path that a session begins with
	 * cannot be set again by what a file says
	 * @param inverse returns the inverse, an empty text if none is needed, {@code null}
	 * if none is known
	 */
	void add(SqlStatement statement, @Nullable QualifiedName table, boolean needsPath,
			Supplier<@Nullable String> inverse) {
		if (table != null && this.created.contains(table)) {
			return;
		}
		String sql = (this.unknownPath && needsPath) ? null : inverse.get();
		if (sql == null) {
			this.lines.add(withoutInverse(statement));
		}
		else if (!sql.isEmpty()) {
			this.lines.add(sql);
		}
	}

	private static String withoutInverse(SqlStatement statement) {
		return "-- line " + statement.line() + " has no inverse that could be derived: " + statement.excerpt();
	}

}
