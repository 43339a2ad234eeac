package dev.tidemark.tenant;

import java.time.Duration;
import java.util.Locale;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.sql.PlainText;

/**
 * What a run did in the schema of one tenant.
 *
 * @param schema the schema
 * @param state what became of it
 * @param applied how many migrations ran
 * @param currentVersion the newest version in the schema now, or {@code null} if there is
 * none, or it was not asked
 * @param duration how long it took; zero if it was found up to date together with others,
 * or not begun
 * @param failure why it failed, or {@code null}
 * @since 0.1.0
 */
public record TenantOutcome(String schema, State state, int applied, @Nullable MigrationVersion currentVersion,
		Duration duration, @Nullable TidemarkException failure) {

	/** What is wrong with the server is wrong for all tenants. */
	private static final Set<ErrorCode> OF_ALL = Set.of(ErrorCode.NOT_POSTGRESQL, ErrorCode.SERVER_TOO_OLD,
			ErrorCode.POOLER);

	/** Tells whether it failed because of something that no tenant can do without. */
	public boolean concernsAll() {
		return this.failure != null && concernsAll(this.failure);
	}

	public static boolean concernsAll(TidemarkException failure) {
		return failure.code().isNotConnected() || OF_ALL.contains(failure.code());
	}

	/** Returns the schema for messages, whatever characters it is made of. */
	String quotedSchema() {
		return '"' + PlainText.line(this.schema) + '"';
	}

	/**
	 * What became of a tenant.
	 *
	 * @since 0.1.0
	 */
	public enum State {

		/** Nothing was pending. */
		UP_TO_DATE,

		/** Migrations ran, and now nothing is pending. */
		MIGRATED,

		/** It cannot be migrated, or is not as expected; the failure says why. */
		FAILED,

		/** The run ended before its turn came. */
		NOT_BEGUN;

		/** Returns the name that log and meters use, such as {@code up-to-date}. */
		@Override
		public String toString() {
			return name().toLowerCase(Locale.ROOT).replace('_', '-');
		}

	}

}
