package dev.tidemark.autoconfigure.database;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.ArgumentResolver;
import org.springframework.util.StringUtils;

import dev.tidemark.autoconfigure.properties.Mode;
import dev.tidemark.autoconfigure.properties.PlaceholderProperties;
import dev.tidemark.autoconfigure.properties.TidemarkProperties;
import dev.tidemark.Tidemark;
import dev.tidemark.autoconfigure.fixture.Runners;
import dev.tidemark.autoconfigure.start.TidemarkInitializer;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.migration.Placeholders;
import dev.tidemark.migration.backfill.BackfillOption;
import dev.tidemark.migration.backfill.BackfillOptions;
import dev.tidemark.migration.placeholder.PlaceholderReplacement;
import dev.tidemark.migration.placeholder.UndeclaredPlaceholders;
import dev.tidemark.plan.policy.Baseline;
import dev.tidemark.plan.policy.OutOfOrder;
import dev.tidemark.plan.policy.PlanPolicy;
import dev.tidemark.run.settings.LockRetry;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.session.settings.AsynchronousCommit;
import dev.tidemark.source.Location;
import dev.tidemark.source.folder.Exclusions;
import dev.tidemark.source.format.Naming;

import static org.assertj.core.api.Assertions.assertThat;

class TidemarkPropertiesTests {

	private static final Path REFERENCE = Path.of("..", "docs", "reference", "properties.md");

	/** What the connection, the application and beans say, and no property of its own. */
	private static final Set<String> WITHOUT_PROPERTY = Set.of("name", "application", "clock", "listener", "callback",
			"migration", "backfill", "backupEvidence", "backfillListener", "backfillThrottle", "settingsPrefix",
			"siblings", "leaveOut");

	@Test
	void everyOptionOfTheEngineHasAProperty() {
		Set<String> properties = namesOf(TidemarkProperties.class).collect(Collectors.toSet());
		assertThat(Tidemark.Builder.class.getMethods())
			.filteredOn((method) -> method.getReturnType() == Tidemark.Builder.class
					&& !Modifier.isStatic(method.getModifiers()))
			.extracting(Method::getName)
			.filteredOn((name) -> !WITHOUT_PROPERTY.contains(name))
			.allSatisfy((name) -> assertThat(properties).containsAll(propertiesOf(name)));
	}

	private static List<String> propertiesOf(String option) {
		return switch (option) {
			case "naming" -> namesOf(Naming.class).map((name) -> "naming." + name).toList();
			case "placeholders" ->
				Stream
					.concat(Stream.of("placeholders"),
							namesOf(PlaceholderProperties.class).map((name) -> "placeholder." + name))
					.toList();
			case "schema", "schemas", "createSchemas", "locations" -> List.of(option);
			case "failOnMissingLocations", "exclude", "encoding" -> List.of("files." + option);
			case "filesystemRoot" -> List.of("files.root");
			case "role", "initSql", "clientCheckInterval", "clientTimeout" -> List.of("connection." + option);
			case "historyTable" -> List.of("history.table");
			case "installedBy", "tag" -> List.of("history." + option);
			case "target", "cherryPick", "skip", "environments", "statementTimeout", "asynchronousCommit" ->
				List.of("run." + option);
			case "outOfOrder", "ignoreMissing", "ignoreChanged" -> List.of("validation." + option);
			case "baseline" -> List.of("baseline.version", "baseline.reason", "baseline.ignoredHistories");
			case "lockTimeout" -> List.of("locks.timeout");
			case "concurrentLockTimeout" -> List.of("locks.concurrentTimeout");
			case "lockRetry" -> List.of("locks.maxDuration");
			case "waitTimeout" -> List.of("locks.waitTimeout");
			case "redo" -> List.of("dev.redo");
			case "restorePoints" -> List.of("backup.restorePoint");
			case "backfillOptions" ->
				Arrays.stream(BackfillOption.values()).map((word) -> "backfill." + component(word.toString())).toList();
			case "throttleSettings" -> List.of("backfill.throttle");
			case "requires" -> List.of("requires");
			default -> throw new IllegalArgumentException("Which property is that of " + option + "?");
		};
	}

	/** Returns what a word with dashes is called in a record. */
	private static String component(String word) {
		String capitals = StringUtils.capitalize(word.replace("-", " "));
		return StringUtils
			.uncapitalize(Stream.of(capitals.split(" ")).map(StringUtils::capitalize).collect(Collectors.joining()));
	}

	@Test
	void withoutPropertiesTheEngineHasItsOwnDefaults() {
		Tidemark.Builder untouched = Tidemark.builder(ConnectionSource.of("jdbc:postgresql:x", null, null));
		assertThat(engineWith(Map.of())).usingRecursiveComparison().ignoringFields("connections").isEqualTo(untouched);
		assertThat(bind(Map.of()).validation().outOfOrder()).isEqualTo(PlanPolicy.DEFAULT_OUT_OF_ORDER);
	}

	@Test
	void theDefaultsOfTheMetadataAreThoseOfTheProperties() throws IOException {
		Map<String, Object> defaults = new TreeMap<>();
		metadata().forEach((name, property) -> {
			if (property.has("defaultValue")) {
				defaults.put(name, defaultOf(property));
			}
		});
		TidemarkProperties spelledOut = bind(defaults);
		defaults.keySet()
			.removeIf((name) -> !Set.of("tidemark.resolve.reason", "tidemark.undo.reason").contains(name)
					&& !name.startsWith("tidemark.backfill."));
		assertThat(spelledOut).usingRecursiveComparison().isEqualTo(bind(defaults));
	}

	@Test
	void everyPropertyReachesTheEngine() {
		Map<String, Object> properties = new LinkedHashMap<>();
		properties.put("tidemark.locations", "classpath:one,filesystem:/two");
		properties.put("tidemark.files.fail-on-missing-locations", "false");
		properties.put("tidemark.files.encoding", "ISO-8859-1");
		properties.put("tidemark.naming.versioned-prefix", "");
		properties.put("tidemark.naming.repeatable-prefix", "again");
		properties.put("tidemark.naming.undo-prefix", "back");
		properties.put("tidemark.naming.baseline-prefix", "all");
		properties.put("tidemark.naming.separator", "-");
		properties.put("tidemark.naming.suffixes", ".pgsql,.sql");
		properties.put("tidemark.placeholders.x", "1");
		properties.put("tidemark.placeholder.prefix", "@{");
		properties.put("tidemark.placeholder.suffix", "@}");
		properties.put("tidemark.placeholder.replacement", "everywhere");
		properties.put("tidemark.placeholder.undeclared", "keep");
		properties.put("tidemark.schema", "shop");
		properties.put("tidemark.schemas", "shop,audit");
		properties.put("tidemark.create-schemas", "false");
		properties.put("tidemark.history.table", "history");
		properties.put("tidemark.run.target", "1.10");
		properties.put("tidemark.validation.out-of-order", "warn");
		properties.put("tidemark.validation.ignore-missing", "true");
		properties.put("tidemark.validation.ignore-changed", "true");
		properties.put("tidemark.baseline.version", "1.10");
		properties.put("tidemark.baseline.reason", "taken over");
		properties.put("tidemark.run.cherry-pick", "1.20,B7,active_users");
		properties.put("tidemark.run.skip.1.2", "done by hand");
		properties.put("tidemark.run.environments", "prod,eu");
		properties.put("tidemark.history.tag", "release-42");
		properties.put("tidemark.locks.timeout", "3s");
		properties.put("tidemark.locks.max-duration", "7m");
		properties.put("tidemark.run.statement-timeout", "4m");
		properties.put("tidemark.connection.client-check-interval", "2s");
		properties.put("tidemark.connection.client-timeout", "30s");
		properties.put("tidemark.run.asynchronous-commit", "false");
		properties.put("tidemark.locks.wait-timeout", "5h");
		properties.put("tidemark.history.installed-by", "release train");
		properties.put("tidemark.connection.role", "owner");
		properties.put("tidemark.connection.init-sql", "SET ROLE owner");
		properties.put("tidemark.files.root", "/srv/migrations");
		properties.put("tidemark.files.exclude", "rollback/**,**/*.md.sql");
		properties.put("tidemark.backup.restore-point", "false");
		properties.put("tidemark.requires", "8,1.10");
		properties.put("tidemark.backfill.throttle.replay-lag", "1s,2s");
		for (BackfillOption option : BackfillOption.values()) {
			properties.put("tidemark.backfill." + option, option.example());
		}
		assertThat(engineWith(properties))
			.hasFieldOrPropertyWithValue("locations",
					List.of(Location.of("classpath:one"), Location.of("filesystem:/two")))
			.hasFieldOrPropertyWithValue("failOnMissingLocations", false)
			.hasFieldOrPropertyWithValue("encoding", StandardCharsets.ISO_8859_1)
			.hasFieldOrPropertyWithValue("naming",
					new Naming("", "again", "back", "all", "-", List.of(".pgsql", ".sql")))
			.hasFieldOrPropertyWithValue("placeholders",
					new Placeholders(Map.of("x", "1"), "@{", "@}", PlaceholderReplacement.EVERYWHERE,
							UndeclaredPlaceholders.KEEP))
			.hasFieldOrPropertyWithValue("schema", "shop")
			.hasFieldOrPropertyWithValue("schemas", List.of("shop", "audit"))
			.hasFieldOrPropertyWithValue("createSchemas", false)
			.hasFieldOrPropertyWithValue("historyTable", "history")
			.hasFieldOrPropertyWithValue("target", MigrationVersion.of("1.10"))
			.hasFieldOrPropertyWithValue("outOfOrder", OutOfOrder.WARN)
			.hasFieldOrPropertyWithValue("ignoreMissing", true)
			.hasFieldOrPropertyWithValue("ignoreChanged", true)
			.hasFieldOrPropertyWithValue("baseline", new Baseline(MigrationVersion.of("1.10"), "taken over"))
			.hasFieldOrPropertyWithValue("cherryPick",
					Set.of(Identity.of("1.20"), Identity.of("B7"), Identity.of("active users")))
			.hasFieldOrPropertyWithValue("skip", Map.of(Identity.of("1.2"), "done by hand"))
			.hasFieldOrPropertyWithValue("environments", Set.of("prod", "eu"))
			.hasFieldOrPropertyWithValue("tag", "release-42")
			.hasFieldOrPropertyWithValue("lockTimeout", Duration.ofSeconds(3))
			.hasFieldOrPropertyWithValue("lockRetry", new LockRetry(Duration.ofMinutes(7)))
			.hasFieldOrPropertyWithValue("statementTimeout", Duration.ofMinutes(4))
			.hasFieldOrPropertyWithValue("clientCheckInterval", Duration.ofSeconds(2))
			.hasFieldOrPropertyWithValue("clientTimeout", Duration.ofSeconds(30))
			.hasFieldOrPropertyWithValue("asynchronousCommit", AsynchronousCommit.OFF)
			.hasFieldOrPropertyWithValue("waitTimeout", Duration.ofHours(5))
			.hasFieldOrPropertyWithValue("installedBy", "release train")
			.hasFieldOrPropertyWithValue("role", "owner")
			.hasFieldOrPropertyWithValue("initSql", "SET ROLE owner")
			.hasFieldOrPropertyWithValue("filesystemRoot", Path.of("/srv/migrations"))
			.hasFieldOrPropertyWithValue("restorePoints", false)
			.hasFieldOrPropertyWithValue("requires", Set.of(MigrationVersion.of("8"), MigrationVersion.of("1.10")))
			.hasFieldOrPropertyWithValue("throttleSettings", Map.of("replay-lag", "1s,2s"))
			.hasFieldOrPropertyWithValue("backfillOptions", examples())
			.hasFieldOrPropertyWithValue("exclusions", Exclusions.of("rollback/**", "**/*.md.sql"));
	}

	private static BackfillOptions examples() {
		Map<BackfillOption, String> examples = new EnumMap<>(BackfillOption.class);
		for (BackfillOption option : BackfillOption.values()) {
			examples.put(option, option.example());
		}
		return BackfillOptions.DEFAULT.with(examples);
	}

	@Test
	void theMetadataHasTheDefaultsOfBackfills() throws IOException {
		Map<String, JsonNode> metadata = metadata();
		for (BackfillOption option : BackfillOption.values()) {
			if (option != BackfillOption.READS) {
				assertThat(metadata.get("tidemark.backfill." + option).path("defaultValue").asString(""))
					.as(option.toString())
					.isEqualTo(option.defaultValue());
			}
		}
	}

	@ParameterizedTest
	@CsvSource({ "duty, 0, must be a number from 0.01 to 1", "reads, soon, unknown value",
			"workers, many, whole number", "windows, sometimes, unknown value", "max-wal-per-second, 8, size" })
	void anOptionOfBackfillsThatCannotBeUsedIsToldWithItsProperty(String option, String value, String reason) {
		assertThat(analysis(Map.of("tidemark.backfill." + option, value))).contains("tidemark.backfill." + option,
				reason);
	}

	@Test
	void aSignalThatThereIsNotIsToldWithTheNearestOne() {
		assertThat(analysis(Map.of("tidemark.backfill.throttle.replay-lags", "1s"))).contains(
				"tidemark.backfill.throttle.replay-lags names no signal", "tidemark.backfill.throttle.replay-lag");
	}

	@Test
	void whatIsSetToNothingIsNotSet() {
		TidemarkProperties properties = bind(Map.of("tidemark.connection.user", "", "tidemark.connection.password", "",
				"tidemark.schema", "", "tidemark.run.target", "", "tidemark.history.installed-by", "",
				"tidemark.connection.init-sql", "", "tidemark.history.tag", "", "tidemark.baseline.version", "",
				"tidemark.run.cherry-pick", "", "tidemark.run.environments", ""));
		assertThat(properties.run().cherryPick()).isEmpty();
		assertThat(properties.run().environments()).isEmpty();
		assertThat(properties)
			.extracting((bound) -> bound.connection().user(), (bound) -> bound.connection().password(),
					TidemarkProperties::schema, (bound) -> bound.run().target(),
					(bound) -> bound.history().installedBy(), (bound) -> bound.connection().initSql(),
					(bound) -> bound.history().tag(), (bound) -> bound.baseline().version())
			.containsOnlyNulls();
	}

	@Test
	void aRoleOrRootThatIsSetToNothingIsNotSet() {
		assertThat(bind(Map.of("tidemark.connection.role", "", "tidemark.files.root", " ")))
			.extracting((bound) -> bound.connection().role(), (bound) -> bound.files().root())
			.containsOnlyNulls();
	}

	@Test
	void aWholeNumberOfYamlIsATarget() {
		assertThat(bind(Map.of("tidemark.run.target", 20261120)).run().target())
			.isEqualTo(MigrationVersion.of("20261120"));
	}

	@ParameterizedTest
	@CsvSource({ "tidemark.run.skip.7, 7", "tidemark.run.skip.1.2, 1.2", "tidemark.run.skip[1.10], 1.10",
			"tidemark.run.skip.2026_11_20, 2026.11.20", "tidemark.run.skip.B20, B20",
			"tidemark.run.skip.Active_users, Active users", "tidemark.run.skip[active users], active users" })
	void whatIsSkippedIsNamedInAnyOfTheseWays(String property, String migration) {
		assertThat(engineWith(Map.of(property, "INC-1"))).hasFieldOrPropertyWithValue("skip",
				Map.of(Identity.of(migration), "INC-1"));
	}

	@Test
	void whatIsSkippedTwiceInDifferentSpellingsIsToldWithTheNameOfTheProperty() {
		Map<String, Object> skips = new LinkedHashMap<>();
		skips.put("tidemark.run.skip.1", "INC-1");
		skips.put("tidemark.run.skip[1.0]", "INC-2");

		assertThat(analysis(skips)).contains("tidemark.run.skip.1.0", "must stand alone: tidemark.run.skip.",
				"names version 1 too");
	}

	@Test
	void theEnvironmentOfTheProcessNamesWhatIsSkippedToo() {
		SystemEnvironmentPropertySource process = new SystemEnvironmentPropertySource("systemEnvironment",
				Map.of("TIDEMARK_RUN_SKIP_1_2", "INC-1"));
		Runners.withoutDatabase()
			.withPropertyValues("tidemark.connection.url=jdbc:postgresql://nowhere.invalid/x")
			.withBean(TidemarkInitializer.class, () -> new TidemarkInitializer(List.of(), Mode.OFF))
			.withInitializer((context) -> context.getEnvironment().getPropertySources().addFirst(process))
			.run((context) -> assertThat(context.getBean(TidemarkProperties.class).run().skip())
				.containsExactly(Map.entry("1.2", "INC-1")));
	}

	@Test
	void yamlNamesWhatIsSkippedInQuotes() throws IOException {
		String yaml = """
				tidemark:
				  run:
				    skip:
				      7: INC-1
				      "1.10": INC-2
				      "[active_users]": INC-3
				""";
		Map<String, Object> properties = new LinkedHashMap<>();
		for (PropertySource<?> source : new YamlPropertySourceLoader().load("tested",
				new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)))) {
			for (String name : ((EnumerablePropertySource<?>) source).getPropertyNames()) {
				properties.put(name, String.valueOf(source.getProperty(name)));
			}
		}

		assertThat(engineWith(properties)).hasFieldOrPropertyWithValue("skip",
				Map.of(Identity.of("7"), "INC-1", Identity.of("1.10"), "INC-2", Identity.of("active users"), "INC-3"));
	}

	@Test
	void wholeNumbersOfYamlArePicks() {
		assertThat(bind(Map.of("tidemark.run.cherry-pick[0]", 7, "tidemark.run.cherry-pick[1]", 8)).run().cherryPick())
			.containsExactly(Identity.of("7"), Identity.of("8"));
	}

	@Test
	void namesOfPlaceholdersMayHaveDotsAndBeOnePartOfAnother() {
		assertThat(bind(Map.of("tidemark.placeholders.default.admin", "pipe_admin",
				"tidemark.placeholders.default.admin.id", "1", "tidemark.placeholders[flyway:environment]", "prod",
				"tidemark.placeholders.application_user", "app", "tidemark.placeholders.tableName", "t",
				"tidemark.placeholders.empty", ""))
			.placeholders()).containsOnly(Map.entry("default.admin", "pipe_admin"), Map.entry("default.admin.id", "1"),
					Map.entry("flyway:environment", "prod"), Map.entry("application_user", "app"),
					Map.entry("tableName", "t"), Map.entry("empty", ""));
	}

	@Test
	void theEnvironmentOverridesAPlaceholder() {
		Tidemark.Builder[] engine = new Tidemark.Builder[1];
		runner(Map.of("tidemark.placeholders.tableName", "of-the-file", "tidemark.placeholders.application_user",
				"of-the-file"))
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addFirst(new SystemEnvironmentPropertySource("systemEnvironment",
						Map.of("TIDEMARK_PLACEHOLDERS_TABLENAME", "of-the-environment",
								"TIDEMARK_PLACEHOLDERS_APPLICATION_USER", "of-the-environment"))))
			.run((context) -> {
				engine[0] = Tidemark.builder(ConnectionSource.of("jdbc:postgresql:x", null, null));
				new PropertiesTidemarkCustomizer(context.getBean(TidemarkProperties.class)).customize(engine[0]);
			});
		assertThat(engine[0]).extracting("placeholders.values")
			.asInstanceOf(InstanceOfAssertFactories.MAP)
			.extractingByKeys("tableName", "application_user")
			.containsExactly("of-the-environment", "of-the-environment");
	}

	@Test
	void aPlaceholderTakesItsValueFromElsewhereInTheEnvironment() {
		assertThat(bind(Map.of("tidemark.placeholders.user", "${NO_SUCH_VARIABLE:fallback}")).placeholders())
			.containsEntry("user", "fallback");
	}

	@Test
	void whatFlywayCallsTrueAndFalseIsUnderstood() {
		assertThat(bind(Map.of("tidemark.placeholder.replacement", "false")).placeholder().replacement())
			.isEqualTo(PlaceholderReplacement.OFF);
		assertThat(bind(Map.of("tidemark.placeholder.replacement", true)).placeholder().replacement())
			.isEqualTo(PlaceholderReplacement.ON);
	}

	@Test
	void aPlaceholderThatMustNotBeIsToldWithoutItsValue() {
		assertThat(analysisOf("tidemark.placeholders.tidemark.schema", "s3cr3t"))
			.contains("tidemark.placeholders", "'tidemark.schema'", "are built in")
			.doesNotContain("s3cr3t");
	}

	@Test
	void twoSpellingsOfOnePlaceholderAreToldWithoutTheirValues() {
		assertThat(analysis(
				Map.of("tidemark.placeholders.app_user", "s3cr3t", "tidemark.placeholders.app-user", "s3cr3t")))
			.contains("tidemark.placeholders", "'app_user'", "'app-user'", "upper and lower case are the same")
			.doesNotContain("s3cr3t");
	}

	@Test
	void showsNoPassword() {
		assertThat(bind(Map.of("tidemark.connection.password", "very-secret", "tidemark.connection.url",
				"jdbc:postgresql:x?password=hush", "tidemark.placeholders.x", "quiet")))
			.asString()
			.doesNotContain("very-secret", "hush", "quiet");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
			mode                | sometimes      | MIGRATE_AND_EXIT
			locations           | s3:bucket      | it must begin with classpath: or filesystem:
			files.exclude             | "a/{b}"        | is no pattern: there are ?, * and **, and no braces
			locations           | ""             | must name at least one location
			files.fail-on-missing-locations | perhaps  | 'perhaps'
			files.encoding            | utf-nine       | utf-nine
			naming.repeatable-prefix   | ""             | must not be empty
			naming.versioned-prefix    | R              | must differ from tidemark.naming.repeatable-prefix
			naming.undo-prefix         | ""             | must not be empty
			naming.undo-prefix         | R              | must differ from tidemark.naming.repeatable-prefix
			naming.baseline-prefix     | ""             | must not be empty
			naming.baseline-prefix     | V              | must differ from tidemark.naming.versioned-prefix
			naming.separator           | ""             | must not be empty
			naming.suffixes            | ""             | must name at least one suffix
			history.table       | ""             | must name a table
			files.root     | "a\0b"         | must be the path of a folder
			placeholder.prefix  | ""             | must not be empty, nor hold blanks or quotes
			placeholder.suffix  | "'"            | must not be empty, nor hold blanks or quotes
			placeholder.replacement | maybe      | EVERYWHERE
			placeholder.undeclared | maybe      | KEEP
			run.target              | latest         | 'latest' is not a version: digits, parted by . or _
			baseline.version    | V2             | 'V2' is not a version: digits, parted by . or _
			run.skip.2          | ""             | must say why it does not run
			validation.out-of-order        | always         | APPLY
			validation.ignore-missing      | perhaps        | 'perhaps'
			validation.ignore-changed      | perhaps        | 'perhaps'
			create-schemas      | perhaps        | 'perhaps'
			locks.timeout        | soon           | 'soon' is not a valid duration
			locks.timeout        | -1s            | must not be negative; 0 means no limit
			locks.max-duration | -1s        | must not be negative; 0 means a single attempt
			run.statement-timeout   | -1s            | must not be negative; 0 means no limit
			connection.client-check-interval | -1s          | must not be negative; 0 leaves to the server what it does
			connection.client-timeout      | -1s            | must not be negative; 0 leaves to the server what it does
			locks.wait-timeout        | -1s            | must not be negative; 0 means not to wait
			plan.format         | yaml           | TEXT
			plan.pending-exit-code | 256         | must be from 0 to 255
			plan.pending-exit-code | 80          | must not be one that has a meaning already: 75 (try-again-later), 78
			status.format       | yaml           | TEXT
			status.pending-exit-code | -1        | must be from 0 to 255
			status.pending-exit-code | 81        | must not be one that has a meaning already: 75 (try-again-later), 78
			background.on-failure | panic        | STAY_DOWN
			background.retry-delay | 0s          | must be more than 0
			background.shutdown-timeout | -1s    | must not be negative; 0 means to cancel at once
			inspection.timeout  | 0s             | must be more than 0
			report              | start.json     | It is called tidemark.report.file now.
			""")
	void aWrongValueIsToldWithTheNameOfThePropertyAndWhatIsAllowed(String property, String value, String reason) {
		assertThat(analysisOf("tidemark." + property, value)).contains("tidemark." + property, reason);
	}

	@Test
	void theFileOfTheTerminationLogMayBeNothing() {
		assertThat(bind(Map.of("tidemark.report.termination-log", "")).report().terminationLog()).isEmpty();
		assertThat(bind(Map.of("tidemark.report.file", "")).report().file()).isNull();
	}

	@Test
	void aVersionThatYamlHasSpoiltIsRefused() {
		assertThat(analysisOf("tidemark.run.target", 1.1)).contains("tidemark.run.target", "put the version in quotes");
		assertThat(analysisOf("tidemark.baseline.version", 1.1)).contains("put the version in quotes");
		assertThat(analysisOf("tidemark.run.cherry-pick[0]", 1.1)).contains("put the version in quotes");
	}

	@Test
	void theMetadataDescribesEveryProperty() throws IOException {
		Map<String, JsonNode> metadata = metadata();
		assertThat(metadata.keySet()).isEqualTo(Stream.concat(Stream.of("databases"), namesOf(TidemarkProperties.class))
			.map((name) -> "tidemark." + name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT))
			.collect(Collectors.toCollection(TreeSet::new)));
		assertThat(metadata.values())
			.allSatisfy((property) -> assertThat(property.path("description").asString("")).endsWith(".")
				.doesNotMatch("^(The|A|An) .*"));
	}

	@Test
	void theReferenceSaysWhatTheMetadataSays() throws IOException {
		String table = metadata().values().stream().map(TidemarkPropertiesTests::row).collect(Collectors.joining("\n"));
		assertThat(Files.readString(REFERENCE)).as("the table has to be:%n%s", table).contains(table);
	}

	private static String row(JsonNode property) {
		String type = property.path("type").asString("").replaceAll("[a-z]+\\.", "");
		String text = defaultOf(property);
		return "| `%s` | `%s` | %s | %s |".formatted(property.path("name").asString(""), type,
				text.isEmpty() ? "" : "`" + text + "`", property.path("description").asString(""));
	}

	private static String defaultOf(JsonNode property) {
		JsonNode value = property.path("defaultValue");
		return value.isArray() ? value.path(0).asString("") : value.asString("");
	}

	private static Map<String, JsonNode> metadata() throws IOException {
		// Other jars have a resource of the same name.
		Path ours = Path.of("target", "classes", "META-INF", "spring-configuration-metadata.json");
		return JsonMapper.shared()
			.readTree(Files.readString(ours))
			.path("properties")
			.valueStream()
			.filter((property) -> property.path("name").asString("").startsWith("tidemark."))
			.collect(Collectors.toMap((property) -> property.path("name").asString(""), (property) -> property,
					(first, second) -> first, TreeMap::new));
	}

	private static Stream<String> namesOf(Class<?> record) {
		return Stream.of(record.getRecordComponents())
			.flatMap((component) -> isGroup(component.getType())
					? namesOf(component.getType()).map((name) -> component.getName() + "." + name)
					: Stream.of(component.getName()));
	}

	private static boolean isGroup(Class<?> type) {
		return type.isRecord() && type.getPackage().equals(TidemarkProperties.class.getPackage());
	}

	private static TidemarkProperties bind(Map<String, Object> properties) {
		TidemarkProperties[] bound = new TidemarkProperties[1];
		runner(properties).run((context) -> bound[0] = context.getBean(TidemarkProperties.class));
		return bound[0];
	}

	private static Tidemark.Builder engineWith(Map<String, Object> properties) {
		Tidemark.Builder builder = Tidemark.builder(ConnectionSource.of("jdbc:postgresql:x", null, null));
		new PropertiesTidemarkCustomizer(bind(properties)).customize(builder);
		return builder;
	}

	private static String analysisOf(String property, Object value) {
		return analysis(Map.of(property, value));
	}

	private static String analysis(Map<String, Object> properties) {
		ConfigurableApplicationContext[] failed = new ConfigurableApplicationContext[1];
		String[] analysis = new String[1];
		runner(properties).withInitializer((context) -> failed[0] = context)
			.run((context) -> analysis[0] = analyse(context.getStartupFailure(), failed[0]));
		return analysis[0];
	}

	private static ApplicationContextRunner runner(Map<String, Object> properties) {
		return Runners.withoutDatabase()
			.withPropertyValues("tidemark.connection.url=jdbc:postgresql://nowhere.invalid/x")
			.withBean(TidemarkInitializer.class, () -> new TidemarkInitializer(List.of(), Mode.OFF))
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addFirst(new MapPropertySource("tested", properties)));
	}

	/** What {@code SpringApplication} would print. */
	private static String analyse(Throwable failure, ConfigurableApplicationContext context) {
		ArgumentResolver arguments = ArgumentResolver.of(BeanFactory.class, context.getBeanFactory())
			.and(Environment.class, context.getEnvironment());
		for (FailureAnalyzer analyzer : SpringFactoriesLoader.forDefaultResourceLocation()
			.load(FailureAnalyzer.class, arguments, (type, name, absent) -> {
			})) {
			FailureAnalysis analysis = analyzer.analyze(failure);
			if (analysis != null) {
				return analysis.getDescription() + "\n" + analysis.getAction();
			}
		}
		return "no analysis of " + failure;
	}

}
