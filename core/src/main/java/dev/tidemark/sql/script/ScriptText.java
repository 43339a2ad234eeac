package dev.tidemark.sql.script;

import java.util.Arrays;

/**
 * The text of a script as it is run, and the way back to what the file says, where
 * placeholders stand.
 */
final class ScriptText {

	private final String source;

	private final String text;

	/** Where the value of each placeholder starts in the text. */
	private final int[] starts;

	/** Where it ends in the text. */
	private final int[] ends;

	/** Where the placeholder starts in the source. */
	private final int[] sourceStarts;

	/** Where it ends in the source. */
	private final int[] sourceEnds;

	private ScriptText(String source, String text, int[] starts, int[] ends, int[] sourceStarts, int[] sourceEnds) {
		this.source = source;
		this.text = text;
		this.starts = starts;
		this.ends = ends;
		this.sourceStarts = sourceStarts;
		this.sourceEnds = sourceEnds;
	}

	/** Returns a text that is run as the file has it. */
	static ScriptText of(String source) {
		int[] none = {};
		return new ScriptText(source, source, none, none, none, none);
	}

	/** Returns the same script with another text of the same length. */
	ScriptText withText(String other) {
		return new ScriptText(this.source, other, this.starts, this.ends, this.sourceStarts, this.sourceEnds);
	}

	String source() {
		return this.source;
	}

	String text() {
		return this.text;
	}

	/**
	 * Returns where in the source the character at an offset comes from.
	 * @param offset the offset in the text
	 * @return its offset in the source; for a part of a value the start of its
	 * placeholder
	 */
	int sourceStart(int offset) {
		int part = partBefore(offset);
		if (part < 0) {
			return offset;
		}
		return (offset < this.ends[part]) ? this.sourceStarts[part] : this.sourceEnds[part] + offset - this.ends[part];
	}

	/**
	 * Returns where in the source the text before an offset ends.
	 * @param end an exclusive offset in the text, more than 0
	 * @return the exclusive offset in the source; for a part of a value the end of its
	 * placeholder
	 */
	int sourceEnd(int end) {
		int part = partBefore(end - 1);
		return (part >= 0 && end - 1 < this.ends[part]) ? this.sourceEnds[part] : sourceStart(end - 1) + 1;
	}

	/** Returns how many placeholders have got a value. */
	int placeholders() {
		return this.starts.length;
	}

	/** Returns where in the source a placeholder starts. */
	int placeholderStart(int placeholder) {
		return this.sourceStarts[placeholder];
	}

	/** Returns where in the source a placeholder ends. */
	int placeholderEnd(int placeholder) {
		return this.sourceEnds[placeholder];
	}

	/**
	 * Returns the text with the first values only.
	 * @param count how many values, at least 1
	 * @param rest what stands in the place of the source behind them, of its length
	 */
	String withFirst(int count, String rest) {
		return this.text.substring(0, this.ends[count - 1]) + rest.substring(this.sourceEnds[count - 1]);
	}

	/** Returns the last placeholder that does not start behind an offset, or -1. */
	private int partBefore(int offset) {
		int low = 0;
		int high = this.starts.length;
		while (low < high) {
			int middle = (low + high) >>> 1;
			if (this.starts[middle] <= offset) {
				low = middle + 1;
			}
			else {
				high = middle;
			}
		}
		return low - 1;
	}

	/** Makes a text from its source, from start to end. */
	static final class Builder {

		private final String source;

		private final StringBuilder text;

		private int copied;

		private int count;

		private int[] starts = new int[4];

		private int[] ends = new int[4];

		private int[] sourceStarts = new int[4];

		private int[] sourceEnds = new int[4];

		Builder(String source) {
			this.source = source;
			this.text = new StringBuilder(source.length());
		}

		void replace(int start, int end, String value) {
			if (this.count == this.starts.length) {
				this.starts = Arrays.copyOf(this.starts, this.count * 2);
				this.ends = Arrays.copyOf(this.ends, this.count * 2);
				this.sourceStarts = Arrays.copyOf(this.sourceStarts, this.count * 2);
				this.sourceEnds = Arrays.copyOf(this.sourceEnds, this.count * 2);
			}
			this.text.append(this.source, this.copied, start);
			this.copied = end;
			this.starts[this.count] = this.text.length();
			this.text.append(value);
			this.ends[this.count] = this.text.length();
			this.sourceStarts[this.count] = start;
			this.sourceEnds[this.count] = end;
			this.count++;
		}

		/** Returns how many placeholders have got a value so far. */
		int count() {
			return this.count;
		}

		int sourceStart(int placeholder) {
			return this.sourceStarts[placeholder];
		}

		int sourceEnd(int placeholder) {
			return this.sourceEnds[placeholder];
		}

		/**
		 * Finds the first value with an odd number of quotes.
		 * @param first the placeholder to begin with
		 * @return the placeholder, or -1 if all values since then have an even number
		 * together, or one has a backslash
		 */
		int firstOdd(int first, char quote) {
			int odd = -1;
			int quotes = 0;
			for (int i = first; i < this.count; i++) {
				int own = 0;
				for (int j = this.starts[i]; j < this.ends[i]; j++) {
					if (this.text.charAt(j) == '\\') {
						return -1;
					}
					own += (this.text.charAt(j) == quote) ? 1 : 0;
				}
				odd = (odd < 0 && own % 2 == 1) ? i : odd;
				quotes += own;
			}
			return (quotes % 2 == 1) ? odd : -1;
		}

		ScriptText build() {
			this.text.append(this.source, this.copied, this.source.length());
			this.copied = this.source.length();
			return new ScriptText(this.source, this.text.toString(), Arrays.copyOf(this.starts, this.count),
					Arrays.copyOf(this.ends, this.count), Arrays.copyOf(this.sourceStarts, this.count),
					Arrays.copyOf(this.sourceEnds, this.count));
		}

	}

}
