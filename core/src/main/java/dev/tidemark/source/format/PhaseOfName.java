package dev.tidemark.source.format;

import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.NearestWord;
import dev.tidemark.migration.Phase;

/**
 * What stands behind the last point of a file's name, without its suffix, if that is a
 * phase, or nearly one.
 *
 * @param rest what stands before the point; the whole name if there is no phase
 * @param written the word as the name has it; empty if there is none
 * @param nearest the phase that the word is, or that it is near to; {@link Phase#EXPAND}
 * if it is neither
 */
record PhaseOfName(String rest, String written, Phase nearest) {

	/** Files are called after tables, and there are words near to this phase. */
	private static final List<String> NO_CONTRACT = List.of("contact", "contrast");

	static PhaseOfName of(String base) {
		int point = base.lastIndexOf('.');
		String word = base.substring(point + 1);
		if (point > 0 && isNear(word, Phase.BACKFILL, 2)) {
			return new PhaseOfName(base.substring(0, point), word, Phase.BACKFILL);
		}
		if (point > 0 && isNear(word, Phase.CONTRACT, 1) && !NO_CONTRACT.contains(word.toLowerCase(Locale.ROOT))) {
			return new PhaseOfName(base.substring(0, point), word, Phase.CONTRACT);
		}
		return new PhaseOfName(base, "", Phase.EXPAND);
	}

	private static boolean isNear(String word, Phase phase, int changes) {
		String known = phase.toString();
		// A word that is much longer or shorter needs no comparison.
		return Math.abs(word.length() - known.length()) <= changes
				&& NearestWord.of(word, List.of(known), changes) != null;
	}

	/** Returns the end of a name without separator: its phase, if any, and its suffix. */
	static String ending(String name, String suffix) {
		String base = name.endsWith(suffix) ? name.substring(0, name.length() - suffix.length()) : name;
		Phase phase = of(base).phase();
		return ((phase != null) ? phase.ending() : "") + suffix;
	}

	/** Return whether there is a word that may be meant as a phase. */
	boolean isMeant() {
		return !this.written.isEmpty();
	}

	/** Return the phase that the name says, or {@code null} if it says none exactly. */
	@Nullable Phase phase() {
		return (isMeant() && this.nearest.toString().equals(this.written)) ? this.nearest : null;
	}

}
