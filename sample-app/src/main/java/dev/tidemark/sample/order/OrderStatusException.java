package dev.tidemark.sample.order;

import java.io.Serial;

import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/** An order cannot become what was asked. */
class OrderStatusException extends ResponseStatusException {

	@Serial
	private static final long serialVersionUID = 1L;

	OrderStatusException(OrderStatus from, OrderStatus to) {
		super(HttpStatus.CONFLICT, "An order that is " + from + " cannot become " + to);
	}

}
