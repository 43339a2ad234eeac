package dev.tidemark.maven;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.apache.maven.plugin.MojoExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class IndexMojoTests {

	@TempDir
	private Path classes;

	private void write(String file) throws IOException {
		Files.createDirectories(this.classes.resolve(file).getParent());
		Files.writeString(this.classes.resolve(file), "SELECT 1");
	}

	private void index(String... locations) throws MojoExecutionException {
		new IndexMojo(List.of(locations), this.classes.toFile()).execute();
	}

	@Test
	void writesTheIndexOfEachLocationIntoIt() throws Exception {
		write("db/migration/deep/V1__a.sql");
		write("db/more/V2__b.sql");

		index("classpath:db/migration", "db/more");

		assertThat(this.classes.resolve("db/migration/tidemark.index")).content().contains(" deep/V1__a.sql\n");
		assertThat(this.classes.resolve("db/more/tidemark.index")).content().contains(" V2__b.sql\n");
	}

	@Test
	void passesOverWhatLiesElsewhere() throws Exception {
		write("db/migration/V1__a.sql");

		index("filesystem:db/migration", "classpath:db/of/another/module");

		assertThat(this.classes.resolve("db/migration/tidemark.index")).doesNotExist();
	}

	@Test
	void whatIsNoLocationFailsTheBuild() {
		assertThatExceptionOfType(MojoExecutionException.class).isThrownBy(() -> index("ftp:somewhere"))
			.withMessageContaining("ftp:somewhere");
	}

	@Test
	void leavesOutWhatTheApplicationExcludes() throws Exception {
		write("db/migration/V1__a.sql");
		write("db/migration/rollback/1__a.sql");

		new IndexMojo(List.of("classpath:db/migration"), this.classes.toFile(), "rollback/**").execute();

		assertThat(this.classes.resolve("db/migration/tidemark.index")).content()
			.contains("V1__a.sql")
			.doesNotContain("rollback");
	}

}
