package dev.tidemark.sql;

/**
 * Translates offsets, asked for in ascending order, to lines and columns, so that a
 * script's lines are counted once and not once a statement.
 *
 * @since 0.1.0
 */
public final class LineCounter {

	private final String text;

	private int offset;

	private int line = 1;

	private int lineStart;

	public LineCounter(String text) {
		this.text = text;
	}

	/**
	 * Moves on.
	 * @param target the offset to move to, not before the one of the last call
	 */
	public void advanceTo(int target) {
		for (int i = this.offset; i < target; i++) {
			char c = this.text.charAt(i);
			if (c == '\n' || (c == '\r' && !isFollowedByLineFeed(i))) {
				this.line++;
				this.lineStart = i + 1;
			}
		}
		this.offset = target;
	}

	public int line() {
		return this.line;
	}

	public int column() {
		return this.offset - this.lineStart + 1;
	}

	private boolean isFollowedByLineFeed(int index) {
		return index + 1 < this.text.length() && this.text.charAt(index + 1) == '\n';
	}

}
