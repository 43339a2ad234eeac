package dev.tidemark.run.failure;

import java.util.regex.Pattern;

/**
 * What a file expects of the server, and no file of a database can bring: roles,
 * tablespaces and what extensions are made of. A file that is right on one server fails
 * so on another, as far as the words of the server tell, which may be in another language
 * than English.
 */
final class MissingOnServer {

	/** The name may be taken out of what is told. */
	private static final Pattern OBJECT = Pattern.compile("(role|tablespace) \".*\" does not exist");

	private MissingOnServer() {
	}

	static String remedy(FailedStatement failed) {
		String said = failed.error().message();
		if (!OBJECT.matcher(said).matches()) {
			return failed.origin().remedy();
		}
		String create = said.startsWith("role") ? "CREATE ROLE" : "CREATE TABLESPACE";
		return "This server lacks it, which others may have, as it belongs to the server and not to the database: create it"
				+ " by hand or where the server is set up (" + create
				+ " ...;), for tests and development too. If the name is wrong, correct it. Then start again.";
	}

	static String remedyOfExtension(FailedStatement failed) {
		if (!failed.isCommand("CREATE EXTENSION") && !failed.isCommand("ALTER EXTENSION")) {
			return failed.origin().remedy();
		}
		return "The files of the extension have to be on the machine of the server, or in its image: install its package"
				+ " there, or take a server that has it, for tests and development too. SELECT name, default_version"
				+ " FROM pg_available_extensions; shows what this one has. Then start again.";
	}

}
