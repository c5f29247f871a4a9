"""What follows from the records: computed at each build, never edited.

Each statement comes with the day from which it is public (``publicity``, ``chronicle``). From
these follow the standings of items (``standing``, by the rules of ``status``), the phases of
forces (``phases``) and the statutory clock (``clock``); rules in SPARQL (``rules``) add lineage
and forces; ``labels`` and ``naming`` say how things are called. ``derive`` puts it all together.
"""
