"""How open, closed and doubtful look: a hatching and a shape each; colour says nothing alone.

Open is hatched, closed is plain; what is presumed open is hatched thinly and has a broken ring;
what cannot be told is dotted and has a diamond.
"""

from peelgraph.drawing.pen import Pen

#: status -> (its class, its name in the key)
LOOKS = {
    "open": ("pic-open", "open"),
    "presumed-open": ("pic-open", "presumed open"),
    "closed": ("pic-closed", "closed"),
    "indeterminate": ("pic-unsure", "cannot be told"),
    "not-yet-raised": ("pic-unsure", "not yet raised"),
}


def patterns(pen: Pen, present: set[str], *, faint: bool = False) -> str:
    """Return the definitions of the hatchings that the statuses *present* need.

    :param faint: so thin that text can stand on them
    """
    found = ""
    for status, size, path in (
        ("open", 5.0, "M-1 6L6 -1M-1 1L1 -1M4 6L6 4"),
        ("presumed-open", 9.0, "M-1 10L10 -1M-1 1L1 -1M8 10L10 8"),
        ("indeterminate", 5.0, "M1.5 1.5h2v2h-2z"),
    ):
        if status in present or (status == "indeterminate" and "not-yet-raised" in present):
            stroke = "pic-dots" if status == "indeterminate" else "pic-hatch"
            stroke += " pic-faint" if faint else ""
            found += pen.element(
                "pattern",
                "",
                pen.element("path", stroke, d=path),
                id=pen.name(status),
                width=size,
                height=size,
                patternUnits="userSpaceOnUse",
            )
    return pen.element("defs", "", found) if found else ""


def filling(pen: Pen, status: str) -> str | None:
    """Return the address of the hatching of a status; None for one that is plain."""
    if status == "closed":
        return None
    return f"url(#{pen.name('indeterminate' if status == 'not-yet-raised' else status)})"


def symbol(pen: Pen, status: str, x: float, y: float) -> str:
    """Return the sign of a status, 10 pixels wide, its middle at the height *y*."""
    sign = {
        "open": "pic-ring",
        "presumed-open": "pic-ring pic-broken",
        "closed": "pic-tick",
    }
    if status in ("open", "presumed-open"):
        return pen.element("circle", sign[status], cx=x + 5, cy=y, r=4)
    if status == "closed":
        return pen.element("path", "pic-tick", d=f"M{x + 0.5:.1f} {y:.1f}l3 3.5l6 -7.5")
    return pen.element("path", "pic-diamond", d=f"M{x + 5:.1f} {y - 5:.1f}l5 5l-5 5l-5 -5z")
