package dev.tidemark.session.script;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.history.Basis;
import dev.tidemark.history.HistoryEntry;
import dev.tidemark.history.MigrationState;
import dev.tidemark.migration.Identity;
import dev.tidemark.session.script.SessionRecord.Held;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the journal has of a session.
 */
class SessionRecordTests {

	private static final SessionRecord RECORD = new SessionRecord(
			new TreeMap<>(Map.of("search_path", "\"a b\", public", "app.x", "a=b&c;~%7E ü\n", "empty", "")),
			new TreeMap<>(Map.of("app.key", "0123456789abcdefghij_-.ABCDEFGHIJABCDEFGHIJ12")),
			Set.of(Held.LOCK, Held.TEMPORARY), false, Set.of())
		.afterTelling(List.of("role was a, and is b", "it had temporary tables"));

	private static HistoryEntry entry(String journal) {
		return new HistoryEntry(1, new Identity.Repeatable("r"), "r", "R__r.sql", null, MigrationState.RUNNING, 2, 1,
				journal, false);
	}

	@Test
	void itIsReadAsItIsWritten() {
		assertThat(SessionRecord.parse(List.of("alone", RECORD.toString()))).isEqualTo(RECORD);
	}

	@Test
	void itIsOneWordWithoutBlanks() {
		assertThat(RECORD.toString())
			.matches("session=1;temporary,lock,uncertain,told:[0-9a-f]{16},told:[0-9a-f]{16};\\S+");
	}

	@Test
	void ofOneInWhichNothingHappenedNothingIsMadeUp() {
		SessionRecord empty = new SessionRecord(new TreeMap<>(), new TreeMap<>(), EnumSet.noneOf(Held.class), true,
				Set.of());

		assertThat(SessionRecord.parse(List.of(empty.toString()))).isEqualTo(empty);
	}

	@Test
	void whatWasToldIsToldAndWhatWasPutRightSinceNeedNotBe() {
		assertThat(RECORD.hasTold(List.of("it had temporary tables", "role was a, and is b"))).isTrue();
		assertThat(RECORD.hasTold(List.of("role was a, and is b"))).isTrue();
		assertThat(RECORD.uncertain().hasTold(List.of("role was a, and is b"))).isTrue();
	}

	@Test
	void whatIsNewWasNotTold() {
		assertThat(RECORD.hasTold(List.of("role was a, and is b", "role was a, and is c"))).isFalse();
		assertThat(RECORD.afterTelling(List.of("other")).hasTold(List.of("role was a, and is b"))).isFalse();
	}

	@Test
	void theMarkOfAnOlderVersionTellsOfNoDifference() {
		SessionRecord record = SessionRecord.parse(List.of("session=1;lock,told;role=none"));

		assertThat(record).isNotNull();
		assertThat(record.held()).containsExactly(Held.LOCK);
		assertThat(record.hasTold(List.of("it had advisory locks"))).isFalse();
	}

	@Test
	void theRestOfTheJournalIsReadAsEver() {
		Basis basis = new Basis(List.of(new Identity.Repeatable("other")), "x;-");
		HistoryEntry entry = entry(HistoryEntry.journal(true, "sha256:00", basis, RECORD));

		assertThat(entry.ranAlone()).isTrue();
		assertThat(entry.doneChecksum()).isEqualTo("sha256:00");
		assertThat(entry.basis()).isEqualTo(basis);
		assertThat(entry.session()).isEqualTo(RECORD);
		assertThat(entry.hasUnknownSession()).isFalse();
	}

	@Test
	void aJournalOfAnOlderVersionHasNone() {
		HistoryEntry entry = entry("alone sha256:00");

		assertThat(entry.session()).isNull();
		assertThat(entry.hasUnknownSession()).isFalse();
		assertThat(entry.doneChecksum()).isEqualTo("sha256:00");
	}

	@ParameterizedTest
	@ValueSource(strings = { "session=2;;role=none", "session=1", "session=1;;a=%zz", "session=1;;a~", "session=1;;a",
			"session=" })
	void whatCannotBeReadIsNotTakenForNothing(String word) {
		HistoryEntry entry = entry("sha256:00 " + word);

		assertThat(entry.session()).isNull();
		assertThat(entry.hasUnknownSession()).isTrue();
		assertThat(entry.doneChecksum()).isEqualTo("sha256:00");
	}

}
