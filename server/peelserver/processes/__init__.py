"""The processes of a server: supervisor, keepers, their workers, and those that speak HTTP."""
