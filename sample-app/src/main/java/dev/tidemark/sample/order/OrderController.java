package dev.tidemark.sample.order;

import java.util.List;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

import dev.tidemark.sample.order.OrderReports.OrderToShip;
import dev.tidemark.sample.order.OrderReports.StatusChange;
import dev.tidemark.sample.order.OrderService.OrderView;
import dev.tidemark.sample.order.OrderService.RequestedLine;

@RestController
@RequestMapping("/orders")
class OrderController {

	private final OrderService orders;

	private final OrderReports reports;

	OrderController(OrderService orders, OrderReports reports) {
		this.orders = orders;
		this.reports = reports;
	}

	@PostMapping
	@ResponseStatus(HttpStatus.CREATED)
	OrderView place(@RequestBody OrderRequest request) {
		return this.orders.place(request.customerId(), request.lines());
	}

	@GetMapping("/to-ship")
	List<OrderToShip> toShip() {
		return this.reports.toShip();
	}

	@GetMapping("/{id}")
	OrderView order(@PathVariable long id) {
		return this.orders.find(id);
	}

	@PostMapping("/{id}/ship")
	OrderView ship(@PathVariable long id) {
		return this.orders.ship(id);
	}

	@PostMapping("/{id}/return")
	OrderView takeBack(@PathVariable long id) {
		return this.orders.takeBack(id);
	}

	@GetMapping("/{id}/changes")
	List<StatusChange> changes(@PathVariable long id) {
		return this.reports.statusChanges(id);
	}

	record OrderRequest(long customerId, List<RequestedLine> lines) {

	}

}
