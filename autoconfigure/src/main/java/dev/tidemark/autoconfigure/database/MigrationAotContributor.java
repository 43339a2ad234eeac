package dev.tidemark.autoconfigure.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.aot.generate.GeneratedFiles.Kind;
import org.springframework.aot.generate.GenerationContext;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotContribution;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.util.Assert;

import dev.tidemark.Tenants;
import dev.tidemark.Tidemark;
import dev.tidemark.autoconfigure.code.BuiltCode;
import dev.tidemark.autoconfigure.code.ScannedCode;
import dev.tidemark.session.connect.KeepAliveSocketFactory;
import dev.tidemark.source.CodeClass;
import dev.tidemark.source.IndexWriter;
import dev.tidemark.source.Location;

/**
 * Keeps the files of {@code tidemark.locations}, of all databases, in a native image,
 * with an index of them: an image does not list its files.
 */
class MigrationAotContributor implements BeanFactoryInitializationAotProcessor {

	@Override
	public @Nullable BeanFactoryInitializationAotContribution processAheadOfTime(
			ConfigurableListableBeanFactory beanFactory) {
		if (beanFactory.getBeanNamesForType(Tidemark.class, true, false).length == 0
				&& beanFactory.getBeanNamesForType(Tenants.class, true, false).length == 0) {
			return null;
		}
		List<Location> locations = locations(beanFactory)
			.filter((location) -> location.kind() == Location.Kind.CLASSPATH)
			.distinct()
			.toList();
		ClassLoader classLoader = beanFactory.getBeanClassLoader();
		Assert.state(classLoader != null, "No class loader to find migrations with");
		ScannedCode scanned = ScannedCode.read(beanFactory, new PathMatchingResourcePatternResolver(classLoader));
		List<CodeClass> code = scanned.code().stream().filter((type) -> !scanned.isLeftOnPurpose(type)).toList();
		return (generation, initialization) -> {
			// The driver makes it by its name.
			generation.getRuntimeHints()
				.reflection()
				.registerType(KeepAliveSocketFactory.class, MemberCategory.INVOKE_PUBLIC_CONSTRUCTORS);
			locations.forEach((location) -> contribute(location, classLoader, generation));
			BuiltCode.write(code, generation);
		};
	}

	private static Stream<Location> locations(ConfigurableListableBeanFactory beanFactory) {
		Environment environment = beanFactory.getBean(ConfigurableApplicationContext.ENVIRONMENT_BEAN_NAME,
				Environment.class);
		TidemarkDatabases databases = new TidemarkDatabases(environment);
		List<String> names = databases.names();
		return names.isEmpty()
				? Binder.get(environment)
					.bind("tidemark.locations", Bindable.listOf(String.class))
					.orElse(List.of(Location.DEFAULT))
					.stream()
					.map(Location::of)
				: names.stream().flatMap((name) -> databases.properties(name).locations().stream());
	}

	private static void contribute(Location location, ClassLoader classLoader, GenerationContext generation) {
		generation.getRuntimeHints().resources().registerPattern(location.path() + "/**");
		try {
			String index = IndexWriter.text(location, classLoader);
			if (index != null) {
				// The contexts of several tests contribute to one build.
				generation.getGeneratedFiles()
					.handleFile(Kind.RESOURCE, IndexWriter.path(location),
							(file) -> file.override(new ByteArrayResource(index.getBytes(StandardCharsets.UTF_8))));
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The index of " + location + " cannot be written", ex);
		}
	}

}
