package dev.tidemark.autoconfigure.start;

import java.util.List;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

/**
 * Matches if one of several properties has a text: an empty variable of the process's
 * environment is none.
 */
abstract class OnTextCondition extends SpringBootCondition {

	private final List<String> properties;

	OnTextCondition(String... properties) {
		this.properties = List.of(properties);
	}

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		ConditionMessage.Builder message = ConditionMessage.forCondition("Text");
		List<String> found = this.properties.stream()
			.filter((property) -> StringUtils.hasText(context.getEnvironment().getProperty(property)))
			.toList();
		return found.isEmpty()
				? ConditionOutcome.noMatch(message.didNotFind("property", "properties").items(this.properties))
				: ConditionOutcome.match(message.found("property", "properties").items(found));
	}

}
