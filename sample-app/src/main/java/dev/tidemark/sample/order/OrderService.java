package dev.tidemark.sample.order;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.server.ResponseStatusException;

import dev.tidemark.sample.product.Product;
import dev.tidemark.sample.product.ProductRepository;

@Service
class OrderService {

	private final OrderRepository orders;

	private final ProductRepository products;

	private final OrderReports reports;

	OrderService(OrderRepository orders, ProductRepository products, OrderReports reports) {
		this.orders = orders;
		this.products = products;
		this.reports = reports;
	}

	@Transactional
	OrderView place(long customerId, List<RequestedLine> lines) {
		return view(this.orders.saveAndFlush(new Order(customerId, lines.stream().map(this::line).toList())));
	}

	@Transactional(readOnly = true)
	OrderView find(long id) {
		return view(order(id));
	}

	@Transactional
	OrderView ship(long id) {
		return change(id, (order) -> order.ship(Instant.now()));
	}

	@Transactional
	OrderView takeBack(long id) {
		return change(id, Order::takeBack);
	}

	private OrderView change(long id, Consumer<Order> change) {
		Order order = order(id);
		change.accept(order);
		return view(this.orders.saveAndFlush(order));
	}

	private Order order(long id) {
		return this.orders.findById(id).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
	}

	private OrderLine line(RequestedLine line) {
		Product product = this.products.findBySku(line.sku())
			.orElseThrow(() -> new ResponseStatusException(HttpStatus.UNPROCESSABLE_CONTENT,
					"No product has the SKU " + line.sku()));
		return new OrderLine(Objects.requireNonNull(product.getId()), line.quantity(), product.getPrice());
	}

	private OrderView view(Order order) {
		long id = Objects.requireNonNull(order.getId());
		return new OrderView(id, order.getCustomerId(), order.getStatus(), order.getPlacedAt(), order.getShippedAt(),
				order.getUpdatedAt(), order.getLines(), this.reports.total(id));
	}

	record RequestedLine(String sku, int quantity) {

	}

	record OrderView(long id, long customerId, OrderStatus status, @Nullable Instant placedAt,
			@Nullable Instant shippedAt, @Nullable Instant updatedAt, List<OrderLine> lines, BigDecimal total) {

	}

}
