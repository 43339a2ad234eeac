package dev.tidemark.session.watch;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.secret.Secrets;

/**
 * Puts into words what is known of a session of somebody else, and leaves out what may
 * not be seen.
 *
 * @since 0.1.0
 */
public final class SessionWords {

	/** What the server shows in place of a statement that may not be seen. */
	private static final String HIDDEN = "'<insufficient privilege>'";

	private final int pid;

	private final List<String> parts = new ArrayList<>();

	public SessionWords(int pid) {
		this.pid = pid;
	}

	/**
	 * Returns the SQL of the grant that would show to whoever asks what a session does;
	 * {@code null} if it is shown.
	 * @param query the column with its statement
	 */
	public static String grant(String query) {
		return "CASE WHEN " + query + " = " + HIDDEN + " THEN 'GRANT pg_read_all_stats TO '"
				+ " || pg_catalog.quote_ident(session_user) END";
	}

	/** Returns the SQL of a statement that may be seen. */
	public static String visible(String query) {
		return "CASE WHEN " + query + " <> " + HIDDEN + " THEN " + query + " END";
	}

	/**
	 * Returns the SQL of what a session calls itself; of what is no client, of what it
	 * is. An autovacuum belongs to no user, so that little of it is shown to most.
	 * @param activity stands for {@code pg_stat_activity}
	 */
	public static String application(String activity) {
		return """
				CASE WHEN x.application_name <> '' THEN x.application_name
				  WHEN x.backend_type = 'autovacuum worker' AND pg_catalog.strpos(x.query, '(to prevent wraparound)') > 0
				    THEN 'autovacuum (to prevent wraparound)'
				  WHEN x.backend_type = 'autovacuum worker' THEN 'autovacuum'
				  WHEN x.pid IS NOT NULL AND x.backend_type IS NULL AND x.usesysid IS NULL
				    THEN 'an autovacuum, or another process of the server'
				  ELSE x.application_name END"""
			.replace("x.", activity + ".");
	}

	/**
	 * Returns the beginning of a statement on one line, without secrets and string
	 * constants: nobody here knows what another session works with.
	 */
	public static @Nullable String excerpt(@Nullable String query, UnaryOperator<String> mask) {
		return (query != null) ? Secrets.mask(Secrets.withoutConstants(mask.apply(query))) : null;
	}

	/** Returns a number of milliseconds; {@code null} where it may not be seen. */
	public static @Nullable Duration millis(ResultSet results, int column) throws SQLException {
		long millis = results.getLong(column);
		return results.wasNull() ? null : Duration.ofMillis(millis);
	}

	public SessionWords add(String before, @Nullable Object value, String after) {
		if (value != null && !value.toString().isEmpty()) {
			this.parts.add(before + value + after);
		}
		return this;
	}

	public SessionWords add(@Nullable Object value) {
		return add("", value, "");
	}

	/**
	 * Says once for several sessions what shows the rest of them.
	 * @param grants the grants that are needed, {@code null} where none is
	 */
	public static String toSeeMore(Stream<@Nullable String> grants) {
		return grants.filter(Objects::nonNull)
			.findFirst()
			.map((grant) -> "; what may not be seen is shown after " + grant)
			.orElse("");
	}

	@Override
	public String toString() {
		return "pid " + this.pid + (this.parts.isEmpty() ? "" : " (" + String.join(", ", this.parts) + ")");
	}

}
