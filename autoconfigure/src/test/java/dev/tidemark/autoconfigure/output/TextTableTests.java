package dev.tidemark.autoconfigure.output;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TextTableTests {

	@Test
	void columnsAreAsWideAsTheirWidestCellAndNumbersStandToTheRight() {
		TextTable table = new TextTable("version", ">ms", "file");
		table.add("1", "5", "a.sql");
		table.add("2026.11.20", "1234", "b.sql");
		table.add("", "", "");

		assertThat(table).hasToString("""
				version       ms  file
				1              5  a.sql
				2026.11.20  1234  b.sql

				""");
	}

	@Test
	void aWideCellIsCutUnlessItIsTheLast() {
		TextTable table = new TextTable("description", "file");
		table.add("d".repeat(200), "f".repeat(200));

		assertThat(table).hasToString(
				"description" + " ".repeat(37) + "  file\n" + "d".repeat(47) + "\u2026  " + "f".repeat(200) + "\n");
	}

	@Test
	void whatTakesTwoPlacesOrNoneIsCountedSo() {
		TextTable table = new TextTable("name", "x");
		table.add("\u6f22\u5b57", "1");
		table.add("e\u0301e\u0301", "2");
		table.add("\ud83d\ude00", "3");
		table.add("\u6f22".repeat(40), "4");

		assertThat(table.toString().lines()).containsExactly("name" + " ".repeat(43) + "  x",
				"\u6f22\u5b57" + " ".repeat(43) + "  1", "e\u0301e\u0301" + " ".repeat(45) + "  2",
				"\ud83d\ude00" + " ".repeat(45) + "  3", "\u6f22".repeat(23) + "\u2026  4");
	}

	@Test
	void aTextOfOthersIsOneCell() {
		TextTable table = new TextTable("a", "b");
		table.add("x\ny\tz\u001b[31m", "1");

		assertThat(table.toString().lines()).hasSize(2).last().isEqualTo("x\\ny z\\u001B[31m  1");
	}

}
