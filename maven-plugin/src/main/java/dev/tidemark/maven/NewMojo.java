package dev.tidemark.maven;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

import org.apache.maven.plugin.AbstractMojo;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.project.MavenProject;
import org.jspecify.annotations.Nullable;

import dev.tidemark.author.NewMigration;
import dev.tidemark.author.Scaffold;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.source.SourceSettings;
import dev.tidemark.source.folder.Exclusions;
import dev.tidemark.source.format.Naming;

/**
 * Makes the next migration file: {@code mvn tidemark:new -Dname="add email"}.
 *
 * @since 0.1.0
 */
@Mojo(name = "new", threadSafe = true)
public class NewMojo extends AbstractMojo {

	private static final String PARENT = "pom";

	/** What the migration does, in words. An undo takes those of its version. */
	@Parameter(property = "name")
	private @Nullable String name;

	/**
	 * Kind of the file: versioned, backfill, contract, repeatable, undo or baseline.
	 */
	@Parameter(property = "kind", defaultValue = "versioned")
	private String kind = "versioned";

	/** How the version is found: sequence or timestamp; by default as the newest one. */
	@Parameter(property = "scheme")
	private @Nullable String scheme;

	/** Branch or tag of git whose versions are taken too, such as origin/main. */
	@Parameter(property = "gitRef")
	private @Nullable String gitRef;

	/** Version to undo, or that a baseline reaches; by default the newest one. */
	@Parameter(property = "version")
	private @Nullable String version;

	/** The folder of the migrations. */
	@Parameter(property = "tidemark.folder", defaultValue = "${project.basedir}/src/main/resources/db/migration")
	@SuppressWarnings("NullAway.Init") // Maven sets it.
	private File folder;

	/** Beginning of the names of files that run once. */
	@Parameter(property = "tidemark.naming.versioned-prefix", defaultValue = Naming.DEFAULT_VERSIONED_PREFIX)
	private String versionedPrefix = Naming.DEFAULT_VERSIONED_PREFIX;

	/** Beginning of the names of files that run again when their text changes. */
	@Parameter(property = "tidemark.naming.repeatable-prefix", defaultValue = Naming.DEFAULT_REPEATABLE_PREFIX)
	private String repeatablePrefix = Naming.DEFAULT_REPEATABLE_PREFIX;

	/** Beginning of the names of files that undo a version. */
	@Parameter(property = "tidemark.naming.undo-prefix", defaultValue = Naming.DEFAULT_UNDO_PREFIX)
	private String undoPrefix = Naming.DEFAULT_UNDO_PREFIX;

	/** Beginning of the names of files that new databases begin with. */
	@Parameter(property = "tidemark.naming.baseline-prefix", defaultValue = Naming.DEFAULT_BASELINE_PREFIX)
	private String baselinePrefix = Naming.DEFAULT_BASELINE_PREFIX;

	/** Separator of version and description in file names. */
	@Parameter(property = "tidemark.naming.separator", defaultValue = Naming.DEFAULT_SEPARATOR)
	private String separator = Naming.DEFAULT_SEPARATOR;

	/** Ends of file names; a new file gets the first one. */
	@Parameter(property = "tidemark.naming.suffixes", defaultValue = Naming.DEFAULT_SUFFIX)
	private List<String> suffixes = List.of(Naming.DEFAULT_SUFFIX);

	/** Patterns of files that are no migrations, as in {@code tidemark.files.exclude}. */
	@Parameter(property = "tidemark.files.exclude")
	private List<String> exclude = List.of();

	/** Encoding of the files. */
	@Parameter(property = "tidemark.files.encoding", defaultValue = SourceSettings.DEFAULT_ENCODING)
	private String encoding = SourceSettings.DEFAULT_ENCODING;

	@Parameter(defaultValue = "${project}", readonly = true)
	@SuppressWarnings("NullAway.Init") // Maven sets it.
	private MavenProject project;

	@Parameter(defaultValue = "${reactorProjects}", readonly = true)
	private List<MavenProject> modules = List.of();

	/** For Maven. */
	public NewMojo() {
	}

	NewMojo(MavenProject project, List<MavenProject> modules, File folder, String kind, @Nullable String name,
			@Nullable String scheme) {
		this.project = project;
		this.modules = modules;
		this.folder = folder;
		this.kind = kind;
		this.name = name;
		this.scheme = scheme;
	}

	@Override
	public void execute() throws MojoExecutionException {
		if (!holdsFiles(this.project)) {
			getLog().info("A module of packaging " + PARENT + " holds no migrations");
			return;
		}
		if (this.modules.stream().filter(NewMojo::holdsFiles).count() > 1) {
			throw new MojoExecutionException("Each of several modules would get the file: name the one that is meant, "
					+ "as in -pl " + this.project.getArtifactId());
		}
		try {
			Naming naming = new Naming(this.versionedPrefix, this.repeatablePrefix, this.undoPrefix,
					this.baselinePrefix, this.separator, this.suffixes);
			Scaffold scaffold = new Scaffold(this.folder.toPath(), naming, NewMigration.encoding(this.encoding),
					Clock.systemUTC(), new Exclusions(this.exclude));
			Path file = NewMigration.make(scaffold, this.kind, (this.name != null) ? this.name : "", this.scheme,
					this.gitRef, this.version);
			getLog().info("Wrote " + told(file));
		}
		catch (FileAlreadyExistsException ex) {
			throw new MojoExecutionException("There is a file " + ex.getFile() + " already", ex);
		}
		catch (IOException | IllegalArgumentException | TidemarkException ex) {
			throw new MojoExecutionException("No migration was made: " + ex.getMessage(), ex);
		}
	}

	private static boolean holdsFiles(MavenProject module) {
		return !PARENT.equals(module.getPackaging());
	}

	private Path told(Path file) {
		Path directory = this.project.getBasedir().toPath();
		return file.startsWith(directory) ? directory.relativize(file) : file;
	}

}
