package dev.tidemark.run.recovery;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.tidemark.catalogue.Catalogue;
import dev.tidemark.catalogue.Index;
import dev.tidemark.catalogue.IndexTwins;
import dev.tidemark.catalogue.OtherSession;
import dev.tidemark.run.recovery.Verdict.NotDone;
import dev.tidemark.statement.Reindex;

/**
 * {@code REINDEX} in doubt. To rebuild an index once more is harmless; what a concurrent
 * rebuild leaves is an invalid twin of the index, the new one ({@code _ccnew}) or, after
 * they changed places, the old one ({@code _ccold}).
 */
final class ReindexRecovery {

	private static final Pattern SUFFIX = Pattern.compile("(.*)_cc(?:new|old)[0-9]*", Pattern.DOTALL);

	/** From this length in bytes on the server may have cut a name to add the suffix. */
	private static final int LONG_NAME = 60;

	private final Catalogue catalogue;

	private final Reindex statement;

	ReindexRecovery(Catalogue catalogue, Reindex statement) {
		this.catalogue = catalogue;
		this.statement = statement;
	}

	Verdict examine() throws SQLException {
		String again = "REINDEX may be run again at any time";
		if (!this.statement.concurrently()) {
			return new NotDone(again + ", and leaves nothing behind unless it runs concurrently.");
		}
		Map<Long, Index> leftovers = new LinkedHashMap<>();
		for (IndexTwins.Twin twin : new IndexTwins(this.catalogue).of(this.statement)) {
			if (isTwin(twin.name(), twin.other()) && !leftovers.containsKey(twin.invalid())) {
				Index index = Index.find(this.catalogue, twin.invalid());
				if (index != null) {
					leftovers.put(index.oid(), index);
				}
			}
		}
		if (leftovers.isEmpty()) {
			return new NotDone(again + ", and has left no invalid index behind.");
		}
		String seen = "REINDEX has left invalid indexes behind: "
				+ String.join(", ", leftovers.values().stream().map(Index::quoted).toList()) + ".";
		for (Index index : leftovers.values()) {
			OtherSession other = OtherSession.on(this.catalogue, index);
			if (other != null) {
				return Verdict.Undecided.atWork(other, seen);
			}
		}
		return new NotDone(seen, leftovers.values().stream().map(Index::dropped).toList());
	}

	private static boolean isTwin(String leftover, String name) {
		Matcher matcher = SUFFIX.matcher(leftover);
		if (!matcher.matches()) {
			return false;
		}
		String base = matcher.group(1);
		return base.equals(name) || (name.startsWith(base) && isLong(leftover));
	}

	private static boolean isLong(String name) {
		return name.getBytes(StandardCharsets.UTF_8).length >= LONG_NAME;
	}

}
