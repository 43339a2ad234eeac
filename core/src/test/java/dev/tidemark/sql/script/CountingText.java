package dev.tidemark.sql.script;

/**
 * A text that counts how many of its characters are looked at: the cost of reading it
 * without a clock.
 */
public final class CountingText implements CharSequence {

	private final String text;

	private final long[] count;

	public CountingText(String text) {
		this(text, new long[1]);
	}

	private CountingText(String text, long[] count) {
		this.text = text;
		this.count = count;
	}

	/**
	 * Returns how many characters have been looked at, in this text and its parts.
	 */
	public long count() {
		return this.count[0];
	}

	@Override
	public int length() {
		return this.text.length();
	}

	@Override
	public char charAt(int index) {
		this.count[0]++;
		return this.text.charAt(index);
	}

	@Override
	public CharSequence subSequence(int start, int end) {
		this.count[0] += end - start;
		return new CountingText(this.text.substring(start, end), this.count);
	}

	@Override
	public String toString() {
		this.count[0] += this.text.length();
		return this.text;
	}

}
