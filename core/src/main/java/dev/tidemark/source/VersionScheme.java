package dev.tidemark.source;

import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * How the version of a new file is found.
 */
public enum VersionScheme {

	/** The last part of the newest version plus one. */
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

	/** Returns a version above the newest one. */
	MigrationVersion after(@Nullable MigrationVersion newest, Clock clock) {
		MigrationVersion next = (newest != null) ? newest.next() : MigrationVersion.of("1");
		if (this == SEQUENCE) {
			return next;
		}
		MigrationVersion now = MigrationVersion
			.of(LocalDateTime.ofInstant(clock.instant(), ZoneOffset.UTC).format(TIME));
		// Clocks differ: what somebody else has made a moment ago may lie ahead.
		return (newest == null || now.compareTo(newest) > 0) ? now : next;
	}

}
