package dev.tidemark.maven;

import java.nio.file.Files;
import java.nio.file.Path;

import org.apache.maven.plugin.MojoExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class NewMojoTests {

	@TempDir
	private Path folder;

	private void make(String kind, @Nullable String name, @Nullable String scheme) throws MojoExecutionException {
		new NewMojo(this.folder.toFile(), kind, name, scheme).execute();
	}

	@Test
	void makesTheNextFile() throws Exception {
		Files.writeString(this.folder.resolve("V7__a.sql"), "SELECT 1");

		make("versioned", "add email", null);
		make("undo", null, null);

		assertThat(this.folder.resolve("V8__add_email.sql")).exists();
		assertThat(this.folder.resolve("U8__add_email.sql")).exists();
	}

	@Test
	void aFileThatIsThereFailsTheBuild() throws Exception {
		make("repeatable", "view", null);

		assertThatExceptionOfType(MojoExecutionException.class).isThrownBy(() -> make("repeatable", "view", null))
			.withMessageContaining("R__view.sql already");
	}

	@Test
	void whatIsMissingOrUnknownFailsTheBuild() {
		assertThatExceptionOfType(MojoExecutionException.class).isThrownBy(() -> make("versioned", null, null))
			.withMessageContaining("does not say");
		assertThatExceptionOfType(MojoExecutionException.class).isThrownBy(() -> make("versioned", "x", "random"))
			.withMessageContaining("there are sequence and timestamp");
	}

}
