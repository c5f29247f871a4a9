"""Pictures: a lineage and a timeline as SVG, and the same as sentences.

They need no font on the machine that draws and no script on the one that shows them. A picture for
a page (``look="page"``) bears classes only, which the page's stylesheet colours; a picture for a
file (``look="file"``) bears its colours, its title and where it comes from.
"""
