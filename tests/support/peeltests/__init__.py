"""What several test files stand on: the worlds that are broken, and the mutants that break them."""
