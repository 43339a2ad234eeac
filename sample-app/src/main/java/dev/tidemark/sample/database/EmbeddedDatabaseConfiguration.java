package dev.tidemark.sample.database;

import java.nio.file.Path;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.NoneNestedConditions;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/**
 * Starts a PostgreSQL server if no other is named. It hands out connection details, not a
 * DataSource, so that everything else is configured as with any server.
 */
@Configuration(proxyBeanMethods = false)
@Conditional(EmbeddedDatabaseConfiguration.NoServerNamed.class)
@EnableConfigurationProperties(SampleProperties.class)
class EmbeddedDatabaseConfiguration {

	@Bean(destroyMethod = "close")
	EmbeddedDatabase embeddedDatabase(SampleProperties properties) {
		String directory = properties.dataDirectory();
		return (directory != null) ? EmbeddedDatabase.keptIn(Path.of(directory)) : EmbeddedDatabase.temporary();
	}

	static class NoServerNamed extends NoneNestedConditions {

		NoServerNamed() {
			super(ConfigurationPhase.PARSE_CONFIGURATION);
		}

		@ConditionalOnProperty("spring.datasource.url")
		static class Url {

		}

		@ConditionalOnBooleanProperty("spring.docker.compose.enabled")
		static class DockerCompose {

		}

	}

}
