"""How a web process has a query answered: jobs, turns, and the workers who do them."""
