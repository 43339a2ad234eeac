package dev.tidemark.files;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

/**
 * What links and {@code ..} may lead to, with and without a root.
 */
@ExtendWith(PostgresExtension.class)
@Timeout(60)
class FilesystemRootTests {

	private final TestDatabase database;

	private Path root;

	private Path outside;

	FilesystemRootTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folders(@TempDir Path path) throws IOException {
		this.root = Files.createDirectories(path.resolve("root"));
		this.outside = Files.createDirectories(path.resolve("outside"));
		Files.createDirectories(this.root.resolve("sql"));
		Files.writeString(this.root.resolve("sql/V1__a.sql"), "CREATE TABLE a ()");
		Files.writeString(this.outside.resolve("V2__b.sql"), "CREATE TABLE b ()");
	}

	private Tidemark.Builder tidemark(String location) {
		return new MigrationFolder(this.root).tidemark(this.database).locations("filesystem:" + location);
	}

	private Tidemark.Builder confined(String location) {
		return tidemark(location).filesystemRoot(this.root);
	}

	private void assertRefused(String location, Path... places) {
		TidemarkException failure = catchThrowableOfType(TidemarkException.class,
				() -> confined(location).build().migrate());

		assertThat(failure.problems()).extracting(Problem::code, (problem) -> problem.place().script())
			.containsExactlyInAnyOrderElementsOf(
					List.of(places).stream().map((place) -> tuple(ErrorCode.OUTSIDE_ROOT, place.toString())).toList());
		assertThat(failure).hasMessageContaining(this.root.toString()).hasMessageContaining("Nothing was changed.");
		assertThat(this.database.rows("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"))
			.isEmpty();
	}

	private int applied(Tidemark.Builder tidemark) {
		return tidemark.build().migrate().applied().size();
	}

	@Test
	void withoutARootLinksAndDotsMayLeadAnywhere() throws IOException {
		Files.createSymbolicLink(this.root.resolve("sql/more"), this.outside);

		assertThat(applied(tidemark(this.root + "/sql/../../root/sql"))).isEqualTo(2);
	}

	@Test
	void whatLiesInTheRootRuns() {
		assertThat(applied(confined(this.root + "/sql"))).isEqualTo(1);
	}

	@Test
	void theRootItselfMayBeTheLocation() {
		assertThat(applied(confined(this.root.toString()))).isEqualTo(1);
	}

	@Test
	void aLinkToAFileOutsideIsRefused() throws IOException {
		Path link = Files.createSymbolicLink(this.root.resolve("sql/V2__b.sql"), this.outside.resolve("V2__b.sql"));

		assertRefused(this.root + "/sql", link);
	}

	@Test
	void aLinkToAFolderOutsideIsRefused() throws IOException {
		Path link = Files.createSymbolicLink(this.root.resolve("sql/more"), this.outside);

		assertRefused(this.root + "/sql", link);
	}

	@Test
	void aChainOfLinksThatEndsOutsideIsRefused() throws IOException {
		Files.createSymbolicLink(this.root.resolve("first"), Path.of("second"));
		Files.createSymbolicLink(this.root.resolve("second"), Path.of("../outside"));
		Path link = Files.createSymbolicLink(this.root.resolve("sql/more"), Path.of("../first"));

		assertRefused(this.root + "/sql", link);
	}

	@Test
	void aLocationThatIsALinkToTheOutsideIsRefused() throws IOException {
		Path link = Files.createSymbolicLink(this.root.resolve("link"), this.outside);

		assertRefused(link.toString(), link);
	}

	@Test
	void aLocationThatLeavesByDotsIsRefused() {
		assertRefused(this.root + "/sql/../../outside", this.root.resolve("sql/../../outside"));
	}

	@Test
	void dotsThatStayInTheRootAreFine() {
		assertThat(applied(confined(this.root + "/sql/../sql"))).isEqualTo(1);
	}

	@Test
	void aFolderWhoseNameBeginsLikeTheRootIsOutside() throws IOException {
		Path neighbour = Files.createDirectories(this.root.resolveSibling("root2"));
		Files.writeString(neighbour.resolve("V3__c.sql"), "SELECT 1");

		assertRefused(neighbour.toString(), neighbour);
	}

	@Test
	void linksWithinTheRootAreFollowedAsAConfigMapHasThem() throws IOException {
		Path version = Files.createDirectories(this.root.resolve("map/..2026_11_21"));
		Files.writeString(version.resolve("V7__c.sql"), "CREATE TABLE c ()");
		Files.createSymbolicLink(this.root.resolve("map/..data"), Path.of("..2026_11_21"));
		Files.createSymbolicLink(this.root.resolve("map/V7__c.sql"), Path.of("..data/V7__c.sql"));

		assertThat(applied(confined(this.root + "/map"))).isEqualTo(1);
	}

	@Test
	void aRootThatIsALinkIsWhereItLeads() throws IOException {
		Path link = Files.createSymbolicLink(this.root.resolveSibling("current"), this.root);

		assertThat(applied(tidemark(link + "/sql").filesystemRoot(link))).isEqualTo(1);
		assertThat(applied(tidemark(this.root + "/sql").filesystemRoot(link))).isZero();
	}

	@Test
	void whatIsNoMigrationMustNotLeadOutsideEither() throws IOException {
		Path readme = Files.createSymbolicLink(this.root.resolve("sql/readme.txt"), this.outside.resolve("V2__b.sql"));
		Path index = Files.createSymbolicLink(this.root.resolve("sql/tidemark.index"),
				this.outside.resolve("V2__b.sql"));

		assertRefused(this.root + "/sql", readme, index);
	}

	@Test
	void loopsOfLinksEnd() throws IOException {
		Files.createSymbolicLink(this.root.resolve("sql/loop"), this.root);
		assertThat(catchThrowableOfType(TidemarkException.class, () -> confined(this.root + "/sql").build().migrate())
			.code()).isEqualTo(ErrorCode.FILE_UNREADABLE);
		assertThat(catchThrowableOfType(TidemarkException.class, () -> tidemark(this.root + "/sql").build().migrate())
			.code()).isEqualTo(ErrorCode.FILE_UNREADABLE);
	}

	@Test
	void aLinkToItselfEnds() throws IOException {
		Path link = this.root.resolve("sql/V5__e.sql");
		Files.createSymbolicLink(link, Path.of("V5__e.sql"));

		assertThat(catchThrowableOfType(TidemarkException.class, () -> confined(this.root + "/sql").build().migrate())
			.code()).isEqualTo(ErrorCode.FILE_UNREADABLE);
	}

	@Test
	void aLoopThatLeadsOutsideIsRefused() throws IOException {
		Files.createSymbolicLink(this.outside.resolve("back"), this.root);
		Path link = Files.createSymbolicLink(this.root.resolve("sql/out"), this.outside);

		assertRefused(this.root + "/sql", link);
	}

	@Test
	void aLinkThatLeadsNowhereIsToldOf() throws IOException {
		Files.createSymbolicLink(this.root.resolve("sql/V5__e.sql"), Path.of("/nowhere/at/all"));

		assertThat(catchThrowableOfType(TidemarkException.class, () -> confined(this.root + "/sql").build().migrate())
			.code()).isEqualTo(ErrorCode.FILE_UNREADABLE);
	}

	@Test
	void aRootThatDoesNotExistIsToldOf() {
		TidemarkException failure = catchThrowableOfType(TidemarkException.class,
				() -> tidemark(this.root + "/sql").filesystemRoot(this.root.resolve("nothing")).build().migrate());

		assertThat(failure.code()).isEqualTo(ErrorCode.LOCATION_MISSING);
		assertThat(failure).hasMessageContaining("tidemark.files.root");
	}

	@Test
	void theClassPathIsNotConfined() throws IOException {
		ClassLoader before = Thread.currentThread().getContextClassLoader();
		try (URLClassLoader loader = new URLClassLoader(new URL[] { this.outside.getParent().toUri().toURL() }, null)) {
			Thread.currentThread().setContextClassLoader(loader);
			assertThat(applied(confined(this.root.toString()).locations("classpath:outside"))).isEqualTo(1);
		}
		finally {
			Thread.currentThread().setContextClassLoader(before);
		}
	}

}
