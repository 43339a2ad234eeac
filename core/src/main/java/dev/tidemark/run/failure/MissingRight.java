package dev.tidemark.run.failure;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.tidemark.error.SettingNames;
import dev.tidemark.session.outcome.DeniedRight;
import dev.tidemark.sql.Identifiers;
import dev.tidemark.statement.parse.SessionEffects;

/**
 * Which right a role lacks for a statement, as far as the server's words tell, which may
 * be in another language than English.
 */
final class MissingRight {

	private static final Pattern OWNER = Pattern.compile("must be (?:the )?owner of (\\S.*)");

	private static final Pattern MEMBER = Pattern
		.compile("(?:must be able to SET ROLE|must be member of role|permission denied to set role) \"([^\"]+)\"");

	private MissingRight() {
	}

	static String remedy(FailedStatement failed) {
		String said = failed.error().message();
		String role = role(failed);
		Optional<DeniedRight> denied = DeniedRight.of(failed.error());
		if (denied.isPresent()) {
			boolean defines = failed.isCommand("CREATE") || failed.isCommand("ALTER") || failed.isCommand("REINDEX");
			return denied.get().grant(defines, ofTable(failed), role);
		}
		Matcher member = MEMBER.matcher(said);
		if (member.matches()) {
			return "Let the role become the other one: GRANT " + Identifiers.quote(member.group(1)) + " TO " + role
					+ "; then start again.";
		}
		Matcher owner = OWNER.matcher(said);
		if (owner.matches()) {
			return "Only the owner of " + owner.group(1) + " may do that: set " + SettingNames.name("connection.role")
					+ " or " + SettingNames.name("connection.user") + " to that role," + " or make the role " + role
					+ " a member of it (GRANT owner TO " + role + ";). Then start again.";
		}
		return "Grant the role " + role + " the right that the server names, or set "
				+ SettingNames.name("connection.role") + " or " + SettingNames.name("connection.user") + " to the"
				+ " owner of the objects. What only a superuser may do, let one do by hand"
				+ (failed.isOfMigrationFile() ? ", and pass the file over if it does nothing else: " + failed.skip()
						: "")
				+ ". Then start again.";
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

	/** A file may have become another role, which the failed transaction cannot tell. */
	private static String role(FailedStatement failed) {
		boolean changed = failed.origin()
			.statements()
			.stream()
			.map((statement) -> SessionEffects.of(statement).named())
			.anyMatch((settings) -> settings.contains("role") || settings.contains("session_authorization"));
		return changed ? DeniedRight.UNKNOWN_ROLE : DeniedRight.role(failed.session());
	}

}
