package dev.tidemark.sql.secret;

import java.util.Locale;
import java.util.Set;

import dev.tidemark.sql.Token;

/**
 * Tells from the order of a statement's tokens where it holds a secret that no name next
 * to it marks: in the commands that are about logins and connections any string can be
 * one, and a password that was written without its quotes, which the server refuses and
 * quotes in its message, looks like a name.
 */
final class SecretTokens {

	private static final Set<String> ROLES = Set.of("role", "user", "group");

	private static final Set<String> CONNECTIONS = Set.of("server", "subscription", "mapping");

	/** What can come behind a password, or in its place. */
	private static final Set<String> OPTIONS = Set.of("null", "superuser", "nosuperuser", "createdb", "nocreatedb",
			"createrole", "nocreaterole", "createuser", "nocreateuser", "inherit", "noinherit", "login", "nologin",
			"replication", "noreplication", "bypassrls", "nobypassrls", "connection", "encrypted", "unencrypted",
			"valid", "in", "role", "user", "group", "admin", "sysid", "with", "set", "reset", "rename", "add", "drop",
			"owner");

	/** Options that a list of names stands behind. */
	private static final Set<String> MEMBERS = Set.of("role", "user", "group", "admin");

	private static final Set<String> CHANGES = Set.of("create", "alter", "drop");

	/** What is changed by another statement, before which a semicolon was forgotten. */
	private static final Set<String> OTHERS = Set.of("table", "index", "unique", "view", "materialized", "sequence",
			"schema", "type", "domain", "function", "procedure", "trigger", "policy", "extension", "database",
			"publication", "server", "subscription");

	/** What can begin another statement, right behind a password in quotes. */
	private static final Set<String> BEGINNINGS = Set.of("create", "alter", "drop", "grant", "revoke", "insert",
			"update", "delete", "select", "comment", "do", "begin", "commit");

	private enum About {

		NOTHING, ROLE, CONNECTION

	}

	private About about = About.NOTHING;

	private String word = "";

	/** Whether a placeholder has begun, whose name is none of an option. */
	private boolean opened;

	private boolean nameFollows;

	private boolean passwordFollows;

	private boolean passwordRead;

	private boolean memberFollows;

	private boolean memberRead;

	private boolean secret;

	/**
	 * Reads the next token.
	 * @param token its kind
	 * @param text its text, or the beginning of it
	 * @return whether it is a password without quotes, or a part of one
	 */
	boolean read(Token token, String text) {
		if (token == Token.SYMBOL && text.equals(";")) {
			end();
			return false;
		}
		String before = this.word;
		boolean placeholder = this.opened;
		this.opened = text.endsWith("{");
		this.word = (token == Token.WORD) ? text.toLowerCase(Locale.ROOT) : "";
		if (token == Token.STRING) {
			this.secret |= this.about != About.NOTHING || before.equals("connection") || before.equals("program");
			this.passwordRead = this.passwordFollows;
			return false;
		}
		if (this.about == About.NOTHING) {
			begin(before);
			return false;
		}
		if (this.nameFollows) {
			this.nameFollows = false;
			this.about = this.word.equals("mapping") ? About.CONNECTION : this.about;
			return false;
		}
		return this.about == About.ROLE && !isOther(before) && !isMember(text) && readOption(placeholder);
	}

	/** Without a semicolon another statement may begin, which is about something else. */
	private boolean isOther(String before) {
		boolean other = (this.passwordRead && BEGINNINGS.contains(this.word))
				|| (CHANGES.contains(before) && OTHERS.contains(this.word));
		this.passwordRead = false;
		if (other) {
			String beginning = this.word;
			end();
			this.word = beginning;
			begin(before);
		}
		return other;
	}

	/** A name is no option, whatever it looks like. */
	private boolean isMember(String text) {
		boolean member = this.memberFollows;
		this.memberFollows = this.memberRead && text.equals(",");
		this.memberRead = member;
		return member || this.memberFollows;
	}

	private void begin(String before) {
		if (before.equals("create") || before.equals("alter")) {
			this.about = ROLES.contains(this.word) ? About.ROLE
					: CONNECTIONS.contains(this.word) ? About.CONNECTION : About.NOTHING;
			this.nameFollows = this.about != About.NOTHING;
		}
	}

	private boolean readOption(boolean placeholder) {
		if (isPassword(this.word) && !placeholder) {
			this.passwordFollows = true;
			return false;
		}
		if (OPTIONS.contains(this.word)) {
			this.passwordFollows = false;
			this.memberFollows = MEMBERS.contains(this.word);
			if (this.word.equals("set") || this.word.equals("rename")) {
				// A setting is marked by its name if it is secret.
				end();
			}
			return false;
		}
		this.secret |= this.passwordFollows;
		return this.passwordFollows;
	}

	/** Tells whether a word stands for an option of a role, and not for its password. */
	static boolean isOption(String word) {
		String lower = word.toLowerCase(Locale.ROOT);
		return OPTIONS.contains(lower) || isPassword(lower);
	}

	/** A word that was meant to be it counts too: its value is as secret. */
	private static boolean isPassword(String word) {
		return word.startsWith("pas") || word.startsWith("psw") || word.startsWith("pw") || word.equals("identified");
	}

	/** Ends the statement: what follows is another one, or none of SQL. */
	void end() {
		this.about = About.NOTHING;
		this.word = "";
		this.nameFollows = false;
		this.passwordFollows = false;
		this.passwordRead = false;
		this.memberFollows = false;
		this.memberRead = false;
	}

	/** Tells whether a password without quotes may follow. */
	boolean passwordFollows() {
		return this.passwordFollows;
	}

	/** Tells whether the strings of what was read may be secret. */
	boolean isSecret() {
		return this.secret;
	}

}
