package dev.tidemark.run.failure;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

import dev.tidemark.history.foreign.KnownTools;

/**
 * The history tables of other tools, which files that come from them speak of.
 */
final class ForeignHistory {

	private ForeignHistory() {
	}

	/**
	 * Says what to do about a table that is missing: such a one Tidemark does not make.
	 */
	static String remedy(FailedStatement failed) {
		String message = failed.error().message().toLowerCase(Locale.ROOT);
		for (Map.Entry<String, String> tool : KnownTools.tables().entrySet()) {
			if (names(message, tool.getKey())) {
				return remedy(failed, tool.getKey(), tool.getValue());
			}
		}
		return failed.origin().remedy();
	}

	private static boolean names(String message, String table) {
		return Pattern.compile("(?<![\\w$])" + Pattern.quote(table) + "(?![\\w$])").matcher(message).find();
	}

	private static String remedy(FailedStatement failed, String table, String tool) {
		String belongs = "The table " + table + " is where " + tool
				+ " keeps its history. The search path has none of that name," + " as Tidemark keeps its own. ";
		if (failed.isOfMigrationFile()) {
			return belongs + "If the file does nothing but put that table right, pass it over: " + failed.skip()
					+ ". Else take the statement out of the file. Then start again.";
		}
		return belongs + failed.origin().remedy();
	}

}
