package dev.tidemark.statement;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.tidemark.sql.script.SqlStatement;
import dev.tidemark.statement.parse.Statements;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * What our model says of statements, beside what PostgreSQL's own parser says
 * ({@code libpg_query}, which ends at PostgreSQL 18). The differences are written to
 * {@code target/statement-model}.
 */
@Tag("proof")
@Timeout(900)
class StatementModelProofTests {

	private static final Path FOLDER = Path.of("target/statement-model");

	private static final int DRAWN = 10_000;

	private static final int DDL = 6_000;

	private static final int OF_EACH = 10;

	private static final double EQUAL = 0.999;

	/** Kinds that neither lock relations nor touch rows or the session. */
	private static final String NOT_ON_THE_LIST = "(CREATE|ALTER|DROP) (ACCESS METHOD|AGGREGATE|CAST|COLLATION|CONVERSION"
			+ "|DATABASE|FOREIGN DATA WRAPPER|LANGUAGE|LARGE OBJECT|OPERATOR.*|ROLE|SERVER|TABLESPACE|TEXT SEARCH .*"
			+ "|TRANSFORM|USER MAPPING)|SECURITY LABEL|NOTIFY|SHOW|FETCH|MOVE|CLOSE|IMPORT FOREIGN SCHEMA|CHECKPOINT"
			+ "|ALTER SYSTEM";

	/** Kinds whose expressions are evaluated for rows that may be there. */
	private static final String CALLING = "ROWS|CALL|EXPLAIN|COPY|DECLARE|(CREATE|ALTER) TABLE|CREATE TABLE AS"
			+ "|CREATE MATERIALIZED VIEW|CREATE INDEX";

	/**
	 * Keys of exclusion constraints, bounds of partitions and the rows that COPY leaves.
	 */
	private static final String NOT_LOOKED_AT = "(?is).*(\\bEXCLUDE\\b|\\bFOR\\s+VALUES\\b|^\\s*COPY\\b.*\\bWHERE\\b).*";

	private static List<CollectedStatement> statements;

	@BeforeAll
	static void collect() throws Exception {
		assumeTrue(System.getProperty("tidemark.proof.libpg-query") != null,
				"-Dtidemark.proof.libpg-query and -Dtidemark.proof.sql say with what to compare");
		Files.createDirectories(FOLDER);
		statements = new ArrayList<>(CollectedStatement.all(FOLDER));
	}

	@Test
	void kindsNamesAndActionsAreThoseOfPostgres() throws IOException {
		List<CollectedStatement> drawn = draw(new Random(14));
		List<Difference> differences = differences(drawn);
		report("drawn.txt", drawn.size(), differences);
		assertThat(drawn).hasSize(DRAWN);
		assertThat(drawn.stream().filter(CollectedStatement::isDdl)).hasSizeGreaterThanOrEqualTo(DDL);
		assertThat(seldom(drawn)).as("drawn less than %d times", OF_EACH).isEmpty();
		assertThat(1 - (double) differences.size() / drawn.size()).as("equal, see target/statement-model")
			.isGreaterThanOrEqualTo(EQUAL);
	}

	@Test
	void nothingElseIsTakenForSomethingThatItIsNot() throws IOException {
		List<Difference> differences = differences(statements);
		report("all.txt", statements.size(), differences);
		assertThat(differences.stream().filter((difference) -> !difference.unknown())).as("see target/statement-model")
			.hasSizeLessThan(statements.size() / 10_000);
	}

	@Test
	void noFunctionThatIsCalledIsOverlooked() throws IOException {
		List<String> overlooked = new ArrayList<>();
		for (CollectedStatement statement : statements) {
			if (statement.functions().isEmpty() || !statement.form().kind().matches(CALLING)) {
				continue;
			}
			Statement ours = Statements.of(statement.split().get(0));
			Set<String> missing = new TreeSet<>(statement.functions());
			Set<String> called = CalledFunctions.of(ours);
			missing.removeIf((function) -> called.contains(function) || called.contains(systemName(function)));
			if (!missing.isEmpty() && !(ours instanceof Unknown) && !statement.sql().matches(NOT_LOOKED_AT)) {
				overlooked
					.add(missing + " in " + statement.form().kind() + ": " + statement.sql().replaceAll("\\s+", " "));
			}
		}
		Files.write(FOLDER.resolve("functions.txt"), overlooked);
		assertThat(overlooked).as("see target/statement-model").isEmpty();
	}

	/** Else it is made anew: the part of normal-forms.tsv that is ours. */
	@Test
	void whatIsCheckedInIsWhatPostgresSays() throws IOException {
		Map<String, NormalForm> forms = new HashMap<>();
		statements.forEach((statement) -> forms.put(statement.sql(), statement.form()));
		for (CollectedStatement statement : CollectedStatement.checkedIn()) {
			assertThat(forms).containsEntry(statement.sql(), statement.form());
		}
	}

	/** What has a syntax of its own is a function of the server all the same. */
	private static String systemName(String function) {
		return function.startsWith("pg_catalog.") ? function.substring("pg_catalog.".length()) : function;
	}

	/** Returns which kinds and actions on the list were hardly drawn. */
	private static List<String> seldom(List<CollectedStatement> drawn) {
		Set<String> kinds = drawn.stream().map((statement) -> statement.form().kind()).collect(Collectors.toSet());
		Map<String, Integer> counts = new TreeMap<>();
		drawn.forEach((statement) -> statement.strata().forEach((stratum) -> counts.merge(stratum, 1, Integer::sum)));
		return counts.entrySet()
			.stream()
			.filter((count) -> count.getValue() < OF_EACH && !count.getKey().matches(NOT_ON_THE_LIST)
					&& (kinds.contains(count.getKey()) || count.getKey().startsWith("ALTER TABLE ")))
			.map(Object::toString)
			.toList();
	}

	/** Draws at least a few of each kind and action, then DDL, then anything. */
	private static List<CollectedStatement> draw(Random random) {
		List<CollectedStatement> shuffled = new ArrayList<>(statements);
		Collections.shuffle(shuffled, random);
		Map<String, Integer> counts = new TreeMap<>();
		Set<CollectedStatement> drawn = Collections.newSetFromMap(new LinkedHashMap<>());
		for (CollectedStatement statement : shuffled) {
			if (statement.strata().stream().anyMatch((stratum) -> counts.getOrDefault(stratum, 0) < OF_EACH)) {
				drawn.add(statement);
				statement.strata().forEach((stratum) -> counts.merge(stratum, 1, Integer::sum));
			}
		}
		shuffled.stream().filter(CollectedStatement::isDdl).forEach((statement) -> {
			if (drawn.size() < DDL + DRAWN / 10) {
				drawn.add(statement);
			}
		});
		shuffled.stream()
			.filter((statement) -> !drawn.contains(statement))
			.limit(DRAWN - drawn.size())
			.forEach(drawn::add);
		return List.copyOf(drawn);
	}

	private static List<Difference> differences(List<CollectedStatement> compared) {
		List<Difference> differences = new ArrayList<>();
		for (CollectedStatement statement : compared) {
			NormalForm ours = read(statement);
			if (!statement.equals(ours)
					&& !(ours.kind().equals(NormalForm.UNKNOWN) && statement.form().kind().matches(NOT_ON_THE_LIST))) {
				differences.add(new Difference(statement, ours));
			}
		}
		return differences;
	}

	private static NormalForm read(CollectedStatement statement) {
		try {
			List<SqlStatement> split = statement.split();
			return (split.size() == 1) ? NormalForm.of(Statements.of(split.get(0)))
					: new NormalForm("SPLIT IN " + split.size(), "", "", "");
		}
		catch (RuntimeException | AssertionError ex) {
			return new NormalForm(ex.toString(), "", "", "");
		}
	}

	private static void report(String file, int compared, List<Difference> differences) throws IOException {
		Map<String, List<Difference>> groups = new HashMap<>();
		for (Difference difference : differences) {
			groups.computeIfAbsent(difference.group(), (group) -> new ArrayList<>()).add(difference);
		}
		List<String> lines = new ArrayList<>(List.of(differences.size() + " of " + compared + " differ, of them "
				+ differences.stream().filter(Difference::unknown).count() + " unknown"));
		groups.entrySet()
			.stream()
			.sorted(Comparator.comparing((Map.Entry<String, List<Difference>> group) -> -group.getValue().size()))
			.forEach((group) -> {
				lines.add("");
				lines.add(group.getValue().size() + " × " + group.getKey());
				group.getValue().stream().limit(4).forEach((difference) -> lines.addAll(difference.lines()));
			});
		Files.write(FOLDER.resolve(file), lines);
	}

	private record Difference(CollectedStatement statement, NormalForm ours) {

		boolean unknown() {
			return this.ours.toString().contains(NormalForm.UNKNOWN);
		}

		String group() {
			return this.statement.form().kind() + ": "
					+ (unknown() ? "unknown" : this.statement.form().differenceTo(this.ours));
		}

		List<String> lines() {
			String sql = this.statement.sql().replaceAll("\\s+", " ");
			return List.of(
					"   " + ((sql.length() > 400) ? sql.substring(0, 400) + "…" : sql) + "   -- "
							+ this.statement.source(),
					"      PostgreSQL: " + this.statement.form(), "      ours:       " + this.ours);
		}

	}

}
