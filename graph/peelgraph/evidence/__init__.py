"""From a record's facts to the very words of its source, and back.

A record points at *passages*: stretches of the source, by offset and digest. People write them by
their words; :mod:`~peelgraph.evidence.weave` turns the words into offsets,
:mod:`~peelgraph.evidence.check` verifies them, and :mod:`~peelgraph.evidence.coverage` says which
sentences of the source no passage covers.
"""
