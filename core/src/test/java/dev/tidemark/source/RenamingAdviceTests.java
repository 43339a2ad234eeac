package dev.tidemark.source;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.migration.CodeMigration;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.JdbcContext;
import dev.tidemark.migration.Migration;
import dev.tidemark.migration.Placeholders;
import dev.tidemark.source.folder.Exclusions;
import dev.tidemark.source.format.Naming;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What becomes of those who do what is said of names that cannot stay.
 */
class RenamingAdviceTests {

	private static final Pattern RENAMING = Pattern
		.compile("rename ((?!it )\\S+) to ([^\\s,;]+)(?: and (\\S+) to ([^\\s,;]+))?");

	private static final Pattern MEANT = Pattern.compile("rename it to (\\S+?)(?:,|\\.?$|\\. )");

	@TempDir
	private Path folder;

	private Sources read(Naming naming) {
		return new MigrationSource(
				new SourceSettings(List.of(new Location(Location.Kind.FILESYSTEM, this.folder.toString())), false,
						StandardCharsets.UTF_8, naming, Placeholders.AS_WRITTEN, null, Exclusions.NONE))
			.read();
	}

	private void add(String... names) throws IOException {
		for (String name : names) {
			Files.writeString(this.folder.resolve(name), "SELECT '" + name + "'");
		}
	}

	private static List<Problem> problems(Sources sources, AppliedFile... applied) {
		List<AppliedFile> known = List.of(applied);
		return sources.problems(known, sources.versions().next(known));
	}

	/** Returns the new names by the old ones. */
	private static Map<String, String> renamings(List<Problem> problems) {
		Map<String, String> renamings = new TreeMap<>();
		for (Problem problem : problems) {
			if (problem.code() != ErrorCode.DUPLICATE && problem.code() != ErrorCode.FILE_NAME) {
				continue;
			}
			Matcher matcher = RENAMING.matcher(String.valueOf(problem.remedy()));
			Matcher meant = MEANT.matcher(String.valueOf(problem.remedy()));
			if (matcher.find()) {
				renamings.put(matcher.group(1), matcher.group(2));
				if (matcher.group(3) != null) {
					renamings.put(matcher.group(3), matcher.group(4));
				}
			}
			else if (meant.find()) {
				String script = problem.place().script();
				renamings.put(script.substring(script.lastIndexOf('/') + 1), meant.group(1));
			}
		}
		return renamings;
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4, 5, 6 })
	void whoRenamesAllFilesAsTheyAreToldHasNoProblemOfNamesLeft(long seed) throws IOException {
		Random random = new Random(seed);
		List<Naming> namings = List.of(Naming.DEFAULT, new Naming("", "R", "U", "B", "__", List.of(".sql")),
				new Naming("V", "R", "U", "B", "-", List.of(".ddl", ".sql")),
				new Naming("V", "R", "U", "B", ".", List.of(".sql")),
				new Naming("mig_", "rep_", "undo_", "base_", "_", List.of(".sql")));
		for (int round = 0; round < 60; round++) {
			Naming naming = namings.get(round % namings.size());
			emptyFolder();
			addSome(random, naming);
			AppliedFile[] applied = random.nextBoolean() ? new AppliedFile[0] : new AppliedFile[] {
					new AppliedFile(Identity.of(random.nextInt(100) + ".7"), "elsewhere.Code", null) };

			Map<String, String> renamings = renamings(problems(read(naming), applied));
			Set<String> before = names();
			assertThat(renamings.values()).as("seed %d, round %d: %s", seed, round, before)
				.doesNotHaveDuplicates()
				.doesNotContainAnyElementsOf(before);
			for (Map.Entry<String, String> renaming : renamings.entrySet()) {
				Files.move(this.folder.resolve(renaming.getKey()), this.folder.resolve(renaming.getValue()));
			}

			assertThat(problems(read(naming), applied)).as("seed %d, round %d: %s, %s", seed, round, before, renamings)
				.extracting(Problem::code)
				.doesNotContain(ErrorCode.DUPLICATE, ErrorCode.FILE_NAME);
		}
	}

	private void addSome(Random random, Naming naming) throws IOException {
		char dot = naming.separator().equals("_") ? '.' : '_';
		for (int i = 2 + random.nextInt(6); i > 0; i--) {
			String version = version(random, random.nextBoolean() && !naming.separator().equals(".") ? '.' : dot);
			String name = "x" + i;
			switch (random.nextInt(5)) {
				case 0 -> add(naming.versionedPrefix() + version + naming.separator() + name + ".sql",
						naming.undoPrefix() + version + naming.separator() + name + ".sql");
				case 1 -> add(naming.equals(Naming.DEFAULT) ? "V" + version + "_" + name + ".sql" : "R" + i + "x.txt");
				default -> add(naming.versionedPrefix() + version + naming.separator() + name + ".sql");
			}
		}
	}

	private static String version(Random random, char dot) {
		return switch (random.nextInt(6)) {
			case 0 -> "00" + (1 + random.nextInt(3));
			case 1 -> (1 + random.nextInt(3)) + "" + dot + "0" + dot + "0";
			case 2 -> (1 + random.nextInt(3)) + "" + dot + random.nextInt(3);
			case 3 -> "2026112010300" + random.nextInt(3);
			case 4 -> "9".repeat(40);
			default -> String.valueOf(1 + random.nextInt(4));
		};
	}

	private void emptyFolder() throws IOException {
		for (String name : names()) {
			Files.delete(this.folder.resolve(name));
		}
	}

	private Set<String> names() throws IOException {
		try (var files = Files.list(this.folder)) {
			return new HashSet<>(files.map((file) -> file.getFileName().toString()).toList());
		}
	}

	@Test
	void filesWithASlipOfThePenAndFilesOfOneVersionAreNotSentToTheSameVersion() throws IOException {
		add("V1__a.sql", "V1__b.sql", "V1_c.sql", "V1_d.sql", "V2_e.sql");

		assertThat(renamings(problems(read(Naming.DEFAULT)))).containsEntry("V2_e.sql", "V2__e.sql")
			.containsEntry("V1_c.sql", "V3__c.sql")
			.containsEntry("V1_d.sql", "V4__d.sql")
			.containsEntry("V1__b.sql", "V5__b.sql");
	}

	@Test
	void aVersionWhoseUndoFileIsThereAloneIsNotFree() throws IOException {
		add("V1__a.sql", "V1__b.sql", "U2__other.sql");

		assertThat(renamings(problems(read(Naming.DEFAULT)))).containsEntry("V1__b.sql", "V3__b.sql");
	}

	@Test
	void theUndoFileGoesWithItsMigration() throws IOException {
		add("V1__a.sql", "V1__b.sql", "U1__a.sql", "U1__b.sql");
		Files.delete(this.folder.resolve("U1__a.sql"));

		assertThat(problems(read(Naming.DEFAULT)).get(0).remedy())
			.contains("rename V1__b.sql to V2__b.sql and U1__b.sql to U2__b.sql; else");
	}

	@Test
	void whichMigrationAnUndoFileTakesBackIsNotGuessed() throws IOException {
		add("V1__a.sql", "V1__b.sql", "U1__other.sql");

		assertThat(problems(read(Naming.DEFAULT)).get(0).remedy())
			.contains("rename V1__b.sql to V2__b.sql (and U1__other.sql to U2__other.sql if that takes it back); else");
	}

	@Test
	void theSuffixIsKeptWhereAFileHasNoDescription() {
		Naming naming = new Naming("V", "R", "U", "B", "__", List.of(".sql", ".ddl"));

		assertThat(naming.withVersion("db/V1.ddl", "2")).isEqualTo("V2.ddl");
	}

	@Test
	void theNumbersOfAVersionAreNotPartedByTheSeparator() throws IOException {
		Naming naming = new Naming("V", "R", "U", "B", ".", List.of(".sql"));
		add("V1.a.sql", "V1.b.sql");

		assertThat(renamings(problems(read(naming), new AppliedFile(Identity.of("1.2"), "elsewhere.Code", null))))
			.containsEntry("V1.b.sql", "V1_3.b.sql");
	}

	/** Many times as long as it takes, and a small part of what each pair would take. */
	@Test
	@Timeout(60)
	void thousandsOfFilesOfOneVersionAreToldInOnePass() {
		List<Migration> files = new ArrayList<>();
		Migration migration = Migration.of(new Code("a"));
		for (int i = 0; i < 200_000; i++) {
			files.add(migration);
		}
		VersionProblems problems = new VersionProblems(Naming.DEFAULT, files, List.of(), new DoubtfulFiles());

		assertThat(problems.particular(List.of(), problems.next(List.of()))).hasSize(199_999);
	}

	/** Code that claims version 1. */
	private record Code(String name) implements CodeMigration {

		@Override
		public Identity identity() {
			return Identity.of("1");
		}

		@Override
		public void migrate(JdbcContext jdbc) {
			throw new UnsupportedOperationException();
		}

	}

}
