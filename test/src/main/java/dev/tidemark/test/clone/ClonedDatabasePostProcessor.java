package dev.tidemark.test.clone;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;
import org.springframework.util.StringUtils;

import dev.tidemark.Tenants;
import dev.tidemark.Tidemark;
import dev.tidemark.autoconfigure.TidemarkConnectionDetails;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.session.connect.DatabaseUrl;

/**
 * Leads a context to a clone. The connection details of the context name the clone from
 * the start; it comes into being as soon as there is the {@link Tidemark} that migrates
 * it, before that one runs, and so before anything that waits for migrations.
 */
final class ClonedDatabasePostProcessor
		implements BeanPostProcessor, BeanFactoryAware, PriorityOrdered, DisposableBean {

	private final CloneKey key = CloneKey.random();

	private final @Nullable String from;

	private @Nullable ConfigurableListableBeanFactory beanFactory;

	private volatile @Nullable String original;

	private volatile boolean leadsApplication;

	private volatile @Nullable KeptClone clone;

	ClonedDatabasePostProcessor(@Nullable String from) {
		this.from = StringUtils.hasText(from) ? from : null;
	}

	@Override
	public void setBeanFactory(BeanFactory beanFactory) {
		this.beanFactory = (ConfigurableListableBeanFactory) beanFactory;
	}

	/** All others shall see what this one has put in place. */
	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean instanceof JdbcConnectionDetails details && isTheOne(JdbcConnectionDetails.class, beanName)) {
			this.leadsApplication = true;
			return new ClonedJdbcConnectionDetails(details, this::urlOfClone);
		}
		if (bean instanceof TidemarkConnectionDetails details) {
			return new ClonedTidemarkConnectionDetails(details, this::urlOfClone);
		}
		if (bean instanceof Tenants) {
			throw TemplateRecipe.impossible("The context has tenants, and a clone is made of one schema.");
		}
		if (bean instanceof Tidemark tidemark) {
			this.clone = makeClone(tidemark);
		}
		return bean;
	}

	/** A context may have further databases, which Tidemark does not migrate. */
	private boolean isTheOne(Class<?> type, String beanName) {
		ConfigurableListableBeanFactory factory = beanFactory();
		return factory.getBeanNamesForType(type, true, false).length == 1
				|| (factory.containsBeanDefinition(beanName) && factory.getBeanDefinition(beanName).isPrimary());
	}

	private String urlOfClone(String url) {
		this.original = DatabaseUrl.database(url).orElse(null);
		return DatabaseUrl.withDatabase(url, this.key.cloneName())
			.orElseThrow(() -> TemplateRecipe.impossible("The URL of the context cannot be led to another database."));
	}

	private KeptClone makeClone(Tidemark tidemark) {
		if (beanFactory().getBeanNamesForType(Tidemark.class, true, false).length > 1) {
			throw TemplateRecipe.impossible("There are several Tidemark beans, and a clone is made of one database.");
		}
		ConnectionSource connections = tidemark.connections();
		if (!connections.database().filter(this.key.cloneName()::equals).isPresent()) {
			throw TemplateRecipe.impossible("Tidemark migrates " + connections + ", which no connection details name.");
		}
		if (!this.leadsApplication && beanFactory().getBeanNamesForType(DataSource.class, true, false).length > 0) {
			throw TemplateRecipe.impossible("The DataSource is not made of connection details.");
		}
		String database = (this.original != null) ? this.original : this.key.cloneName();
		ConnectionSource server = connections.on(database).orElse(connections);
		return KeptClone.make(this.key, new TemplateRecipe(server, this.from, tidemark::on));
	}

	private ConfigurableListableBeanFactory beanFactory() {
		if (this.beanFactory == null) {
			throw new IllegalStateException("'beanFactory' must not be null");
		}
		return this.beanFactory;
	}

	@Override
	public void destroy() {
		KeptClone made = this.clone;
		if (made != null) {
			made.close();
		}
	}

}
