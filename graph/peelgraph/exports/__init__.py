"""Exports: a part of the graph as a file for another program, or for people.

``gathering`` reads the part that is asked for into one ``model.Export``; each writer takes that
and nothing else, so that all formats say the same. What a format cannot carry, its writer says.
"""
