package dev.tidemark.sql;

import java.util.Arrays;
import java.util.Collection;
import java.util.function.UnaryOperator;

/**
 * Finds many words in a text at once, in a time that grows with the lengths of words and
 * text only: the automaton of Aho and Corasick. It reads from right to left, so that it
 * knows for each place the longest word that begins there.
 * <p>
 * A word that shall not be a part of another one stands between two marks: in the text
 * there is one wherever something begins or ends that could be a word. So the automaton
 * need not look beyond what it finds.
 *
 * @since 0.1.0
 */
public final class Occurrences {

	/** Behind this a word may begin. */
	private static final char BEGIN = '\uFFFE';

	/** Before this a word may end. */
	private static final char END = '\uFFFF';

	private final boolean underscoreIsLetter;

	/** Open addressing: state and character, and in the other array the next state. */
	private long[] edges = new long[64];

	private int[] targets = new int[64];

	/** Of each state the length of the longest word that ends with it, or 0. */
	private int[] lengths = new int[32];

	private int[] parents = new int[32];

	private int[] depths = new int[32];

	private char[] characters = new char[32];

	/** Of each state the longest other one that is a suffix of it. */
	private int[] suffixes = {};

	private int states = 1;

	/**
	 * Prepares the search.
	 * @param whole words that are found only where they are no parts of other ones
	 * @param anywhere words that are found everywhere
	 * @param underscoreIsLetter whether an underscore is a part of words
	 */
	public Occurrences(Collection<String> whole, Collection<String> anywhere, boolean underscoreIsLetter) {
		this.underscoreIsLetter = underscoreIsLetter;
		whole.forEach((word) -> add(marked(word, true), word.length()));
		anywhere.forEach((word) -> add(marked(word, false), word.length()));
		link();
	}

	/**
	 * Replaces all occurrences; where several words begin, the longest one.
	 * @param text the text
	 * @param replacement what to put in the place of a word
	 * @return the text
	 */
	public String replace(String text, UnaryOperator<String> replacement) {
		int[] found = find(text);
		StringBuilder replaced = new StringBuilder(text.length());
		int i = 0;
		while (i < text.length()) {
			if (found[i] > 0) {
				replaced.append(replacement.apply(text.substring(i, i + found[i])));
				i += found[i];
			}
			else {
				replaced.append(text.charAt(i++));
			}
		}
		return replaced.toString();
	}

	/** Returns for each place the length of the longest word that begins there. */
	private int[] find(String text) {
		int[] found = new int[text.length()];
		int state = 0;
		for (int i = text.length() - 1; i >= 0; i--) {
			state = gap(state, text, i + 1);
			state = next(state, text.charAt(i));
			found[i] = this.lengths[state];
			if (isBegin(text, i)) {
				// The word that begins here is complete only with its mark.
				found[i] = Math.max(found[i], this.lengths[next(state, BEGIN)]);
			}
		}
		return found;
	}

	/** Reads the marks between two characters, from right to left. */
	private int gap(int state, String text, int offset) {
		int behind = isBegin(text, offset) ? next(state, BEGIN) : state;
		return isEnd(text, offset) ? next(behind, END) : behind;
	}

	/** Writes a word with its marks as it is met, from right to left. */
	private String marked(String word, boolean whole) {
		StringBuilder marked = new StringBuilder(word.length() * 2);
		for (int i = word.length(); i > 0; i--) {
			if (i < word.length()) {
				marked.append(isBegin(word, i) ? "" + BEGIN : "");
				marked.append(isEnd(word, i) ? "" + END : "");
			}
			else if (whole) {
				marked.append(END);
			}
			marked.append(word.charAt(i - 1));
		}
		return whole ? marked.append(BEGIN).toString() : marked.toString();
	}

	private boolean isBegin(String text, int offset) {
		return offset == 0 || !isLetter(text.codePointBefore(offset));
	}

	private boolean isEnd(String text, int offset) {
		return offset == text.length() || !isLetter(text.codePointAt(offset));
	}

	private boolean isLetter(int character) {
		if (character < 0x80) {
			return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z')
					|| (character >= '0' && character <= '9') || (character == '_' && this.underscoreIsLetter);
		}
		int type = Character.getType(character);
		return Character.isLetter(character) || type == Character.DECIMAL_DIGIT_NUMBER
				|| type == Character.LETTER_NUMBER || type == Character.OTHER_NUMBER;
	}

	private void add(String marked, int length) {
		int state = 0;
		for (int i = 0; i < marked.length(); i++) {
			int next = target(state, marked.charAt(i));
			state = (next > 0) ? next : create(state, marked.charAt(i));
		}
		this.lengths[state] = length;
	}

	private int create(int parent, char character) {
		int state = this.states++;
		if (state == this.lengths.length) {
			this.lengths = Arrays.copyOf(this.lengths, state * 2);
			this.parents = Arrays.copyOf(this.parents, state * 2);
			this.depths = Arrays.copyOf(this.depths, state * 2);
			this.characters = Arrays.copyOf(this.characters, state * 2);
		}
		this.parents[state] = parent;
		this.depths[state] = this.depths[parent] + 1;
		this.characters[state] = character;
		if (this.states * 2 > this.edges.length) {
			grow();
		}
		put(edge(parent, character), state);
		return state;
	}

	private void grow() {
		long[] former = this.edges;
		int[] formerTargets = this.targets;
		this.edges = new long[former.length * 2];
		this.targets = new int[former.length * 2];
		for (int i = 0; i < former.length; i++) {
			if (formerTargets[i] > 0) {
				put(former[i], formerTargets[i]);
			}
		}
	}

	private void put(long edge, int target) {
		int slot = slot(edge);
		this.edges[slot] = edge;
		this.targets[slot] = target;
	}

	/** Returns the slot of an edge, or where it would be. */
	private int slot(long edge) {
		int mask = this.edges.length - 1;
		int slot = (int) ((edge * 0x9E3779B97F4A7C15L) >>> 32) & mask;
		while (this.targets[slot] > 0 && this.edges[slot] != edge) {
			slot = (slot + 1) & mask;
		}
		return slot;
	}

	private static long edge(int state, char character) {
		return ((long) state << 16) | character;
	}

	private int target(int state, char character) {
		return this.targets[slot(edge(state, character))];
	}

	/** Links each state to its suffix: the short ones first. */
	private void link() {
		this.suffixes = new int[this.states];
		for (int state : byDepth()) {
			int parent = this.parents[state];
			this.suffixes[state] = (parent > 0) ? next(this.suffixes[parent], this.characters[state]) : 0;
			this.lengths[state] = Math.max(this.lengths[state], this.lengths[this.suffixes[state]]);
		}
	}

	/** Returns all states but the first one. */
	private int[] byDepth() {
		int[] starts = new int[this.states + 1];
		for (int state = 1; state < this.states; state++) {
			starts[this.depths[state] + 1]++;
		}
		for (int depth = 1; depth < starts.length; depth++) {
			starts[depth] += starts[depth - 1];
		}
		int[] sorted = new int[this.states - 1];
		for (int state = 1; state < this.states; state++) {
			sorted[starts[this.depths[state]]++] = state;
		}
		return sorted;
	}

	private int next(int from, char character) {
		int state = from;
		while (true) {
			int target = target(state, character);
			if (target > 0) {
				return target;
			}
			if (state == 0) {
				return 0;
			}
			state = this.suffixes[state];
		}
	}

}
