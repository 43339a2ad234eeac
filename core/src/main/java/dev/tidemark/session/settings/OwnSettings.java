package dev.tidemark.session.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What writes of the engine need within a transaction of a script: the session's own
 * role, search path and durability, as they were before any script, and no timeout. All
 * of it ends with the transaction, so that the script's session stays as the script made
 * it. With the search path of the session, triggers on what is written find their tables
 * as they do with everybody else's writes.
 *
 * @param user the session's own user
 * @param role the session's own role
 * @param searchPath the session's own search path
 * @param synchronousCommit how long a commit of the session waits
 * @param asynchronous whether a commit in the middle of a run may wait for nothing
 * @param timeouts the names of the settings that would cut a write off
 * @since 0.1.0
 */
public record OwnSettings(String user, String role, String searchPath, String synchronousCommit, boolean asynchronous,
		List<String> timeouts) {

	public OwnSettings {
		timeouts = List.copyOf(timeouts);
	}

	/** Returns the same settings with another search path. */
	OwnSettings with(String otherPath) {
		return new OwnSettings(this.user, this.role, otherPath, this.synchronousCommit, this.asynchronous,
				this.timeouts);
	}

	/**
	 * Returns the query that comes before a write.
	 * @param durable whether to wait until the commit is as durable as those of the
	 * session are. WAL keeps the order of commits, so a later durable one makes this one
	 * durable too; a crash of the server in between loses whole migrations with their
	 * history rows, and nothing else.
	 */
	public String sql(boolean durable) {
		List<Setting> settings = new ArrayList<>();
		settings.add(new Setting("session_authorization", this.user));
		settings.add(new Setting("role", this.role));
		settings.add(new Setting("search_path", this.searchPath));
		this.timeouts.forEach((timeout) -> settings.add(new Setting(timeout, 0)));
		settings.add(commit(durable));
		return "SELECT " + settings.stream().map(Setting::sqlWithinTransaction).collect(Collectors.joining(", "));
	}

	/** Returns how long the commit of a transaction waits. */
	public Setting commit(boolean durable) {
		return new Setting("synchronous_commit", (durable || !this.asynchronous) ? this.synchronousCommit : "off");
	}

}
