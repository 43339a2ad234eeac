package dev.tidemark.maven;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.logging.SystemStreamLog;
import org.apache.maven.project.MavenProject;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class NewMojoTests {

	@TempDir
	private Path folder;

	private final List<String> told = new ArrayList<>();

	private void make(String kind, @Nullable String name, @Nullable String scheme) throws MojoExecutionException {
		make(module("jar"), List.of(), kind, name, scheme);
	}

	private void make(MavenProject module, List<MavenProject> modules, String kind, @Nullable String name,
			@Nullable String scheme) throws MojoExecutionException {
		NewMojo mojo = new NewMojo(module, modules, this.folder.resolve("db").toFile(), kind, name, scheme);
		mojo.setLog(new SystemStreamLog() {

			@Override
			public void info(CharSequence line) {
				NewMojoTests.this.told.add(line.toString());
			}

		});
		mojo.execute();
	}

	private MavenProject module(String packaging) {
		MavenProject module = new MavenProject();
		module.setArtifactId("orders");
		module.setPackaging(packaging);
		module.setFile(this.folder.resolve("pom.xml").toFile());
		return module;
	}

	@Test
	void thePathIsToldAsSeenFromTheModule() throws Exception {
		make("repeatable", "view", null);

		assertThat(this.told).containsExactly("Wrote " + Path.of("db", "R__view.sql"));
	}

	@Test
	void aParentGetsNoFile() throws Exception {
		make(module("pom"), List.of(module("pom"), module("jar")), "versioned", "x", null);

		assertThat(this.folder).isEmptyDirectory();
	}

	@Test
	void besideItsParentAModuleGetsTheFile() throws Exception {
		make(module("jar"), List.of(module("pom"), module("jar")), "versioned", "x", null);

		assertThat(this.folder.resolve("db/V1__x.sql")).exists();
	}

	@Test
	void ofSeveralModulesOneHasToBeNamed() {
		assertThatExceptionOfType(MojoExecutionException.class).isThrownBy(
				() -> make(module("jar"), List.of(module("pom"), module("jar"), module("jar")), "versioned", "x", null))
			.withMessageContaining("-pl orders");
		assertThat(this.folder).isEmptyDirectory();
	}

	@Test
	void makesTheNextFile() throws Exception {
		Files.writeString(Files.createDirectory(this.folder.resolve("db")).resolve("V7__a.sql"), "SELECT 1");

		make("versioned", "add email", null);
		make("undo", null, null);

		assertThat(this.folder.resolve("db/V8__add_email.sql")).exists();
		assertThat(this.folder.resolve("db/U8__add_email.sql")).exists();
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
