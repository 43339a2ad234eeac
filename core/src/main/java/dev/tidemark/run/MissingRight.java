package dev.tidemark.run;

import java.sql.SQLException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.tidemark.error.ServerError;
import dev.tidemark.error.SettingNames;
import dev.tidemark.sql.Identifiers;
import dev.tidemark.sql.Statements;

/**
 * Which right a role lacks for a statement, as far as the server's words tell, which may
 * be in another language than English.
 */
final class MissingRight {

	private static final String UNKNOWN = "<role>";

	private static final Pattern DENIED = Pattern.compile("permission denied for (schema|database|table|view"
			+ "|materialized view|foreign table|sequence|function|procedure|type|tablespace|language) (\\S.*)");

	private static final Pattern OWNER = Pattern.compile("must be (?:the )?owner of (\\S.*)");

	private static final Pattern MEMBER = Pattern
		.compile("(?:must be able to SET ROLE|must be member of role|permission denied to set role) \"([^\"]+)\"");

	private MissingRight() {
	}

	/** Says what to do where a write of Tidemark's own was refused. */
	static String remedy(ServerError error, String role) {
		Matcher denied = DENIED.matcher(error.message());
		return denied.matches() ? grant(right(denied.group(1), true, "SELECT, INSERT, UPDATE"), denied, role)
				: "Grant the right, or set " + SettingNames.name("role") + " or " + SettingNames.name("user")
						+ " to the owner of the schema.";
	}

	static String remedy(FailedStatement failed) {
		String said = failed.error().message();
		String role = role(failed);
		Matcher denied = DENIED.matcher(said);
		if (denied.matches()) {
			boolean defines = failed.isCommand("CREATE") || failed.isCommand("ALTER") || failed.isCommand("REINDEX");
			return grant(right(denied.group(1), defines, ofTable(failed)), denied, role);
		}
		Matcher member = MEMBER.matcher(said);
		if (member.matches()) {
			return "Let the role become the other one: GRANT " + Identifiers.quote(member.group(1)) + " TO " + role
					+ "; then start again.";
		}
		Matcher owner = OWNER.matcher(said);
		if (owner.matches()) {
			return "Only the owner of " + owner.group(1) + " may do that: set " + SettingNames.name("role") + " or "
					+ SettingNames.name("user") + " to that role," + " or make the role " + role
					+ " a member of it (GRANT owner TO " + role + ";). Then start again.";
		}
		return "Grant the role " + role + " the right that the server names, or set " + SettingNames.name("role")
				+ " or " + SettingNames.name("user") + " to the"
				+ " owner of the objects. What only a superuser may do, let one do by hand"
				+ (failed.isOfMigrationFile() ? ", and pass the file over if it does nothing else: " + failed.skip()
						: "")
				+ ". Then start again.";
	}

	private static String kind(String kind) {
		return switch (kind) {
			case "view", "materialized view", "foreign table" -> "TABLE";
			default -> kind.toUpperCase(Locale.ROOT);
		};
	}

	private static String grant(String right, Matcher denied, String role) {
		return "Grant the right, as its owner or a superuser: GRANT " + right + " ON " + kind(denied.group(1)) + " "
				+ name(denied) + " TO " + role + "; or set " + SettingNames.name("role") + " or "
				+ SettingNames.name("user") + " to the owner." + ofWhichSchema(denied.group(1)) + " Then start again.";
	}

	/** The server tells names as the catalogue has them, but types as SQL writes them. */
	private static String name(Matcher denied) {
		String name = denied.group(2);
		return denied.group(1).equals("type") ? name : Identifiers.quote(name);
	}

	private static String ofWhichSchema(String kind) {
		return switch (kind) {
			case "schema", "database", "tablespace", "language", "type" -> "";
			default -> " The server does not tell the schema of what it names: put that in front of the name.";
		};
	}

	private static String right(String kind, boolean defines, String ofTable) {
		return switch (kind) {
			case "schema" -> defines ? "USAGE, CREATE" : "USAGE";
			case "database", "tablespace" -> "CREATE";
			case "sequence" -> "USAGE, SELECT, UPDATE";
			case "function", "procedure" -> "EXECUTE";
			case "type", "language" -> "USAGE";
			default -> ofTable;
		};
	}

	private static String ofTable(FailedStatement failed) {
		if (failed.statement() == null) {
			return "SELECT, INSERT, UPDATE, DELETE";
		}
		return switch (failed.statement().command()) {
			case "SELECT", "VALUES", "TABLE", "CREATE VIEW", "CREATE MATERIALIZED VIEW" -> "SELECT";
			case "INSERT" -> "SELECT, INSERT";
			case "UPDATE" -> "SELECT, UPDATE";
			case "DELETE" -> "SELECT, DELETE";
			case "TRUNCATE" -> "TRUNCATE";
			// Before version 17 these are the owner's, and the server says so.
			case "REINDEX", "CLUSTER", "REFRESH MATERIALIZED VIEW" -> "MAINTAIN";
			case "CREATE TRIGGER" -> "TRIGGER";
			case "CREATE TABLE", "ALTER TABLE" -> "REFERENCES";
			default -> "SELECT, INSERT, UPDATE, DELETE";
		};
	}

	/** Returns the role that a session has before a file changes it, quoted. */
	static String role(Session session) {
		String role = session.settings().role();
		try {
			return Identifiers.quote((role != null) ? role : session.connection().getMetaData().getUserName());
		}
		catch (SQLException ex) {
			return UNKNOWN;
		}
	}

	/** A file may have become another role, which the failed transaction cannot tell. */
	private static String role(FailedStatement failed) {
		boolean changed = failed.origin()
			.statements()
			.stream()
			.map((statement) -> Statements.of(statement).settings())
			.anyMatch((settings) -> settings.contains("role") || settings.contains("session_authorization"));
		return changed ? UNKNOWN : role(failed.session());
	}

}
