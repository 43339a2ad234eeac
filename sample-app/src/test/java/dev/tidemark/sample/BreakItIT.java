package dev.tidemark.sample;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Types what the first page says, on a port that is free and in a folder of its own. */
class BreakItIT {

	private static final String JAVA = "java -jar sample-app/target/sample-app.jar ";

	@TempDir
	private Path directory;

	@Test
	void fiveCommandsBreakItAndGoOn() throws Exception {
		List<String> commands = FirstPageText.ofTheJar().commands().stream().map(this::here).toList();
		assertThat(commands).hasSize(5);

		shell(commands.get(0));
		SampleProcess broken = start(commands.get(1), "broken");
		assertThat(broken.waitForExit()).isNotZero();
		assertThat(broken.output()).contains("V15__add_phone.sql", "column \"phnoe\" does not exist",
				"State: 1 of 2 statements");

		shell(commands.get(2));
		SampleProcess mended = start(commands.get(3), "mended");
		try {
			String curl = "curl localhost:8081";
			assertThat(commands.get(4)).startsWith(curl);
			assertThat(mended.get(commands.get(4).substring(curl.length()))).contains("\"ALTER TABLE\"",
					"\"CREATE INDEX CONCURRENTLY\"", "\"applied\"");
		}
		finally {
			mended.stop();
		}
	}

	private String here(String command) {
		return command.replace("try/", this.directory + "/").replace("--server.port=8081", "--server.port=0");
	}

	private static void shell(String command) throws IOException, InterruptedException {
		assertThat(new ProcessBuilder("sh", "-c", command).inheritIO().start().waitFor()).isZero();
	}

	private SampleProcess start(String command, String name) {
		assertThat(command).startsWith(JAVA);
		return SampleProcess.start(SampleProcess.jar(), this.directory.resolve(name),
				command.substring(JAVA.length()).split(" "));
	}

}
