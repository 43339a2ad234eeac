package dev.tidemark.migration;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The checksum of what is done, as a file goes on.
 */
class RunningChecksumTests {

	private static final List<String> TEXTS = IntStream.range(0, 12_001)
		.mapToObj((number) -> "INSERT INTO t\r\nVALUES (" + number + ")")
		.toList();

	private final List<Integer> read = new ArrayList<>();

	private final RunningChecksum checksum = new RunningChecksum((index) -> {
		this.read.add(index);
		return TEXTS.get(index);
	});

	@Test
	void itIsThatOfTheTextsAsAWhole() {
		for (int count : new int[] { 0, 1, 7, 7, 30, 29, 8, 100 }) {
			assertThat(this.checksum.of(count)).isEqualTo(Checksum.of(TEXTS.subList(0, count)));
		}
	}

	@Test
	void eachTextIsReadOnceHoweverOftenItIsAskedFor() {
		for (int count = 0; count <= TEXTS.size(); count++) {
			this.checksum.of(count);
			this.checksum.of(count);
		}

		assertThat(this.read).hasSameSizeAs(TEXTS).doesNotHaveDuplicates();
	}

	/** A part that was to be committed as a whole goes statement by statement instead. */
	@Test
	void whatIsTakenBackIsReadOnceMore() {
		for (int done = 0; done < 12_000; done += 10) {
			this.checksum.of(done + 10);
			for (int count = done + 1; count <= done + 10; count++) {
				this.checksum.of(count);
			}
		}

		assertThat(this.read.size()).isLessThanOrEqualTo(2 * TEXTS.size());
	}

}
