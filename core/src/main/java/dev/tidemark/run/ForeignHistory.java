package dev.tidemark.run;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The history tables of other tools, which files that come from them speak of.
 */
final class ForeignHistory {

	private static final Map<String, String> TOOLS = new LinkedHashMap<>();

	static {
		TOOLS.put("flyway_schema_history", "Flyway");
		TOOLS.put("schema_version", "Flyway");
		TOOLS.put("databasechangelog", "Liquibase");
		TOOLS.put("databasechangeloglock", "Liquibase");
		TOOLS.put("schema_migrations", "Rails, dbmate or golang-migrate");
		TOOLS.put("ar_internal_metadata", "Rails");
		TOOLS.put("alembic_version", "Alembic");
		TOOLS.put("django_migrations", "Django");
		TOOLS.put("_prisma_migrations", "Prisma");
		TOOLS.put("knex_migrations", "Knex");
		TOOLS.put("knex_migrations_lock", "Knex");
		TOOLS.put("goose_db_version", "goose");
		TOOLS.put("pgmigrations", "node-pg-migrate");
		TOOLS.put("_sqlx_migrations", "SQLx");
		TOOLS.put("__diesel_schema_migrations", "Diesel");
		TOOLS.put("__efmigrationshistory", "Entity Framework");
	}

	private ForeignHistory() {
	}

	/**
	 * Says what to do about a table that is missing: such a one Tidemark does not make.
	 */
	static String remedy(FailedStatement failed) {
		String message = failed.error().message().toLowerCase(Locale.ROOT);
		for (Map.Entry<String, String> tool : TOOLS.entrySet()) {
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
