package dev.tidemark.history.foreign;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The tables of other tools for migrations, as these call them if they are not told
 * otherwise.
 *
 * @since 0.1.0
 */
public final class KnownTools {

	/** Histories that are known by their columns, whatever they are called. */
	private static final Map<String, String> TOLD_BY_COLUMNS = new LinkedHashMap<>();

	/** Histories that are known by nothing but their names. */
	private static final Map<String, String> TOLD_BY_NAME = new LinkedHashMap<>();

	/** What lies beside a history. */
	private static final Map<String, String> COMPANIONS = new LinkedHashMap<>();

	/** What the table of Rails may be, too, before one has seen it. */
	private static final Map<String, String> SHARED = Map.of("schema_migrations", "Rails, dbmate or golang-migrate");

	static {
		TOLD_BY_COLUMNS.put("flyway_schema_history", "Flyway");
		TOLD_BY_COLUMNS.put("schema_version", "Flyway");
		TOLD_BY_COLUMNS.put("databasechangelog", "Liquibase");
		TOLD_BY_NAME.put("schema_migrations", "Rails or dbmate");
		TOLD_BY_NAME.put("alembic_version", "Alembic");
		TOLD_BY_NAME.put("django_migrations", "Django");
		TOLD_BY_NAME.put("_prisma_migrations", "Prisma");
		TOLD_BY_NAME.put("knex_migrations", "Knex");
		TOLD_BY_NAME.put("SequelizeMeta", "Sequelize");
		TOLD_BY_NAME.put("__EFMigrationsHistory", "Entity Framework");
		TOLD_BY_NAME.put("goose_db_version", "goose");
		TOLD_BY_NAME.put("_sqlx_migrations", "SQLx");
		TOLD_BY_NAME.put("__diesel_schema_migrations", "Diesel");
		TOLD_BY_NAME.put("phinxlog", "Phinx");
		TOLD_BY_NAME.put("doctrine_migration_versions", "Doctrine");
		TOLD_BY_NAME.put("pgmigrations", "node-pg-migrate");
		TOLD_BY_NAME.put("refinery_schema_history", "Refinery");
		TOLD_BY_NAME.put("atlas_schema_revisions", "Atlas");
		COMPANIONS.put("databasechangeloglock", "Liquibase");
		COMPANIONS.put("ar_internal_metadata", "Rails");
		COMPANIONS.put("knex_migrations_lock", "Knex");
	}

	private KnownTools() {
	}

	/** Returns the usual names of the histories that are known by their columns. */
	public static Set<String> toldByColumns() {
		return TOLD_BY_COLUMNS.keySet();
	}

	/** Returns the tools whose histories are known by their names, by those names. */
	static Map<String, String> toldByName() {
		return TOLD_BY_NAME;
	}

	/**
	 * Returns all tables.
	 * @return the tools by the names of their tables, in lower case
	 */
	public static Map<String, String> tables() {
		Map<String, String> tables = new LinkedHashMap<>(TOLD_BY_COLUMNS);
		TOLD_BY_NAME.forEach((table, tool) -> tables.put(table.toLowerCase(Locale.ROOT), tool));
		tables.putAll(COMPANIONS);
		tables.putAll(SHARED);
		return tables;
	}

}
