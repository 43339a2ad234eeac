package dev.tidemark.autoconfigure;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

import dev.tidemark.Tidemark;
import dev.tidemark.autoconfigure.TidemarkProperties.DevProperties;
import dev.tidemark.autoconfigure.TidemarkProperties.PrintProperties;
import dev.tidemark.run.LockRetry;
import dev.tidemark.run.Redo;
import dev.tidemark.source.Exclusions;
import dev.tidemark.source.Identity;
import dev.tidemark.source.Location;
import dev.tidemark.source.MigrationVersion;
import dev.tidemark.source.Naming;
import dev.tidemark.source.Placeholders;
import dev.tidemark.source.Release;

/**
 * Hands the properties on to the engine. What the engine would refuse is refused here
 * with the name of the property.
 */
final class PropertiesTidemarkCustomizer implements TidemarkCustomizer {

	private static final String LEFT_TO_THE_SERVER = "must not be negative; 0 leaves to the server what it does";

	private final String prefix;

	private final TidemarkProperties properties;

	private final Placeholders placeholders;

	private final @Nullable Path filesystemRoot;

	private final Map<Identity, String> skip;

	PropertiesTidemarkCustomizer(TidemarkProperties properties) {
		this("tidemark.", properties);
	}

	PropertiesTidemarkCustomizer(String prefix, TidemarkProperties properties) {
		this.prefix = prefix;
		this.properties = properties;
		notUsable("placeholder-prefix", properties.placeholderPrefix());
		notUsable("placeholder-suffix", properties.placeholderSuffix());
		this.placeholders = placeholders(properties);
		this.filesystemRoot = path("filesystem-root", properties.filesystemRoot());
		notEmpty("locations", properties.locations(), "must name at least one location");
		exclusions(properties.exclude());
		notEmpty("repeatable-prefix", properties.repeatablePrefix(), "must not be empty");
		notEmpty("undo-prefix", properties.undoPrefix(), "must not be empty");
		notEmpty("baseline-prefix", properties.baselinePrefix(), "must not be empty");
		notEmpty("separator", properties.separator(), "must not be empty");
		notEmpty("suffixes", properties.suffixes(), "must name at least one suffix");
		check(!properties.suffixes().contains(""), "suffixes", properties.suffixes(), "must not hold an empty suffix");
		differ("versioned-prefix", properties.versionedPrefix(), "repeatable-prefix", properties.repeatablePrefix());
		differ("undo-prefix", properties.undoPrefix(), "versioned-prefix", properties.versionedPrefix());
		differ("undo-prefix", properties.undoPrefix(), "repeatable-prefix", properties.repeatablePrefix());
		differ("baseline-prefix", properties.baselinePrefix(), "versioned-prefix", properties.versionedPrefix());
		differ("baseline-prefix", properties.baselinePrefix(), "repeatable-prefix", properties.repeatablePrefix());
		differ("baseline-prefix", properties.baselinePrefix(), "undo-prefix", properties.undoPrefix());
		check(properties.schemas().stream().allMatch(StringUtils::hasText), "schemas", properties.schemas(),
				"must not hold an empty name");
		notEmpty("history-table", properties.historyTable().strip(), "must name a table");
		this.skip = skip(properties.skip());
		notNegative("lock-timeout", properties.lockTimeout(), "must not be negative; 0 means no limit");
		notNegative("statement-timeout", properties.statementTimeout(), "must not be negative; 0 means no limit");
		notNegative("client-check-interval", properties.clientCheckInterval(), LEFT_TO_THE_SERVER);
		notNegative("client-timeout", properties.clientTimeout(), LEFT_TO_THE_SERVER);
		notNegative("lock-retry.max-duration", properties.lockRetry().maxDuration(),
				"must not be negative; 0 means a single attempt");
		notNegative("wait-timeout", properties.waitTimeout(), "must not be negative; 0 means not to wait");
		DevProperties dev = properties.dev();
		check(dev.releasedUpTo() == null || dev.releasedAt() == null, "dev.released-at", dev.releasedAt(),
				"must not be set together with " + prefix + "dev.released-up-to");
		check(dev.releasedAt() == null || !dev.releasedAt().startsWith("-"), "dev.released-at", dev.releasedAt(),
				"must be the name of a branch, tag or commit");
		pendingExitCode("plan", properties.plan());
		pendingExitCode("status", properties.status().print());
		notNegative("background.retry-delay", properties.background().retryDelay().minusNanos(1),
				"must be more than 0");
		notNegative("background.shutdown-timeout", properties.background().shutdownTimeout(),
				"must not be negative; 0 means to cancel at once");
		notNegative("inspection-timeout", properties.inspectionTimeout().minusNanos(1), "must be more than 0");
	}

	private void pendingExitCode(String mode, PrintProperties print) {
		int code = print.pendingExitCode();
		check(code >= 0 && code <= 255, mode + ".pending-exit-code", code, "must be from 0 to 255");
		check(!ExitCode.isReserved(code), mode + ".pending-exit-code", code,
				"must not be one that has a meaning already: " + ExitCode.reserved());
	}

	/** What is told of a wrong one is its name, never its value. */
	private Placeholders placeholders(TidemarkProperties properties) {
		try {
			return new Placeholders(Placeholders.withoutOverridden(properties.placeholders()),
					properties.placeholderPrefix(), properties.placeholderSuffix(), properties.placeholderReplacement(),
					properties.undeclaredPlaceholders());
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
			check(!reason.isBlank(), "skip." + name, reason, "must say why it does not run");
			Identity identity = Identity.of(name);
			String before = names.put(identity, name);
			check(before == null, "skip." + name, reason,
					"must stand alone: " + this.prefix + "skip." + before + " names " + identity.inWords() + " too");
			skip.put(identity, reason);
		});
		return skip;
	}

	private void exclusions(List<String> patterns) {
		try {
			Exclusions unused = new Exclusions(patterns);
		}
		catch (IllegalArgumentException ex) {
			throw new UnusablePropertyException(this.prefix + "exclude", patterns, String.valueOf(ex.getMessage()));
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

	private void differ(String name, String value, String otherName, String other) {
		check(!value.equals(other), name, value, "must differ from " + this.prefix + otherName);
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
		return new Redo(ground,
				(sources) -> (upTo != null) ? Release.upTo(upTo) : Release.ofSources(dev.releasedAt(), sources));
	}

	@Override
	public void customize(Tidemark.Builder builder) {
		builder.locations(this.properties.locations().stream().map(Location::toString).toList());
		builder.failOnMissingLocations(this.properties.failOnMissingLocations());
		builder.filesystemRoot(this.filesystemRoot);
		builder.exclude(this.properties.exclude());
		builder.encoding(this.properties.encoding());
		builder.naming(new Naming(this.properties.versionedPrefix(), this.properties.repeatablePrefix(),
				this.properties.undoPrefix(), this.properties.baselinePrefix(), this.properties.separator(),
				this.properties.suffixes()));
		builder.placeholders(this.placeholders);
		builder.schema(this.properties.schema());
		builder.schemas(this.properties.schemas());
		builder.createSchemas(this.properties.createSchemas());
		builder.historyTable(this.properties.historyTable());
		builder.target(this.properties.target());
		builder.outOfOrder(this.properties.outOfOrder());
		builder.ignoreMissing(this.properties.ignoreMissing());
		builder.ignoreChanged(this.properties.ignoreChanged());
		builder.baseline(this.properties.baseline().version(), this.properties.baseline().reason(),
				this.properties.baseline().ignoredHistories());
		builder.cherryPick(this.properties.cherryPick());
		builder.skip(this.skip);
		if (!this.properties.environments().isEmpty()) {
			builder.environments(this.properties.environments());
		}
		builder.redo(redo(this.properties.dev()));
		builder.restorePoints(this.properties.backup().restorePoint());
		builder.tag(this.properties.tag());
		builder.lockTimeout(this.properties.lockTimeout());
		builder.lockRetry(new LockRetry(this.properties.lockRetry().maxDuration()));
		builder.statementTimeout(this.properties.statementTimeout());
		builder.clientCheckInterval(this.properties.clientCheckInterval());
		builder.clientTimeout(this.properties.clientTimeout());
		builder.asynchronousCommit(this.properties.asynchronousCommit());
		builder.waitTimeout(this.properties.waitTimeout());
		builder.installedBy(this.properties.installedBy());
		builder.role(this.properties.role());
		builder.initSql(this.properties.initSql());
	}

}
