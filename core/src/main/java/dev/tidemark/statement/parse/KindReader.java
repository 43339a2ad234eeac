package dev.tidemark.statement.parse;

import dev.tidemark.statement.ObjectKind;

/**
 * Reads the keywords of a kind of object.
 */
final class KindReader {

	private static final ObjectKind[] KINDS = ObjectKind.values();

	private final SqlReader sql;

	KindReader(SqlReader sql) {
		this.sql = sql;
	}

	ObjectKind read() {
		if (this.sql.acceptAny("USER", "GROUP")) {
			return this.sql.accept("MAPPING") ? ObjectKind.USER_MAPPING : ObjectKind.ROLE;
		}
		ObjectKind longest = null;
		int start = this.sql.start();
		int length = 0;
		for (ObjectKind kind : KINDS) {
			String[] words = kind.sql().split(" ");
			if (words.length > length && this.sql.accept(words)) {
				longest = kind;
				length = words.length;
				this.sql.backTo(start);
			}
		}
		ObjectKind kind = this.sql.require(longest);
		this.sql.expect(kind.sql().split(" "));
		return kind;
	}

}
