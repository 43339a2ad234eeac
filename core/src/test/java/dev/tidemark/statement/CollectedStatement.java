package dev.tidemark.statement;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import dev.tidemark.sql.SqlSyntaxException;
import dev.tidemark.sql.script.SqlScript;
import dev.tidemark.sql.script.SqlStatement;

/**
 * A statement of public code, and what PostgreSQL's own parser says of it.
 *
 * @param sql the statement
 * @param source where it comes from
 * @param form what it does; flags that are an asterisk are not compared
 * @param functions the functions that it calls itself
 */
record CollectedStatement(String sql, String source, NormalForm form, Set<String> functions) {

	private static final Path SCRIPTS = Path.of("src/test/resources/statement");

	/**
	 * Reads what the properties {@code tidemark.proof.sql} (folders, each as
	 * {@code NAME=FOLDER}, separated by blanks) and {@code tidemark.proof.libpg-query}
	 * (that of the npm module) name.
	 * @param folder a folder to work in
	 * @return the statements that PostgreSQL accepts, each text once
	 */
	static List<CollectedStatement> all(Path folder) throws IOException, InterruptedException {
		Path statements = folder.resolve("statements.tsv");
		Path forms = folder.resolve("normal-forms.tsv");
		List<String> folders = new ArrayList<>(List.of(System.getProperty("tidemark.proof.sql").split(" ")));
		folders.add("ours=" + SCRIPTS);
		run("sql-statements.cjs", folders, new File("/dev/null"), statements);
		run("normal-form.cjs", List.of(), statements.toFile(), forms);
		return Files.readAllLines(forms).stream().map(CollectedStatement::read).toList();
	}

	/** Reads statements of ours, with what PostgreSQL's own parser once said of them. */
	static List<CollectedStatement> checkedIn() throws IOException {
		return Files.readAllLines(SCRIPTS.resolve("forms.tsv")).stream().map(CollectedStatement::read).toList();
	}

	private static void run(String script, List<String> arguments, File input, Path output)
			throws IOException, InterruptedException {
		List<String> command = new ArrayList<>(List.of("node", SCRIPTS.resolve(script).toString()));
		command.addAll(arguments);
		ProcessBuilder builder = new ProcessBuilder(command).redirectInput(input)
			.redirectOutput(output.toFile())
			.redirectError(output.resolveSibling(script + ".log").toFile());
		builder.environment().put("LIBPG_QUERY", System.getProperty("tidemark.proof.libpg-query"));
		int exitValue = builder.start().waitFor();
		if (exitValue != 0) {
			throw new IOException(script + " ended with " + exitValue);
		}
	}

	private static CollectedStatement read(String line) {
		String[] fields = line.split("\t", -1);
		NormalForm form = new NormalForm(fields[0], unescaped(fields[1]), unescaped(fields[2]), unescaped(fields[3]));
		Set<String> functions = fields[4].isEmpty() ? Set.of() : Set.of(unescaped(fields[4]).split(", "));
		return new CollectedStatement(unescaped(fields[6]), fields[5], form, functions);
	}

	private static String unescaped(String text) {
		StringBuilder unescaped = new StringBuilder(text.length());
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			if (c == '\\') {
				c = text.charAt(++i);
				c = (c == 't') ? '\t' : (c == 'n') ? '\n' : (c == 'r') ? '\r' : c;
			}
			unescaped.append(c);
		}
		return unescaped.toString();
	}

	/** Returns its kind, and for an {@code ALTER} each of its actions. */
	Set<String> strata() {
		Set<String> strata = new TreeSet<>(Set.of(this.form.kind()));
		if (this.form.kind().startsWith("ALTER ") && !this.form.actions().isEmpty()) {
			for (String action : this.form.actions().split(", (?=[A-Z][A-Za-z]+:|SetWithoutOids)")) {
				strata.add(this.form.kind() + " " + action.split(":")[0]);
			}
		}
		return strata;
	}

	boolean isDdl() {
		return this.form.kind().matches("(CREATE|ALTER|DROP|GRANT|REVOKE|COMMENT|TRUNCATE|REINDEX|CLUSTER|REFRESH).*");
	}

	boolean equals(NormalForm other) {
		return this.form.flags().equals("*") ? this.form.kind().equals(other.kind()) : this.form.equals(other);
	}

	/** Splits it off as a script does. */
	List<SqlStatement> split() {
		try {
			return SqlScript.parse(this.sql).statements();
		}
		catch (SqlSyntaxException ex) {
			return SqlScript.parse(this.sql + ";\n\\.\n").statements();
		}
	}

}
