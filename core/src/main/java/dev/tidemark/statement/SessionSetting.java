package dev.tidemark.statement;

/**
 * A setting that a statement changes for the rest of its session.
 *
 * @param name the name in lower case, {@code timezone} for {@code TIME ZONE}, and
 * {@code all} where all are set back
 * @param reset whether it gets the value again that the session began with
 * @since 0.1.0
 */
public record SessionSetting(String name, boolean reset) {

	/** The name that stands for all settings. */
	public static final String ALL = "all";

	/**
	 * Tells whether the statement is about a setting.
	 * @param setting the name of the setting in lower case
	 * @return {@code true} also if all settings are set back
	 */
	public boolean concerns(String setting) {
		return this.name.equals(setting) || (this.reset && this.name.equals(ALL));
	}

}
