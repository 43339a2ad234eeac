package dev.tidemark.statement;

import java.util.Set;

/**
 * Which lock the change of a storage parameter takes: what only says how rows are kept is
 * changed beside those who read and write ({@code reloptions.c} in the server).
 */
final class StorageParameters {

	/** Only these change what readers and writers have to know at once. */
	private static final Set<String> STRICT = Set.of("autosummarize", "buffering", "check_option", "fastupdate",
			"gin_pending_list_limit", "pages_per_range", "security_barrier", "security_invoker", "user_catalog_table");

	private StorageParameters() {
	}

	static LockMode lock(Set<String> names) {
		for (String name : names) {
			String plain = name.startsWith("toast.") ? name.substring("toast.".length()) : name;
			if (STRICT.contains(plain)) {
				return LockMode.ACCESS_EXCLUSIVE;
			}
		}
		return LockMode.SHARE_UPDATE_EXCLUSIVE;
	}

}
