package dev.tidemark.autoconfigure.early;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/**
 * What a migration in Java completes.
 */
@Entity
@Table(name = "customer")
public class Subscriber {

	@Id
	private Long id;

	@Column(columnDefinition = "text")
	private String phone;

}
