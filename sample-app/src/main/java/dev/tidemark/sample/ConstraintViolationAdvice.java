package dev.tidemark.sample;

import org.hibernate.exception.ConstraintViolationException;

import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/**
 * Tells callers which rule of the schema their request broke. The rules stand in the
 * migrations only, under names that can be shown.
 */
@RestControllerAdvice
class ConstraintViolationAdvice {

	@ExceptionHandler
	ProblemDetail handle(DataIntegrityViolationException ex) {
		ProblemDetail problem = ProblemDetail.forStatus(HttpStatus.CONFLICT);
		problem.setTitle("A rule of the schema was broken");
		if (ex.getCause() instanceof ConstraintViolationException violation && violation.getConstraintName() != null) {
			problem.setProperty("constraint", violation.getConstraintName());
		}
		return problem;
	}

}
