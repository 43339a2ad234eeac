package dev.tidemark.sample.order;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import jakarta.persistence.CollectionTable;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.OrderColumn;
import jakarta.persistence.Table;
import org.hibernate.annotations.Generated;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.annotations.ListIndexBase;
import org.hibernate.generator.EventType;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "orders")
class Order {

	@Id
	@GeneratedValue(strategy = GenerationType.IDENTITY)
	private @Nullable Long id;

	private long customerId;

	@Enumerated(EnumType.STRING)
	@JdbcTypeCode(SqlTypes.NAMED_ENUM)
	@Column(columnDefinition = "order_status")
	private OrderStatus status;

	@Generated
	@Column(insertable = false, updatable = false)
	private @Nullable Instant placedAt;

	private @Nullable Instant shippedAt;

	/** Written by a trigger and read back. */
	@Generated(event = { EventType.INSERT, EventType.UPDATE })
	@Column(insertable = false, updatable = false)
	private @Nullable Instant updatedAt;

	@ElementCollection
	@CollectionTable(name = "order_lines", joinColumns = @JoinColumn(name = "order_id"))
	@OrderColumn(name = "line_no")
	@ListIndexBase(1)
	private List<OrderLine> lines;

	@SuppressWarnings("NullAway.Init")
	protected Order() {
	}

	Order(long customerId, List<OrderLine> lines) {
		this.customerId = customerId;
		this.status = OrderStatus.NEW;
		this.lines = new ArrayList<>(lines);
	}

	void ship(Instant time) {
		change(OrderStatus.NEW, OrderStatus.SHIPPED);
		this.shippedAt = time;
	}

	void takeBack() {
		change(OrderStatus.SHIPPED, OrderStatus.RETURNED);
	}

	private void change(OrderStatus from, OrderStatus to) {
		if (this.status != from) {
			throw new OrderStatusException(this.status, to);
		}
		this.status = to;
	}

	@Nullable Long getId() {
		return this.id;
	}

	long getCustomerId() {
		return this.customerId;
	}

	OrderStatus getStatus() {
		return this.status;
	}

	@Nullable Instant getPlacedAt() {
		return this.placedAt;
	}

	@Nullable Instant getShippedAt() {
		return this.shippedAt;
	}

	@Nullable Instant getUpdatedAt() {
		return this.updatedAt;
	}

	List<OrderLine> getLines() {
		return List.copyOf(this.lines);
	}

}
