package dev.tidemark.test.clone;

import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * What tells one clone from all others. It is part of the names of the databases, and the
 * key of the advisory lock that says that their maker lives: nobody has to remember which
 * database is whose, and a database that was made a moment before its maker died can
 * still be told from one that is in use.
 *
 * @param value the key of the lock
 */
record CloneKey(long value) {

	private static final SecureRandom RANDOM = new SecureRandom();

	static CloneKey random() {
		return new CloneKey(RANDOM.nextLong());
	}

	/** Returns the name of the database that a test works on. */
	String cloneName() {
		return "tidemark_clone_" + HexFormat.of().toHexDigits(this.value);
	}

	/** Returns the name of a template until it is whole. */
	String buildingName() {
		return "tidemark_building_" + HexFormat.of().toHexDigits(this.value);
	}

}
