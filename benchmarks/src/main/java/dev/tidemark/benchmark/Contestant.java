package dev.tidemark.benchmark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.tidemark.source.IndexWriter;
import org.springframework.util.FileSystemUtils;

/**
 * Who is measured. Each gets the libraries that it needs and no other: the artifacts
 * named here and what they depend on.
 */
enum Contestant {

	/** The Boot application alone. */
	NONE("no migrations", "#8c959f", null, List.of(), List.of(), null),

	/** The least that has to be done. */
	RAW("raw JDBC", "#8c959f", "RawJdbcMain", List.of(), List.of(), "raw_history"),

	/** Ourselves. */
	TIDEMARK("Tidemark", "#1a7f8e", "TidemarkMain", List.of("dev.tidemark:tidemark-core"),
			List.of("dev.tidemark:tidemark-spring-boot-starter"), "tidemark_history"),

	/** Ourselves, as the build of an application with many migrations leaves us. */
	TIDEMARK_INDEX("Tidemark, index", "#4fb3bf", "TidemarkMain", List.of("dev.tidemark:tidemark-core"),
			List.of("dev.tidemark:tidemark-spring-boot-starter"), "tidemark_history") {

		@Override
		Map<String, byte[]> resources(List<MigrationFile> files) throws IOException {
			Map<String, byte[]> resources = super.resources(files);
			Path folder = Files.createTempDirectory("migrations");
			try {
				for (MigrationFile file : files) {
					Files.write(folder.resolve(file.name()), file.content());
				}
				resources.put("db/migration/tidemark.index", Files.readAllBytes(IndexWriter.write(folder)));
			}
			finally {
				FileSystemUtils.deleteRecursively(folder);
			}
			return resources;
		}

	},

	/** A peer. */
	FLYWAY("Flyway", "#cf4f4f", "FlywayMain", List.of("org.flywaydb:flyway-database-postgresql"),
			List.of("org.springframework.boot:spring-boot-starter-flyway", "org.flywaydb:flyway-database-postgresql"),
			"flyway_schema_history"),

	/** The same peer, in a loop that borrows connections from a pool. */
	FLYWAY_POOL("Flyway, pool", "#e39a9a", "FlywayMain",
			List.of("org.flywaydb:flyway-database-postgresql", "com.zaxxer:HikariCP"), List.of(),
			"flyway_schema_history") {

		@Override
		String mainClass(Launch launch) {
			return "FlywayPoolTenantsMain";
		}

	},

	/** Another peer. Its files need a header each. */
	LIQUIBASE("Liquibase", "#8a63b8", "LiquibaseMain", List.of("org.liquibase:liquibase-core"),
			List.of("org.springframework.boot:spring-boot-starter-liquibase"), "databasechangelog") {

		@Override
		Map<String, byte[]> resources(List<MigrationFile> files) {
			Map<String, byte[]> resources = new LinkedHashMap<>();
			resources.put("db/changelog/db.changelog-master.yaml", bytes("""
					databaseChangeLog:
					  - includeAll:
					      path: db/changelog/changes/
					"""));
			int number = 0;
			for (MigrationFile file : files) {
				// One statement as far as Liquibase is concerned: the server splits it.
				String header = """
						--liquibase formatted sql
						--changeset benchmark:%s splitStatements:false stripComments:false
						""".formatted(file.name());
				// Files run in the order of their names.
				resources.put("db/changelog/changes/%06d-%s".formatted(++number, file.name()),
						bytes(header + new String(file.content(), StandardCharsets.UTF_8)));
			}
			return resources;
		}

	};

	private static final String DRIVER = "org.postgresql:postgresql";

	private final String title;

	private final String color;

	private final @Nullable String mainClass;

	private final List<String> libraries;

	private final List<String> bootLibraries;

	private final @Nullable String historyTable;

	Contestant(String title, String color, @Nullable String mainClass, List<String> libraries,
			List<String> bootLibraries, @Nullable String historyTable) {
		this.title = title;
		this.color = color;
		this.mainClass = mainClass;
		this.libraries = libraries;
		this.bootLibraries = bootLibraries;
		this.historyTable = historyTable;
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	/**
	 * Returns what has to lie on the class path for these migrations to run.
	 * @param files the migrations
	 * @return the content of each resource, by its path
	 * @throws IOException if a file cannot be written
	 */
	Map<String, byte[]> resources(List<MigrationFile> files) throws IOException {
		Map<String, byte[]> resources = new LinkedHashMap<>();
		for (MigrationFile file : files) {
			resources.put("db/migration/" + file.name(), file.content());
		}
		return resources;
	}

	String title() {
		return this.title;
	}

	String color() {
		return this.color;
	}

	String mainClass(Launch launch) {
		if (this.mainClass == null) {
			throw new IllegalStateException(this + " is no library");
		}
		return (launch == Launch.TENANTS) ? this.mainClass.replace("Main", "TenantsMain") : this.mainClass;
	}

	/**
	 * Returns what has to be on the class path.
	 * @param launch how the contestant is started
	 * @return artifacts, each as {@code group:artifact}
	 */
	List<String> libraries(Launch launch) {
		List<String> all = new ArrayList<>((launch == Launch.LIBRARY) ? this.libraries : this.bootLibraries);
		all.add(DRIVER);
		all.addAll(launch.libraries());
		return all;
	}

	/**
	 * Returns where it records what it has done.
	 * @return a table, or {@code null} if it does nothing
	 */
	@Nullable String historyTable() {
		return this.historyTable;
	}

}
