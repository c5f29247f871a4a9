"""A made-up national corpus: the vocabulary and file layout of the real one, at any size.

Nothing in it is about anybody: the forces exist, what is told of them does not.
"""
