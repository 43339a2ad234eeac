package dev.tidemark.sample.order;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Asks the database for what it knows better than the entities. */
@Repository
class OrderReports {

	private final JdbcClient jdbcClient;

	OrderReports(JdbcClient jdbcClient) {
		this.jdbcClient = jdbcClient;
	}

	/** Calls the function that {@code R__order_total.sql} defines. */
	BigDecimal total(long orderId) {
		return this.jdbcClient.sql("SELECT order_total(?)").param(orderId).query(BigDecimal.class).single();
	}

	/** Reads what the triggers of {@code V7__record_status_changes.sql} wrote. */
	List<StatusChange> statusChanges(long orderId) {
		return this.jdbcClient.sql("""
				SELECT old_status, new_status, changed_at
				FROM order_status_changes
				WHERE order_id = ?
				ORDER BY id""").param(orderId).query(StatusChange.class).list();
	}

	/** Reads the index of {@code V10__index_new_orders.sql} from its beginning. */
	List<OrderToShip> toShip() {
		return this.jdbcClient.sql("""
				SELECT id, customer_id, placed_at
				FROM orders
				WHERE status = 'NEW'
				ORDER BY placed_at
				LIMIT 100""").query(OrderToShip.class).list();
	}

	record StatusChange(@Nullable OrderStatus oldStatus, OrderStatus newStatus, Instant changedAt) {

	}

	record OrderToShip(long id, long customerId, Instant placedAt) {

	}

}
