package dev.tidemark.autoconfigure.database;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

import dev.tidemark.Tidemark;
import dev.tidemark.author.ReleasedMigrations;
import dev.tidemark.autoconfigure.ExitCode;
import dev.tidemark.autoconfigure.TidemarkCustomizer;
import dev.tidemark.autoconfigure.exit.UnusablePropertyException;
import dev.tidemark.autoconfigure.properties.BackfillProperties;
import dev.tidemark.autoconfigure.properties.BackgroundProperties;
import dev.tidemark.autoconfigure.properties.ConnectionProperties;
import dev.tidemark.autoconfigure.properties.DevProperties;
import dev.tidemark.autoconfigure.properties.FilesProperties;
import dev.tidemark.autoconfigure.properties.HistoryProperties;
import dev.tidemark.autoconfigure.properties.LocksProperties;
import dev.tidemark.autoconfigure.properties.NamingProperties;
import dev.tidemark.autoconfigure.properties.PlaceholderProperties;
import dev.tidemark.autoconfigure.properties.PrintProperties;
import dev.tidemark.autoconfigure.properties.RunProperties;
import dev.tidemark.autoconfigure.properties.TidemarkProperties;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.migration.Placeholders;
import dev.tidemark.migration.backfill.BackfillOptions;
import dev.tidemark.rollout.pace.ThrottleSettings;
import dev.tidemark.run.Redo;
import dev.tidemark.run.settings.LockRetry;
import dev.tidemark.source.Location;
import dev.tidemark.source.folder.Exclusions;
import dev.tidemark.source.format.Naming;

/**
 * Hands the properties on to the engine. What the engine would refuse is refused here
 * with the name of the property.
 *
 * @since 0.1.0
 */
public final class PropertiesTidemarkCustomizer implements TidemarkCustomizer {

	private static final String LEFT_TO_THE_SERVER = "must not be negative; 0 leaves to the server what it does";

	private final String prefix;

	private final TidemarkProperties properties;

	private final Placeholders placeholders;

	private final @Nullable Path filesystemRoot;

	private final Map<Identity, String> skip;

	/** What is said of backfills, or {@code null} if all of it has its default. */
	private final @Nullable BackfillOptions backfills;

	private final Map<String, String> throttle;

	PropertiesTidemarkCustomizer(TidemarkProperties properties) {
		this("tidemark.", properties, true);
	}

	/**
	 * Reads properties.
	 * @param prefix how they begin
	 * @param properties the properties
	 * @param readiness whether this process shows its readiness
	 */
	PropertiesTidemarkCustomizer(String prefix, TidemarkProperties properties, boolean readiness) {
		this.prefix = prefix;
		this.properties = properties;
		this.placeholders = placeholders(properties);
		this.filesystemRoot = path("files.root", properties.files().root());
		notEmpty("locations", properties.locations(), "must name at least one location");
		exclusions(properties.files().exclude());
		naming(properties.naming());
		check(properties.schemas().stream().allMatch(StringUtils::hasText), "schemas", properties.schemas(),
				"must not hold an empty name");
		notEmpty("history.table", properties.history().table().strip(), "must name a table");
		this.skip = skip(properties.run().skip());
		BackfillProperties said = properties.backfill();
		this.backfills = (said == null && readiness) ? null : new BackfillSettings(prefix, said, readiness).options();
		this.throttle = (said != null) ? said.throttle() : Map.of();
		if (!this.throttle.isEmpty()) {
			// Who starts is told of a wrong one, and not who works much later.
			ThrottleSettings.of(this.throttle);
		}
		times(properties);
		dev(properties.dev());
		pendingExitCode("plan", properties.plan());
		pendingExitCode("status", properties.status().print());
		background(properties.background());
		notNegative("inspection.timeout", properties.inspection().timeout().minusNanos(1), "must be more than 0");
	}

	private void naming(NamingProperties naming) {
		notEmpty("naming.repeatable-prefix", naming.repeatablePrefix(), "must not be empty");
		notEmpty("naming.undo-prefix", naming.undoPrefix(), "must not be empty");
		notEmpty("naming.baseline-prefix", naming.baselinePrefix(), "must not be empty");
		notEmpty("naming.separator", naming.separator(), "must not be empty");
		notEmpty("naming.suffixes", naming.suffixes(), "must name at least one suffix");
		check(!naming.suffixes().contains(""), "naming.suffixes", naming.suffixes(), "must not hold an empty suffix");
		Map<String, String> prefixes = new LinkedHashMap<>();
		differ(prefixes, "naming.repeatable-prefix", naming.repeatablePrefix());
		differ(prefixes, "naming.versioned-prefix", naming.versionedPrefix());
		differ(prefixes, "naming.undo-prefix", naming.undoPrefix());
		differ(prefixes, "naming.baseline-prefix", naming.baselinePrefix());
	}

	private void times(TidemarkProperties properties) {
		LocksProperties locks = properties.locks();
		ConnectionProperties connection = properties.connection();
		notNegative("locks.timeout", locks.timeout(), "must not be negative; 0 means no limit");
		notNegative("locks.concurrent-timeout", locks.concurrentTimeout(),
				"must not be negative; 0 means as long as it takes");
		notNegative("run.statement-timeout", properties.run().statementTimeout(),
				"must not be negative; 0 means no limit");
		notNegative("connection.client-check-interval", connection.clientCheckInterval(), LEFT_TO_THE_SERVER);
		notNegative("connection.client-timeout", connection.clientTimeout(), LEFT_TO_THE_SERVER);
		notNegative("locks.max-duration", locks.maxDuration(), "must not be negative; 0 means a single attempt");
		notNegative("locks.wait-timeout", locks.waitTimeout(), "must not be negative; 0 means not to wait");
	}

	private void dev(DevProperties dev) {
		check(dev.releasedUpTo() == null || dev.releasedAt() == null, "dev.released-at", dev.releasedAt(),
				"must not be set together with " + this.prefix + "dev.released-up-to");
		check(dev.releasedAt() == null || !dev.releasedAt().startsWith("-"), "dev.released-at", dev.releasedAt(),
				"must be the name of a branch, tag or commit");
	}

	private void background(BackgroundProperties background) {
		notNegative("background.retry-delay", background.retryDelay().minusNanos(1), "must be more than 0");
		notNegative("background.shutdown-timeout", background.shutdownTimeout(),
				"must not be negative; 0 means to cancel at once");
	}

	private void pendingExitCode(String mode, PrintProperties print) {
		int code = print.pendingExitCode();
		check(code >= 0 && code <= 255, mode + ".pending-exit-code", code, "must be from 0 to 255");
		check(!ExitCode.isReserved(code), mode + ".pending-exit-code", code,
				"must not be one that has a meaning already: " + ExitCode.reserved());
	}

	/** What is told of a wrong one is its name, never its value. */
	private Placeholders placeholders(TidemarkProperties properties) {
		PlaceholderProperties written = properties.placeholder();
		notUsable("placeholder.prefix", written.prefix());
		notUsable("placeholder.suffix", written.suffix());
		try {
			return new Placeholders(Placeholders.withoutOverridden(properties.placeholders()), written.prefix(),
					written.suffix(), written.replacement(), written.undeclared());
		}
		catch (IllegalArgumentException ex) {
			throw new UnusablePropertyException(this.prefix + "placeholders", properties.placeholders().keySet(),
					String.valueOf(ex.getMessage()));
		}
	}

	private Map<Identity, String> skip(Map<String, String> reasons) {
		Map<Identity, String> names = new HashMap<>();
		Map<Identity, String> skip = new HashMap<>();
		reasons.forEach((name, reason) -> {
			check(!reason.isBlank(), "run.skip." + name, reason, "must say why it does not run");
			Identity identity = Identity.of(name);
			String before = names.put(identity, name);
			check(before == null, "run.skip." + name, reason, "must stand alone: " + this.prefix + "run.skip." + before
					+ " names " + identity.inWords() + " too");
			skip.put(identity, reason);
		});
		return skip;
	}

	private void exclusions(List<String> patterns) {
		try {
			Exclusions unused = new Exclusions(patterns);
		}
		catch (IllegalArgumentException ex) {
			throw new UnusablePropertyException(this.prefix + "files.exclude", patterns,
					String.valueOf(ex.getMessage()));
		}
	}

	private @Nullable Path path(String name, @Nullable String value) {
		try {
			return (value != null) ? Path.of(value) : null;
		}
		catch (InvalidPathException ex) {
			throw new UnusablePropertyException(this.prefix + name, value,
					"must be the path of a folder: " + ex.getReason());
		}
	}

	private void notUsable(String name, String value) {
		check(value.chars().noneMatch((c) -> Character.isWhitespace(c) || c == '\'' || c == '"') && !value.isEmpty(),
				name, value, "must not be empty, nor hold blanks or quotes");
	}

	/** What a file is, its name alone has to tell. */
	private void differ(Map<String, String> others, String name, String value) {
		String other = others.putIfAbsent(value, name);
		check(other == null, name, value, "must differ from " + this.prefix + other);
	}

	private void notEmpty(String name, String value, String reason) {
		check(!value.isEmpty(), name, value, reason);
	}

	private void notEmpty(String name, List<?> value, String reason) {
		check(!value.isEmpty(), name, "", reason);
	}

	private void notNegative(String name, Duration value, String reason) {
		check(!value.isNegative(), name, value, reason);
	}

	private void check(boolean valid, String name, @Nullable Object value, String reason) {
		if (!valid) {
			throw new UnusablePropertyException(this.prefix + name, value, reason);
		}
	}

	/** Where nothing says that it may, only databases of tests are touched. */
	private @Nullable Redo redo(DevProperties dev) {
		if (!dev.redo()) {
			return null;
		}
		Redo.Ground ground = dev.throwAway() ? Redo.Ground.THROW_AWAY
				: Devtools.areActive(Thread.currentThread().getContextClassLoader()) ? Redo.Ground.DEVELOPMENT
						: Redo.Ground.TEST_DATABASE;
		MigrationVersion upTo = dev.releasedUpTo();
		return new Redo(ground, (sources) -> (upTo != null) ? ReleasedMigrations.upTo(upTo)
				: ReleasedMigrations.ofSources(dev.releasedAt(), sources));
	}

	@Override
	public void customize(Tidemark.Builder builder) {
		files(builder);
		builder.placeholders(this.placeholders);
		builder.schema(this.properties.schema());
		builder.schemas(this.properties.schemas());
		builder.createSchemas(this.properties.createSchemas());
		connection(builder, this.properties.connection());
		history(builder, this.properties.history());
		run(builder, this.properties.run());
		builder.outOfOrder(this.properties.validation().outOfOrder());
		builder.ignoreMissing(this.properties.validation().ignoreMissing());
		builder.ignoreChanged(this.properties.validation().ignoreChanged());
		builder.baseline(this.properties.baseline().version(), this.properties.baseline().reason(),
				this.properties.baseline().ignoredHistories());
		builder.lockTimeout(this.properties.locks().timeout());
		builder.concurrentLockTimeout(this.properties.locks().concurrentTimeout());
		builder.lockRetry(new LockRetry(this.properties.locks().maxDuration()));
		builder.waitTimeout(this.properties.locks().waitTimeout());
		builder.redo(redo(this.properties.dev()));
		builder.restorePoints(this.properties.backup().restorePoint());
		backfills(builder);
	}

	private void files(Tidemark.Builder builder) {
		FilesProperties files = this.properties.files();
		NamingProperties naming = this.properties.naming();
		builder.locations(this.properties.locations().stream().map(Location::toString).toList());
		builder.failOnMissingLocations(files.failOnMissingLocations());
		builder.filesystemRoot(this.filesystemRoot);
		builder.exclude(files.exclude());
		builder.encoding(files.encoding());
		builder.naming(new Naming(naming.versionedPrefix(), naming.repeatablePrefix(), naming.undoPrefix(),
				naming.baselinePrefix(), naming.separator(), naming.suffixes()));
	}

	private void backfills(Tidemark.Builder builder) {
		if (this.backfills != null) {
			builder.backfillOptions(this.backfills);
		}
		if (!this.throttle.isEmpty()) {
			builder.throttleSettings(this.throttle);
		}
		if (!this.properties.requires().isEmpty()) {
			builder.requires(this.properties.requires());
		}
	}

	private static void connection(Tidemark.Builder builder, ConnectionProperties connection) {
		builder.role(connection.role());
		builder.initSql(connection.initSql());
		builder.clientCheckInterval(connection.clientCheckInterval());
		builder.clientTimeout(connection.clientTimeout());
	}

	private static void history(Tidemark.Builder builder, HistoryProperties history) {
		builder.historyTable(history.table());
		builder.installedBy(history.installedBy());
		builder.tag(history.tag());
	}

	private void run(Tidemark.Builder builder, RunProperties run) {
		builder.target(run.target());
		builder.cherryPick(run.cherryPick());
		builder.skip(this.skip);
		if (!run.environments().isEmpty()) {
			builder.environments(run.environments());
		}
		builder.statementTimeout(run.statementTimeout());
		builder.asynchronousCommit(run.asynchronousCommit());
	}

}
