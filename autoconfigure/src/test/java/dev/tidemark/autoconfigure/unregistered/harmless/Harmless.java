package dev.tidemark.autoconfigure.unregistered.harmless;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

import dev.tidemark.migration.CodeMigration;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.JdbcContext;

/**
 * What looks like a migration, and is none that anybody has forgotten.
 */
public final class Harmless {

	private Harmless() {
	}

	public interface Named extends CodeMigration {

		String name();

	}

	public abstract static class Base implements CodeMigration {

		@Override
		public Identity identity() {
			return Identity.of("3");
		}

		@Override
		public void migrate(JdbcContext jdbc) {
			jdbc.operations().execute("ALTER TABLE customer ADD COLUMN phone text");
		}

	}

	/** Only who has the outer object can make one. */
	public class Inner extends Base {

	}

	public CodeMigration anonymous() {
		return new Base() {

		};
	}

	@Component
	@Profile("never")
	public static class ForAnotherProfile extends Base {

	}

	@Profile("never")
	public static class Group {

		@Component
		public static class Member extends Base {

		}

	}

	public static class MadeByCondition extends Base {

	}

	public static class MadeByProfile extends Base {

	}

	@Configuration(proxyBeanMethods = false)
	public static class Maker {

		@Bean
		@ConditionalOnProperty("never")
		CodeMigration migration() {
			return new MadeByCondition();
		}

	}

	@Profile("never")
	@Configuration(proxyBeanMethods = false)
	public static class ProfileMaker {

		@Bean
		MadeByProfile migration() {
			return new MadeByProfile();
		}

	}

}
