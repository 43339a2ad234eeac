package dev.tidemark.author;

import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

import dev.tidemark.migration.MigrationVersion;

/**
 * How the version of a new file is found.
 *
 * @since 0.1.0
 */
public enum VersionScheme {

	/** The last part of the newest version plus one, spelled alike. */
	SEQUENCE,

	/** The time in UTC, as {@code 20261120103000}. */
	TIMESTAMP;

	private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuuMMddHHmmss", Locale.ROOT);

	/** Returns the scheme that a version looks like. */
	static VersionScheme of(@Nullable MigrationVersion version) {
		try {
			LocalDateTime time = LocalDateTime.parse(String.valueOf(version), TIME);
			return (time.getYear() >= 1970) ? TIMESTAMP : SEQUENCE;
		}
		catch (DateTimeParseException ex) {
			return SEQUENCE;
		}
	}

	/** Returns a version above the newest one, as that is spelled. */
	String after(@Nullable String newest, Clock clock) {
		String next = (newest != null) ? MigrationVersion.following(newest) : "1";
		if (this == SEQUENCE) {
			return next;
		}
		String now = LocalDateTime.ofInstant(clock.instant(), ZoneOffset.UTC).format(TIME);
		// Clocks differ: what somebody else has made a moment ago may lie ahead.
		return (newest == null || MigrationVersion.of(now).compareTo(MigrationVersion.of(newest)) > 0) ? now : next;
	}

}
