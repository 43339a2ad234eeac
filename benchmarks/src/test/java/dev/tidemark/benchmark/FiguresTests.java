package dev.tidemark.benchmark;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class FiguresTests {

	private static final Effort EFFORT = new Effort(1, 2, 3, 4, 5, 6);

	private final Figures figures = Figures.parse("# A comment\n\n" + Figures.line("idle-start", 18, EFFORT) + "\n");

	@Test
	void whatIsAsItWasIsNotSpokenOf() {
		assertThat(this.figures.areBelow("idle-start", 18, EFFORT)).isFalse();
		assertThat(this.figures.differences("idle-start", 18, EFFORT)).isEmpty();
	}

	@Test
	void aRiseIsNamed() {
		Effort risen = new Effort(1, 2, 4, 4, 5, 6);

		assertThat(this.figures.areBelow("idle-start", 18, risen)).isTrue();
		assertThat(this.figures.differences("idle-start", 18, risen)).hasSize(2)
			.contains("queries rose from 3 to 4: a figure is raised only in a commit of its own that says why");
	}

	@Test
	void aFallIsNamedToo() {
		Effort fallen = new Effort(1, 1, 3, 4, 5, 6);

		assertThat(this.figures.areBelow("idle-start", 18, fallen)).isFalse();
		assertThat(this.figures.differences("idle-start", 18, fallen)).hasSize(2)
			.contains("round trips fell from 2 to 1: lower the figure, or nobody sees it rise again");
	}

	@Test
	void aServerWithoutFiguresIsNotPassedOver() {
		assertThat(this.figures.areBelow("idle-start", 14, EFFORT)).isTrue();
		assertThat(this.figures.differences("idle-start", 14, EFFORT)).singleElement()
			.asString()
			.contains("there are no figures of it", "idle-start          14");
	}

	@Test
	void theLeastOfTwoCountsHasTheSmallerOneOfEachFigure() {
		assertThat(EFFORT.least(new Effort(6, 5, 4, 3, 2, 1))).isEqualTo(new Effort(1, 2, 3, 3, 2, 1));
	}

}
