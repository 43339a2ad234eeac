package dev.tidemark.author;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class GitTests {

	@TempDir
	private Path folder;

	private TidemarkException failure(String program) {
		Git git = new Git(this.folder, program, Duration.ofMillis(200));
		TidemarkException failure = catchThrowableOfType(TidemarkException.class, () -> git.commit("main"));
		assertThat(failure.code()).isEqualTo(ErrorCode.RELEASE_UNKNOWN);
		return failure;
	}

	private String program(String text) throws Exception {
		return Files.writeString(
				Files.createFile(this.folder.resolve("git"),
						PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))),
				"#!/bin/sh\n" + text)
			.toString();
	}

	@Test
	void whereThereIsNoGitThatIsTold() {
		assertThat(failure(this.folder.resolve("nowhere").toString())).hasMessageContaining("Install git");
	}

	@Test
	void aGitThatDoesNotEndIsNotWaitedForForEver() throws Exception {
		assertThat(failure(program("exec tail -f /dev/null"))).hasMessageContaining("git rev-parse did not end");
	}

	@Test
	void nothingIsFetchedAndNobodyIsAsked() throws Exception {
		String program = program("echo $GIT_NO_LAZY_FETCH $GIT_TERMINAL_PROMPT $GIT_DIR");

		assertThat(new Git(this.folder, program, Duration.ofMinutes(1)).commit("main")).isEqualTo("1 0");
	}

}
