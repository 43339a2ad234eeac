package dev.tidemark.autoconfigure.exit;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;

import dev.tidemark.run.RunListener;
import dev.tidemark.run.RunResult;

/**
 * A whole application, web server and JPA included, for a process of its own.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class ExitingApplication {

	public static void main(String[] arguments) {
		SpringApplication.run(ExitingApplication.class, arguments);
		System.out.println("STARTED");
	}

	/** Tells the process to end when its migrations have run, and waits until it does. */
	@Bean
	@ConditionalOnBooleanProperty("end-after-run")
	RunListener ending() {
		return new RunListener() {

			@Override
			public void runFinished(RunResult result) {
				CountDownLatch ending = new CountDownLatch(1);
				Runtime.getRuntime().addShutdownHook(new Thread(ending::countDown));
				try {
					new ProcessBuilder("kill", "-TERM", Long.toString(ProcessHandle.current().pid())).start();
					ending.await();
				}
				catch (IOException | InterruptedException ex) {
					throw new IllegalStateException(ex);
				}
			}

		};
	}

	/** No migration makes its table, so that JPA must not come to validate it. */
	@Entity
	@Table(name = "nowhere")
	static class Nowhere {

		@Id
		private Long id;

	}

}
