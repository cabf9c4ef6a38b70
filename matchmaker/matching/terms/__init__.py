"""The two-way vocabulary of town halls and companies: shipped data, extended by the secretariat."""
