package dev.tidemark.error;

import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * How messages name the settings of a database: those of one of several begin otherwise
 * than those of the only one. Like what a log knows of its context, the names belong to
 * the thread, so that all who tell of a setting find them; threads that a run starts
 * inherit them. What is said for the application as a whole, such as
 * {@code tidemark.mode}, has one name everywhere.
 *
 * @param prefix how the settings begin, as {@code tidemark.}
 * @since 0.1.0
 */
public record SettingNames(String prefix) {

	/** The names of the settings of the only database. */
	public static final SettingNames DEFAULT = new SettingNames("tidemark.");

	private static final ThreadLocal<@Nullable SettingNames> current = new InheritableThreadLocal<>();

	/**
	 * Returns the name of a setting, as the people write it whose database is at work.
	 * @param setting which one, as {@code locks.timeout}
	 * @return its whole name
	 */
	public static String name(String setting) {
		SettingNames names = current.get();
		return ((names != null) ? names : DEFAULT).prefix + setting;
	}

	/**
	 * Does something for the database that has these names.
	 * @param <T> the type of what comes of it
	 * @param work what to do
	 * @return what came of it
	 */
	public <T> T during(Supplier<T> work) {
		SettingNames before = current.get();
		current.set(this);
		try {
			return work.get();
		}
		finally {
			restore(before);
		}
	}

	/**
	 * Does something of which nothing comes for the database that has these names.
	 * @param work what to do
	 */
	public void doing(Runnable work) {
		during(() -> {
			work.run();
			return this;
		});
	}

	private static void restore(@Nullable SettingNames before) {
		if (before != null) {
			current.set(before);
		}
		else {
			current.remove();
		}
	}

}
