"""The SPARQL endpoint: what a request asks, whether it may, and the forms of its answer."""
