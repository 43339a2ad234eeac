package dev.tidemark.benchmark.contestant;

import java.sql.Connection;
import java.sql.Statement;
import java.util.Map;

import javax.sql.DataSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * A small Boot application with a pooled data source, and with whatever else is on the
 * class path. It is ready when the database has answered it, so that each variant opens
 * its pool.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class BootMain {

	public static void main(String[] arguments) throws Exception {
		Probe probe = Probe.start();
		SpringApplication application = new SpringApplication(BootMain.class);
		application.setDefaultProperties(Map.of("spring.datasource.url", System.getProperty("benchmark.url"),
				"spring.datasource.username", System.getProperty("benchmark.user"), "spring.datasource.password",
				System.getProperty("benchmark.password"), "server.port", "0"));
		try (ConfigurableApplicationContext context = application.run(arguments)) {
			try (Connection connection = context.getBean(DataSource.class).getConnection();
					Statement statement = connection.createStatement()) {
				statement.execute("SELECT 1");
			}
			probe.finish();
		}
	}

}
