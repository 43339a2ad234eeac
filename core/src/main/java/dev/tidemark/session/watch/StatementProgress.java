package dev.tidemark.session.watch;

import org.jspecify.annotations.Nullable;

/**
 * How far a long command has come, as PostgreSQL itself reports it.
 *
 * @param phase what it is doing, in PostgreSQL's words
 * @param percent how much of the phase is done, 0 to 100, or {@code null} if PostgreSQL
 * does not know
 * @since 0.1.0
 * @see <a href="https://www.postgresql.org/docs/current/progress-reporting.html">progress
 * reporting</a>
 */
public record StatementProgress(String phase, @Nullable Integer percent) {

	/** Returns phase and percent in words. */
	@Override
	public String toString() {
		return (this.percent != null) ? this.phase + " " + this.percent + " %" : this.phase;
	}

}
