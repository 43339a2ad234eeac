package dev.tidemark.migration.placeholder;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.migration.BuiltIns;
import dev.tidemark.migration.Migration;
import dev.tidemark.migration.Placeholders;
import dev.tidemark.migration.Script;
import dev.tidemark.source.Location;
import dev.tidemark.source.MigrationSource;
import dev.tidemark.source.SourceSettings;
import dev.tidemark.source.format.Naming;
import dev.tidemark.sql.script.SqlStatement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Which placeholders of a file are replaced, and by what.
 */
class PlaceholderReplacementTests {

	private static final Instant TIME = Instant.parse("2026-11-20T03:04:05.678Z");

	@TempDir
	private Path folder;

	private Map<String, String> values = Map.of("x", "V", "default.admin", "pipe_admin", "default.admin.id", "1",
			"empty", "");

	private PlaceholderReplacement replacement = PlaceholderReplacement.AUTO;

	private UndeclaredPlaceholders undeclared = UndeclaredPlaceholders.FAIL;

	private Migration file(String name, String text) {
		try {
			Files.writeString(this.folder.resolve(name), text);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		Placeholders placeholders = new Placeholders(this.values, "${", "}", this.replacement, this.undeclared);
		return new MigrationSource(new SourceSettings(List.of(Location.of("filesystem:" + this.folder)), true,
				StandardCharsets.UTF_8, Naming.DEFAULT, placeholders))
			.read()
			.migrations()
			.get(0);
	}

	private Script load(String name, String text) {
		return file(name, text).load(new BuiltIns("db", "owner", "orders", "tidemark_history", TIME));
	}

	private String text(String text) {
		return String.join("; ", load("V7__x.sql", text).statements().stream().map(SqlStatement::text).toList());
	}

	private List<Problem> problems(String text) {
		return catchThrowableOfType(TidemarkException.class, () -> load("V7__x.sql", text)).problems();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			value = { "SELECT ${x}|SELECT V", "SELECT ${X}|SELECT V", "SELECT ${DEFAULT_ADMIN}|SELECT pipe_admin",
					"SELECT '${x}'|SELECT 'V'", "SELECT ${default.admin}, ${default.admin.id}|SELECT pipe_admin, 1",
					"SELECT '${empty}'|SELECT ''", "SELECT ${x:other}|SELECT V", "SELECT ${y:other}|SELECT other",
					"SELECT '${y:}'|SELECT ''", "SELECT ${y:'a b'}|SELECT 'a b'", "SELECT ${empty:other}1|SELECT 1",
					"SELECT '${y:a:b}'|SELECT 'a:b'", "SELECT '${:x}'|SELECT '${x}'",
					"SELECT '${:y} ${x}'|SELECT '${y} V'",
					"SELECT '${ x }', '${a + b}', '${}'|SELECT '${ x }', '${a + b}', '${}'" })
	void valuesDefaultsAndEscapes(String text, String expected) {
		assertThat(text(text)).isEqualTo(expected);
	}

	@Test
	void anUndeclaredPlaceholderIsAnErrorAtItsPlace() {
		Problem problem = problems("SELECT 1;\nSELECT '${oops}'").get(0);

		assertThat(problem.code()).isEqualTo(ErrorCode.PLACEHOLDER);
		assertThat(problem.place().toString()).endsWith("/V7__x.sql:2:9");
		assertThat(problem.what()).isEqualTo(
				"The placeholder ${oops} is not declared; declared are default.admin, default.admin.id, empty, x.");
		assertThat(problem.remedy()).contains("tidemark.placeholders.oops", "${oops:value}", "${:oops}",
				"-- tidemark: placeholders=off");
	}

	@Test
	void eachUndeclaredPlaceholderIsToldOnce() {
		assertThat(problems("SELECT ${a}, ${b}, ${A}")).extracting((problem) -> problem.place().column())
			.containsExactly(8, 14);
	}

	@Test
	void anUndeclaredPlaceholderMayStay() {
		this.undeclared = UndeclaredPlaceholders.KEEP;

		assertThat(text("SELECT '${oops}', '${y:default}', ${x}")).isEqualTo("SELECT '${oops}', 'default', V");
	}

	@ParameterizedTest
	@ValueSource(strings = { "SELECT '${name}', '${server.port:8080}', '${:x}'", "SELECT $$ ${a} `${b}` $$",
			"SELECT \"${col}\"", "COPY t FROM stdin;\n${name}\n\\.\n" })
	void aProjectWithoutPlaceholdersKeepsItsText(String text) {
		this.values = Map.of();

		assertThat(text(text)).isEqualTo(text.lines().findFirst().orElseThrow().replace("stdin;", "stdin"));
	}

	@Test
	void outsideOfQuotesNothingElseCanBeMeant() {
		this.values = Map.of();

		assertThat(text("SELECT ${y:1}")).isEqualTo("SELECT 1");
		assertThat(problems("SELECT ${y}").get(0).what()).isEqualTo("The placeholder ${y} is not declared.");
	}

	@Test
	void aFileMayUsePlaceholdersWhereNoneIsDeclared() {
		this.values = Map.of();

		assertThat(text("-- tidemark: placeholders=on\nSELECT '${y:1}', '${:y}'")).isEqualTo("SELECT '1', '${y}'");
		assertThat(problems("-- tidemark: placeholders=on\nSELECT '${y}'")).hasSize(1);
	}

	@Test
	void aFileMayLeaveItsTextAlone() {
		assertThat(text("-- tidemark: placeholders=off\nSELECT '${x}', '${oops}', '${tidemark.schema}'"))
			.isEqualTo("SELECT '${x}', '${oops}', '${tidemark.schema}'");
	}

	@Test
	void allFilesMayLeaveTheirTextAloneButThoseThatSayOtherwise() {
		this.replacement = PlaceholderReplacement.OFF;

		assertThat(text("SELECT '${x}'")).isEqualTo("SELECT '${x}'");
		assertThat(text("-- tidemark: placeholders=on\nSELECT '${x}'")).isEqualTo("SELECT 'V'");
	}

	@Test
	void flywaysScriptConfigurationCounts() throws IOException {
		Path configuration = this.folder.resolve("V7__x.sql.conf");
		Files.writeString(configuration, "placeholderReplacement=false");
		assertThat(text("SELECT '${x}'")).isEqualTo("SELECT '${x}'");

		Files.writeString(configuration, "placeholderReplacement=true");
		this.replacement = PlaceholderReplacement.OFF;
		assertThat(text("SELECT '${x}', $$${y}$$")).isEqualTo("SELECT 'V', $$${y}$$");
		assertThat(problems("SELECT '${x}', $$${x}$$")).extracting(Problem::code)
			.containsExactly(ErrorCode.PLACEHOLDER_IN_BODY);

		this.replacement = PlaceholderReplacement.EVERYWHERE;
		assertThat(text("SELECT '${x}', $$${x}$$")).isEqualTo("SELECT 'V', $$V$$");
	}

	@Test
	void aDirectiveThatSaysTheOppositeOfTheScriptConfigurationIsAnError() throws IOException {
		Files.writeString(this.folder.resolve("V7__x.sql.conf"), "placeholderReplacement=false");

		assertThat(problems("-- tidemark: placeholders=on\nSELECT 1")).extracting(Problem::code)
			.containsExactly(ErrorCode.DIRECTIVE);
	}

	@Test
	void whatIsDeclaredOrBuiltInIsRefusedInADollarQuotedBodyEachOnceAtItsPlace() {
		assertThat(problems("SELECT 1;\nDO $$ ${x} ${X} ${oops} ${tidemark.schema}\n${DEFAULT_ADMIN} $$"))
			.allSatisfy((problem) -> assertThat(problem.code()).isEqualTo(ErrorCode.PLACEHOLDER_IN_BODY))
			.extracting((problem) -> problem.place().line() + ":" + problem.place().column())
			.containsExactly("2:7", "2:25", "3:1");
	}

	@ParameterizedTest
	@ValueSource(strings = { "DO $$ ${oops} ${y:1} ${ x } ${:x} $$", "DO $a$ ${oops}\n $a$", "SELECT $$${a:${b}}$$" })
	void whatIsNotDeclaredStaysInADollarQuotedBody(String text) {
		assertThat(text(text)).isEqualTo(text);
	}

	@Test
	void aFileThatReplacesNothingMayHaveThemInBodies() {
		assertThat(text("-- tidemark: placeholders=off\nDO $$ ${x} $$")).isEqualTo("DO $$ ${x} $$");
	}

	@Test
	void whereAllIsReplacedTheEscapeKeepsOneInABody() {
		assertThat(text("-- tidemark: placeholders=everywhere\nDO $$ ${:x} ${x} $$")).isEqualTo("DO $$ ${x} V $$");
	}

	@Test
	void aDollarQuotedBodyIsReplacedIfTheFileAsksForIt() {
		Script script = load("V7__x.sql", "-- tidemark: placeholders=everywhere\nDO $$ ${x} $$; SELECT ${x}");

		assertThat(script.statements()).extracting(SqlStatement::text).containsExactly("DO $$ V $$", "SELECT V");
		assertThat(script.warnings()).isEmpty();
	}

	@Test
	void aDollarQuotedBodyIsReplacedIfTheSettingAsksForIt() {
		this.replacement = PlaceholderReplacement.EVERYWHERE;

		assertThat(text("DO $$ ${x} $$")).isEqualTo("DO $$ V $$");
		assertThat(problems("DO $$ ${oops} $$")).hasSize(1);
		assertThat(problems("-- tidemark: placeholders=on\nDO $$ ${x} ${oops} $$")).extracting(Problem::code)
			.containsExactly(ErrorCode.PLACEHOLDER_IN_BODY);
	}

	@ParameterizedTest
	@CsvSource({ "tidemark.schema,orders", "Tidemark.Schema,orders", "TIDEMARK_SCHEMA,orders", "tidemark.version,7",
			"tidemark.user,owner", "tidemark.database,db", "tidemark.timestamp,2026-11-20T03:04:05Z",
			"flyway:defaultSchema,orders", "flyway:user,owner", "flyway:database,db", "flyway:table,tidemark_history",
			"flyway:filename,V7__x.sql" })
	void builtInPlaceholdersNeedNoDeclaration(String name, String value) {
		this.values = Map.of();

		assertThat(text("SELECT '${" + name + "}'")).isEqualTo("SELECT '" + value + "'");
	}

	@Test
	void flywaysTimestampHasFlywaysForm() {
		String expected = LocalDateTime.ofInstant(TIME, ZoneId.systemDefault())
			.format(DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss"));

		assertThat(text("SELECT '${flyway:timestamp}', '${flyway:workingDirectory}'"))
			.isEqualTo("SELECT '" + expected + "', '" + System.getProperty("user.dir") + "'");
		assertThat(expected).hasSameSizeAs(
				LocalDateTime.now(ZoneOffset.UTC).format(DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss")));
	}

	@ParameterizedTest
	@ValueSource(strings = { "tidemark.oops", "flyway:environment", "flyway:oops" })
	void whatIsNotBuiltInIsAnError(String name) {
		assertThat(problems("SELECT '${" + name + "}'").get(0).what())
			.isEqualTo("The built-in placeholder ${" + name + "} is unknown, or has no value in this file.");
	}

	@Test
	void aRepeatableHasNoVersion() {
		assertThat(catchThrowableOfType(TidemarkException.class, () -> load("R__v.sql", "SELECT ${tidemark.version}"))
			.code()).isEqualTo(ErrorCode.PLACEHOLDER);
	}

	@ParameterizedTest
	@CsvSource({ "tidemark.version:none,none", "tidemark.version:,''", "tidemark.version:n/a,n/a",
			"tidemark.schema:public,orders", "flyway:defaultSchema:public,orders", "flyway:environment:dev,dev",
			"flyway:environment:a:b,a:b" })
	void aBuiltInPlaceholderMayHaveADefault(String placeholder, String value) {
		assertThat(load("R__v.sql", "SELECT '${" + placeholder + "}'").statements().get(0).text())
			.isEqualTo("SELECT '" + value + "'");
	}

	@Test
	void aDefaultStandsBehindTheWholeOfANameWithColons() {
		this.values = Map.of("flyway:environment", "prod", "a:b", "1", "a", "2");

		assertThat(text("SELECT '${flyway:environment:dev}', ${a:b:9}, ${a:c:9}")).isEqualTo("SELECT 'prod', 1, 2");
	}

	@Test
	void aBuiltInPlaceholderThatDoesNotExistIsAnErrorInSpiteOfItsDefault() {
		assertThat(problems("SELECT '${tidemark.shcema:public}'").get(0).what())
			.startsWith("The built-in placeholder ${tidemark.shcema} is unknown");
	}

	@Test
	void aBaselineHasTheVersionOfItsFile() {
		assertThat(load("B20__x.sql", "SELECT ${tidemark.version}").statements().get(0).text()).isEqualTo("SELECT 20");
	}

	@ParameterizedTest
	@ValueSource(strings = { "${y:${x}}", "${x:${y}}" })
	void aPlaceholderInADefaultIsAnError(String nested) {
		assertThat(problems("SELECT '" + nested + "'")).singleElement().satisfies((problem) -> {
			assertThat(problem.what()).startsWith("The default of the placeholder ${")
				.contains("ends with the first }");
			assertThat(problem.place().toString()).endsWith(":1:9");
		});
	}

	@Test
	void whatFlywayBuildsInMayBeDeclared() {
		this.values = Map.of("flyway:environment", "prod");

		assertThat(text("SELECT '${flyway:environment}'")).isEqualTo("SELECT 'prod'");
	}

	@Test
	void withoutADatabaseBuiltInPlaceholdersStay() {
		Migration migration = file("V7__x.sql", "SELECT '${tidemark.schema}', '${tidemark.schema:public}', ${x}");

		assertThat(migration.load().statements().get(0).text())
			.isEqualTo("SELECT '${tidemark.schema}', '${tidemark.schema:public}', V");
	}

	@Test
	void theChecksumIsThatOfTheFile() {
		String before = file("V7__x.sql", "SELECT ${x}").checksum().value();
		this.values = Map.of("x", "other");

		assertThat(file("V7__x.sql", "SELECT ${x}").checksum()).hasToString(before);
	}

	@Test
	void theDeclaredPlaceholdersOfAFileAreKnownByName() {
		this.undeclared = UndeclaredPlaceholders.KEEP;

		assertThat(load("V7__x.sql", """
				-- ${comment}
				SELECT ${X}, '${y:1}', '${kept}', '${tidemark.schema}', '${:escaped}', $$${body}$$""").placeholders())
			.hasToString("kept, X, y");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			value = { "SELECT '${x}', '${x}'|a'b|a string constant", "SELECT ${x}, 'a'|'b|a string constant",
					"SELECT \"${x}\", 1|a\"b|a quoted identifier", "SELECT \"${x}\", \"${x}\"|a\"b|a quoted identifier",
					"SELECT 1 ${x}, 'a'|/* b|a comment", "SELECT 1 ${x}|$q$ b|a dollar-quoted string",
					"SELECT (1 ${x})|--|a parenthesis", "SELECT E'${x}'|b\\|a string constant",
					"SELECT 1; ${x}|\\connect b|a command for psql" })
	void aValueThatBreaksTheTextIsNamedByItsPlaceholder(String text, String value, String cause) {
		this.values = Map.of("y", "Y", "x", value);

		assertThat(problems("SELECT '${y}';\n" + text + ";\nSELECT '${y}', ${y}")).singleElement()
			.satisfies((problem) -> {
				assertThat(problem.code()).isEqualTo(ErrorCode.SYNTAX);
				assertThat(problem.place().line()).isEqualTo(2);
				assertThat(problem.place().column()).isEqualTo(text.indexOf("${x}") + 1);
				assertThat(problem.what()).contains("placeholder ${x} ", cause);
				assertThat(problem.remedy()).startsWith("Correct tidemark.placeholders.x:");
			});
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			value = { "SELECT '${x}'|a''b|SELECT 'a''b'", "SELECT 'a${x}'|' , '|SELECT 'a' , ''",
					"SELECT E'${x}'|a\\'b|SELECT E'a\\'b'", "SELECT $a$${z}$a$ ${x}|'b'|SELECT $a$${z}$a$ 'b'",
					"SELECT '${x}${x}'|'|SELECT ''''", "SELECT '${x}'|\"|SELECT '\"'" })
	void quotesThatAreClosedInTheirConstantMayStandInAValue(String text, String value, String expected) {
		this.values = Map.of("x", value);

		assertThat(text(text)).isEqualTo(expected);
	}

	@Test
	void ofTwoBreakingValuesTheFirstOneIsNamed() {
		this.values = Map.of("x", "x'x", "y", "y'y", "z", "z");

		assertThat(problems("SELECT '${z}', '${y}', '${x}', '${z}', '${x}'").get(0).what()).contains("${y}");
	}

	@Test
	void aDefaultThatBreaksTheTextIsNotTakenForADeclaredValue() {
		Problem problem = problems("SELECT E'${y:a\\}'").get(0);

		assertThat(problem.what()).contains("placeholder ${y} ");
		assertThat(problem.remedy()).startsWith("Correct the default that stands in the file");
	}

	@Test
	void whatThePlaceholdersDoNotBreakIsToldAsBefore() {
		this.values = Map.of("x", "it''s");

		assertThat(problems("SELECT '${x}';\nSELECT 'open").get(0).what())
			.isEqualTo("A string constant begins here, but its closing quote is missing (line 2, column 8).");
	}

}
