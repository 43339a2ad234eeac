package dev.tidemark.source.folder;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ConfinementTests {

	private Path root;

	private Path secret;

	@BeforeEach
	void folders(@TempDir Path path) throws IOException {
		this.root = Files.createDirectories(path.resolve("root"));
		this.secret = Files.writeString(path.resolve("secret"), "outside");
	}

	@Test
	void aLinkThatIsTurnedAfterTheCheckIsNotOpened() throws IOException {
		Path file = Files.writeString(this.root.resolve("V1__a.sql"), "inside");
		Confinement confinement = Confinement.to(this.root);
		assertThat(confinement.holds(file)).isTrue();
		assertThat(new String(confinement.open(file).readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("inside");
		Files.delete(file);
		Files.createSymbolicLink(file, this.secret);

		assertThat(confinement.holds(file)).isFalse();
		assertThatExceptionOfType(AccessDeniedException.class).isThrownBy(() -> confinement.open(file));
	}

	@Test
	void withoutARootEverythingIsHeld() throws IOException {
		Path link = Files.createSymbolicLink(this.root.resolve("link"), this.secret);

		assertThat(Confinement.to(null).holds(link)).isTrue();
		assertThat(new String(Confinement.NONE.open(link).readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("outside");
	}

	@Test
	void aLinkThatLeadsNowhereIsNotOutside() throws IOException {
		Path link = Files.createSymbolicLink(this.root.resolve("link"), Path.of("nothing"));

		assertThat(Confinement.to(this.root).holds(link)).isTrue();
	}

	@Test
	void aRootHasToExist() {
		assertThatExceptionOfType(NoSuchFileException.class)
			.isThrownBy(() -> Confinement.to(this.root.resolve("nothing")));
	}

}
