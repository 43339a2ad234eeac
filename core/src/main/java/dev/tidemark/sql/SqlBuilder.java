package dev.tidemark.sql;

/**
 * SQL that is put together of tokens, with blanks as a person would write them.
 *
 * @since 0.1.0
 */
public final class SqlBuilder {

	private final StringBuilder text = new StringBuilder();

	void append(String token) {
		char first = token.charAt(0);
		char last = this.text.isEmpty() ? '(' : this.text.charAt(this.text.length() - 1);
		if (",.()[]:".indexOf(first) < 0 && "([.:".indexOf(last) < 0) {
			this.text.append(' ');
		}
		this.text.append(token);
	}

	public boolean isEmpty() {
		return this.text.isEmpty();
	}

	@Override
	public String toString() {
		return this.text.toString();
	}

}
