package dev.tidemark.test.clone;

import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.ServerError;
import dev.tidemark.migration.Checksum;
import dev.tidemark.sql.Identifiers;
import dev.tidemark.sql.StringLiteral;

/**
 * The migrated database that clones are copied from. Its name is made of everything that
 * decides its content, and it bears the name only when it is whole: of several that make
 * the same one, the first to rename its own wins. The lock spares the others the work.
 */
final class Template {

	/**
	 * Templates that nobody has used for this long are of a former state of the files.
	 */
	static final String KEPT_FOR = "1 day";

	private static final String NAME = "tidemark_template_";

	private static final int NAME_DIGITS = 32;

	private static final int LOCK_DIGITS = 16;

	/**
	 * From here on, copying files was measured to be faster than writing a log of them.
	 */
	private static final long LARGE = 64L * 1024 * 1024;

	private static final int FIRST_WITH_STRATEGY = 15;

	private static final Logger logger = PlainLogger.of(Template.class);

	private final ServerSession session;

	private final TemplateRecipe recipe;

	private final @Nullable String owner;

	private final String name;

	private Template(ServerSession session, TemplateRecipe recipe, @Nullable String owner, String name) {
		this.session = session;
		this.recipe = recipe;
		this.owner = owner;
		this.name = name;
	}

	/**
	 * Finds out which template a recipe asks for. Tables belong to the user that migrates
	 * and lie where its search path says; a database belongs to the owner of the one that
	 * the test names, as that decides who may create schemas.
	 */
	static Template of(ServerSession session, TemplateRecipe recipe) throws SQLException {
		String model = recipe.model();
		List<@Nullable String> facts = session.row("""
				SELECT (SELECT pg_catalog.pg_get_userbyid(datdba) FROM pg_catalog.pg_database
				         WHERE datname = ? AND pg_catalog.pg_has_role(datdba, 'MEMBER')),
				       (SELECT oid FROM pg_catalog.pg_database WHERE datname = ?),
				       session_user, pg_catalog.current_setting('search_path')""", model, recipe.base());
		String fingerprint = recipe.tidemark().apply(recipe.server()).fingerprint();
		List<String> content = Stream.concat(Stream.of(fingerprint), facts.stream()).map(Objects::toString).toList();
		String digits = Checksum.of(content).value().replaceFirst(".*:", "");
		return new Template(session, recipe, facts.get(0), NAME + digits.substring(0, NAME_DIGITS));
	}

	/** Returns a pattern of the names of all templates. */
	static String namePattern() {
		return "^" + NAME + "[0-9a-f]{" + NAME_DIGITS + "}$";
	}

	/** Returns the same template, seen from another session. */
	Template in(ServerSession other) {
		return new Template(other, this.recipe, this.owner, this.name);
	}

	String name() {
		return this.name;
	}

	/** Returns what tells it from the templates of other servers. */
	String id() {
		return this.name + " at " + this.recipe.server();
	}

	void makeUnlessThere(CloneKey key) throws SQLException {
		if (this.session.exists(this.name)) {
			return;
		}
		long lock = HexFormat.fromHexDigitsToLong(this.name, NAME.length(), NAME.length() + LOCK_DIGITS);
		this.session.column("SELECT pg_catalog.pg_advisory_lock(?)", lock);
		try {
			if (!this.session.exists(this.name)) {
				make(key.buildingName());
			}
		}
		finally {
			this.session.column("SELECT pg_catalog.pg_advisory_unlock(?)", lock);
		}
	}

	private void make(String building) throws SQLException {
		logger.info("Making template database {}; the next test with these migrations gets a copy of it", this.name);
		create(building, this.recipe.base());
		try {
			if (this.recipe.from() != null) {
				this.session.execute(DatabaseSettings.copy(this.recipe.base(), building));
			}
			this.recipe.tidemark().apply(this.recipe.on(building)).migrate();
			publish(building);
		}
		finally {
			this.session.execute("DROP DATABASE IF EXISTS " + building + " WITH (FORCE)");
		}
	}

	/**
	 * All at once, so that there is never a template that is not protected, or not marked
	 * as one.
	 */
	private void publish(String building) throws SQLException {
		try {
			this.session.executeTogether(List.of(markAsUsed(building),
					"ALTER DATABASE " + building + " WITH IS_TEMPLATE true ALLOW_CONNECTIONS false",
					"ALTER DATABASE " + building + " RENAME TO " + this.name));
		}
		catch (SQLException ex) {
			if (!ServerError.of(ex).is("42P04")) {
				throw ex;
			}
			// Another one, connected to another database, was faster.
		}
	}

	void copyTo(String clone) throws SQLException {
		this.session.execute(markAsUsed(this.name));
		create(clone, this.name);
		this.session.execute(DatabaseSettings.copy(this.name, clone));
	}

	private static String markAsUsed(String database) {
		return """
				DO $$
				BEGIN
				  EXECUTE pg_catalog.format('COMMENT ON DATABASE %I IS %L', :database, pg_catalog.to_char(
				    pg_catalog.timezone('UTC', pg_catalog.now()),
				    '"Template database of tests, last used "YYYY-MM-DD HH24:MI:SS" UTC"'));
				END $$""".replace(":database", StringLiteral.quote(database));
	}

	private void create(String database, String template) throws SQLException {
		this.session.execute("CREATE DATABASE " + database + " TEMPLATE " + Identifiers.quote(template)
				+ ((this.owner != null) ? " OWNER " + Identifiers.quote(this.owner) : "") + strategy(template));
	}

	private String strategy(String template) throws SQLException {
		if (this.session.majorVersion() < FIRST_WITH_STRATEGY) {
			return "";
		}
		List<String> large = this.session.column("""
				SELECT oid FROM pg_catalog.pg_database
				 WHERE datname = ? AND pg_catalog.pg_database_size(oid) > ?""", template, LARGE);
		return large.isEmpty() ? " STRATEGY wal_log" : " STRATEGY file_copy";
	}

}
