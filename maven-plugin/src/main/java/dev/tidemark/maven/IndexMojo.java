package dev.tidemark.maven;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.apache.maven.plugin.AbstractMojo;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;

import dev.tidemark.error.TidemarkException;
import dev.tidemark.source.IndexWriter;
import dev.tidemark.source.Location;
import dev.tidemark.source.folder.Exclusions;

/**
 * Takes the checksums of the migrations, so that starts of the application need not read
 * files that are applied.
 *
 * @since 0.1.0
 */
@Mojo(name = "index", defaultPhase = LifecyclePhase.PROCESS_CLASSES, threadSafe = true)
public class IndexMojo extends AbstractMojo {

	/**
	 * The locations, as in {@code tidemark.locations}. Those that are not on the class
	 * path or not in this module are passed over.
	 */
	@Parameter(property = "tidemark.locations", defaultValue = Location.DEFAULT)
	@SuppressWarnings("NullAway.Init") // Maven sets it.
	private List<String> locations;

	/** The folder that the files are packaged from. */
	@Parameter(defaultValue = "${project.build.outputDirectory}", required = true)
	@SuppressWarnings("NullAway.Init") // Maven sets it.
	private File outputDirectory;

	/** Patterns of files that are no migrations, as in {@code tidemark.files.exclude}. */
	@Parameter(property = "tidemark.files.exclude")
	private List<String> exclude = List.of();

	/** Whether not to do it. */
	@Parameter(property = "tidemark.index.skip", defaultValue = "false")
	private boolean skip;

	/** For Maven. */
	public IndexMojo() {
	}

	IndexMojo(List<String> locations, File outputDirectory, String... exclude) {
		this.locations = locations;
		this.outputDirectory = outputDirectory;
		this.exclude = List.of(exclude);
	}

	@Override
	public void execute() throws MojoExecutionException {
		for (String location : this.skip ? List.<String>of() : this.locations) {
			try {
				index(Location.of(location));
			}
			catch (IOException | IllegalArgumentException | TidemarkException ex) {
				throw new MojoExecutionException("No index of " + location + ": " + ex.getMessage(), ex);
			}
		}
	}

	private void index(Location location) throws IOException {
		Path folder = this.outputDirectory.toPath().resolve(location.path());
		if (location.kind() != Location.Kind.CLASSPATH || !Files.isDirectory(folder)) {
			getLog().debug("Not in this module: " + location);
			return;
		}
		getLog().info("Wrote " + IndexWriter.write(folder, new Exclusions(this.exclude)));
	}

}
