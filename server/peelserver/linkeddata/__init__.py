"""Things at the paths of their IRIs, and what the server says of itself and of its dataset."""
