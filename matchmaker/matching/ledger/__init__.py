"""The evaluation ledger: what staff, experts and the two sides said of pairs."""
