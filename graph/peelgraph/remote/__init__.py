"""Engines elsewhere: any SPARQL 1.1 endpoint asked for answers, and a snapshot brought to it."""
