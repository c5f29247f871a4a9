"""Exports over HTTP: the same files as the command writes, under addresses that stay."""
