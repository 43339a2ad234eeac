package dev.tidemark.migration.backfill;

import java.util.ArrayList;
import java.util.List;

import dev.tidemark.sql.script.SqlScript;
import dev.tidemark.sql.script.SqlStatement;
import dev.tidemark.sql.script.TextRange;

/**
 * The text of a backfill, with {@code TRUE} in the place of the conditions, and where
 * these stood.
 *
 * @param script the script, whose statements do all at once
 * @param marks what was found in each statement, in order
 * @since 0.1.0
 */
public record BatchText(SqlScript script, List<Marks> marks) {

	/** Copies the list. */
	public BatchText {
		marks = List.copyOf(marks);
	}

	/**
	 * Put {@code TRUE} in the place of the conditions of a text, in time proportional to
	 * its length.
	 * @param script the script as the file has it
	 * @return the text, with the same positions
	 */
	public static BatchText of(SqlScript script) {
		List<Marks> all = new ArrayList<>();
		List<TextRange> ranges = new ArrayList<>();
		for (SqlStatement statement : script.statements()) {
			MarkReader reader = new MarkReader(statement);
			all.add(new Marks(reader.marks(), (reader.fault() != null) ? List.of(reader.fault()) : List.of()));
			for (BatchStatement.Mark mark : reader.marks()) {
				ranges.add(new TextRange(statement.offset() + mark.start(), statement.offset() + mark.end()));
			}
		}
		return new BatchText(script.withWord("TRUE", ranges), all);
	}

	/**
	 * The marks of one statement.
	 *
	 * @param marks where conditions stand
	 * @param faults what is wrong with them
	 * @since 0.1.0
	 */
	public record Marks(List<BatchStatement.Mark> marks, List<String> faults) {

		/** Copies the lists. */
		public Marks {
			marks = List.copyOf(marks);
			faults = List.copyOf(faults);
		}

	}

}
