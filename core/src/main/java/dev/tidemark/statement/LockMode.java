package dev.tidemark.statement;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * The modes in which PostgreSQL locks tables and other relations, from the weakest to the
 * strongest. Which of them are in each other's way is told by the table of the
 * documentation, "Explicit Locking", 13.3.1.
 *
 * @since 0.1.0
 */
public enum LockMode {

	/** Taken by what only reads. */
	ACCESS_SHARE,

	/** Taken by {@code SELECT … FOR UPDATE} and the like. */
	ROW_SHARE,

	/** Taken by what writes rows. */
	ROW_EXCLUSIVE,

	/** Taken by {@code VACUUM}, {@code ANALYZE} and what runs {@code CONCURRENTLY}. */
	SHARE_UPDATE_EXCLUSIVE,

	/** Taken by {@code CREATE INDEX}; nobody writes meanwhile. */
	SHARE,

	/** Taken by {@code CREATE TRIGGER} and foreign keys; nobody writes meanwhile. */
	SHARE_ROW_EXCLUSIVE,

	/** Taken by {@code REFRESH MATERIALIZED VIEW CONCURRENTLY}. */
	EXCLUSIVE,

	/** Taken by most of {@code ALTER TABLE}; nobody even reads meanwhile. */
	ACCESS_EXCLUSIVE;

	private static final LockMode[] MODES = values();

	/**
	 * Return whether holders of one mode keep those out who want the other.
	 * @param other the other mode
	 * @return {@code true} if two sessions cannot have both at the same time
	 */
	public boolean conflictsWith(LockMode other) {
		return conflicts().contains(other);
	}

	/**
	 * Return the modes that are in the way of this one.
	 * @return the modes that no other session may hold meanwhile
	 */
	public Set<LockMode> conflicts() {
		return switch (this) {
			case ACCESS_SHARE -> EnumSet.of(ACCESS_EXCLUSIVE);
			case ROW_SHARE -> EnumSet.range(EXCLUSIVE, ACCESS_EXCLUSIVE);
			case ROW_EXCLUSIVE -> EnumSet.range(SHARE, ACCESS_EXCLUSIVE);
			case SHARE_UPDATE_EXCLUSIVE -> EnumSet.range(SHARE_UPDATE_EXCLUSIVE, ACCESS_EXCLUSIVE);
			case SHARE ->
				EnumSet.of(ROW_EXCLUSIVE, SHARE_UPDATE_EXCLUSIVE, SHARE_ROW_EXCLUSIVE, EXCLUSIVE, ACCESS_EXCLUSIVE);
			case SHARE_ROW_EXCLUSIVE -> EnumSet.range(ROW_EXCLUSIVE, ACCESS_EXCLUSIVE);
			case EXCLUSIVE -> EnumSet.range(ROW_SHARE, ACCESS_EXCLUSIVE);
			case ACCESS_EXCLUSIVE -> EnumSet.allOf(LockMode.class);
		};
	}

	/**
	 * Return whether ordinary readers or writers have to wait while it is held, and queue
	 * behind whoever waits for it.
	 * @return {@code true} from {@link #SHARE} on
	 */
	public boolean isStrong() {
		return compareTo(SHARE) >= 0;
	}

	/**
	 * Return the stronger one of two modes.
	 * @param other the other mode
	 * @return this mode, or the other one if it is stronger
	 */
	public LockMode strongest(LockMode other) {
		return (compareTo(other) >= 0) ? this : other;
	}

	/**
	 * Return the mode as {@code LOCK TABLE … IN … MODE} takes it.
	 * @return the keywords, such as {@code SHARE UPDATE EXCLUSIVE}
	 */
	public String sql() {
		return name().replace('_', ' ');
	}

	/**
	 * Return the name of the mode in {@code pg_locks}.
	 * @return the name, such as {@code ShareUpdateExclusiveLock}
	 */
	public String catalogueName() {
		StringBuilder name = new StringBuilder();
		for (String word : name().split("_")) {
			name.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
		}
		return name.append("Lock").toString();
	}

	/**
	 * Return the mode that {@code pg_locks} calls by a name.
	 * @param name the name, such as {@code AccessExclusiveLock}
	 * @return the mode
	 * @throws IllegalArgumentException if relations are not locked in such a mode
	 */
	public static LockMode ofCatalogue(String name) {
		return Arrays.stream(MODES)
			.filter((mode) -> mode.catalogueName().equals(name))
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException("No mode of a lock on a relation: " + name));
	}

}
