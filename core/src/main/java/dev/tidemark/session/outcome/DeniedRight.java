package dev.tidemark.session.outcome;

import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.tidemark.error.ServerError;
import dev.tidemark.error.SettingNames;
import dev.tidemark.session.Session;
import dev.tidemark.sql.Identifiers;

/**
 * What the server has denied a role, as far as its words tell, which may be in another
 * language than English.
 *
 * @param kind the kind of the object, in the server's words, such as
 * {@code materialized view}
 * @param name its name, as the server tells it
 * @since 0.1.0
 */
public record DeniedRight(String kind, String name) {

	/** Stands for a role that is not known. */
	public static final String UNKNOWN_ROLE = "<role>";

	private static final Pattern DENIED = Pattern.compile("permission denied for (schema|database|table|view"
			+ "|materialized view|foreign table|sequence|function|procedure|type|tablespace|language) (\\S.*)");

	/** Returns what was denied, empty if the words of the server do not tell. */
	public static Optional<DeniedRight> of(ServerError error) {
		Matcher denied = DENIED.matcher(error.message());
		return denied.matches() ? Optional.of(new DeniedRight(denied.group(1), denied.group(2))) : Optional.empty();
	}

	/** Says what to do where a write of Tidemark's own was refused. */
	static String remedy(ServerError error, String role) {
		return of(error).map((denied) -> denied.grant(true, "SELECT, INSERT, UPDATE", role))
			.orElseGet(() -> "Grant the right, or set " + SettingNames.name("connection.role") + " or "
					+ SettingNames.name("connection.user") + " to the owner of the schema.");
	}

	/** Returns the role that a session has before a file changes it, quoted. */
	public static String role(Session session) {
		String role = session.settings().role();
		try {
			return Identifiers.quote((role != null) ? role : session.connection().getMetaData().getUserName());
		}
		catch (SQLException ex) {
			return UNKNOWN_ROLE;
		}
	}

	/**
	 * Says which right to grant.
	 * @param defines whether something was to be made or changed in the object
	 * @param ofTable the rights that are needed if it is a table
	 * @param role who needs it, quoted
	 */
	public String grant(boolean defines, String ofTable, String role) {
		return "Grant the right, as its owner or a superuser: GRANT " + right(defines, ofTable) + " ON " + kindOfGrant()
				+ " " + quotedName() + " TO " + role + "; or set " + SettingNames.name("connection.role") + " or "
				+ SettingNames.name("connection.user") + " to the owner." + ofWhichSchema() + " Then start again.";
	}

	private String right(boolean defines, String ofTable) {
		return switch (this.kind) {
			case "schema" -> defines ? "USAGE, CREATE" : "USAGE";
			case "database", "tablespace" -> "CREATE";
			case "sequence" -> "USAGE, SELECT, UPDATE";
			case "function", "procedure" -> "EXECUTE";
			case "type", "language" -> "USAGE";
			default -> ofTable;
		};
	}

	private String kindOfGrant() {
		return switch (this.kind) {
			case "view", "materialized view", "foreign table" -> "TABLE";
			default -> this.kind.toUpperCase(Locale.ROOT);
		};
	}

	/** The server tells names as the catalogue has them, but types as SQL writes them. */
	private String quotedName() {
		return this.kind.equals("type") ? this.name : Identifiers.quote(this.name);
	}

	private String ofWhichSchema() {
		return switch (this.kind) {
			case "schema", "database", "tablespace", "language", "type" -> "";
			default -> " The server does not tell the schema of what it names: put that in front of the name.";
		};
	}

}
