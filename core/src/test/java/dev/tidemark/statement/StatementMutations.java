package dev.tidemark.statement;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;

import dev.tidemark.sql.Lexer;
import dev.tidemark.sql.Token;

/** Makes statements from others that are hardly right, always the same ones of a seed. */
final class StatementMutations {

	private static final List<String> COMMENTS = List.of("/* ; ( */", "-- '\n", "/* /* nested */ $$ */", "\n\t");

	private static final List<String> FRAMES = List.of("(%s)", "WITH x AS (%s) SELECT 1", "EXPLAIN (ANALYZE) %s",
			"PREPARE p AS %s", "CREATE VIEW v AS %s", "DECLARE c CURSOR WITH HOLD FOR %s", "COPY (%s) TO STDOUT",
			"CREATE SCHEMA s %s", "CREATE RULE r AS ON INSERT TO t DO ALSO (%s)", "DO $body$ BEGIN %s; END $body$",
			"CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC %s; END");

	private final Random random;

	private final List<String> words;

	/**
	 * Makes mutations.
	 * @param seed what makes them these
	 * @param statements statements from which foreign words are taken
	 */
	StatementMutations(long seed, List<String> statements) {
		this.random = new Random(seed);
		this.words = statements.stream().limit(2_000).flatMap((sql) -> tokens(sql).stream()).distinct().toList();
	}

	/** Makes any number of mutations of statements, each of one to three steps. */
	Stream<String> of(List<String> statements) {
		return Stream.generate(() -> {
			String sql = one(statements);
			int steps = 1 + this.random.nextInt(3);
			for (int i = 0; i < steps; i++) {
				sql = step(sql);
			}
			return sql;
		});
	}

	private String step(String sql) {
		List<String> tokens = new ArrayList<>(tokens(sql));
		if (tokens.isEmpty()) {
			return sql;
		}
		int at = this.random.nextInt(tokens.size());
		int other = this.random.nextInt(tokens.size());
		String token = tokens.get(at);
		switch (this.random.nextInt(10)) {
			case 0 -> tokens.remove(at);
			case 1 -> tokens.add(at, token);
			case 2 -> tokens.set(at, tokens.set(other, token));
			case 3 -> tokens.set(at,
					this.random.nextBoolean() ? token.toUpperCase(Locale.ROOT) : token.toLowerCase(Locale.ROOT));
			case 4 -> tokens.set(at, "\"" + token.replace("\"", "\"\"") + "\"");
			case 5 -> tokens.add(at, one(COMMENTS));
			case 6 -> tokens.subList(at, tokens.size()).clear();
			case 7 -> tokens.add(at, one(this.words));
			case 8 -> tokens.set(at, one(this.words));
			default -> {
				return one(FRAMES).formatted(sql);
			}
		}
		return String.join(" ", tokens);
	}

	private <T> T one(List<T> all) {
		return all.get(this.random.nextInt(all.size()));
	}

	private static List<String> tokens(String sql) {
		List<String> tokens = new ArrayList<>();
		Lexer lexer = new Lexer(sql, 0, sql.length(), true);
		while (lexer.next() != Token.END) {
			tokens.add(sql.substring(lexer.start(), lexer.end()));
		}
		return tokens;
	}

}
