"""Run ``docs/notebook.ipynb`` and write its outputs into it, or check that they are (``--check``).

Cells run one after another in one namespace, and the value of a cell's last line is shown, as in
Jupyter, of which nothing is needed. Figures are not compared: fonts differ between machines.
"""

import ast
import base64
import io
import json
import os
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

NOTEBOOK = Path(__file__).parents[1] / "docs" / "notebook.ipynb"

Cell = dict[str, Any]
Output = dict[str, Any]


def run(cells: list[Cell]) -> None:
    """Run the cells that hold code, and put into each what it shows.

    :raises Exception: whatever a cell raises
    """
    namespace: dict[str, Any] = {"__name__": "__main__"}
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    for count, cell in enumerate(code, 1):
        cell["execution_count"] = count
        cell["outputs"] = _outputs("".join(cell["source"]), count, namespace)


def _outputs(source: str, count: int, namespace: dict[str, Any]) -> list[Output]:
    parsed = ast.parse(source)
    last = parsed.body[-1] if parsed.body else None
    body = parsed.body[:-1] if isinstance(last, ast.Expr) else parsed.body
    name, value = f"cell {count}", None
    with redirect_stdout(io.StringIO()) as printed:
        exec(compile(ast.Module(body, []), name, "exec"), namespace)
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), name, "eval"), namespace)
    found: list[Output] = []
    if printed.getvalue():
        found.append(
            {"name": "stdout", "output_type": "stream", "text": _lines(printed.getvalue())}
        )
    if value is not None:
        shown = {"text/plain": _lines(repr(value))}
        if hasattr(value, "_repr_html_"):
            shown["text/html"] = _lines(value._repr_html_())
        found.append(
            {
                "data": shown,
                "execution_count": count,
                "metadata": {},
                "output_type": "execute_result",
            }
        )
    return found + _figures()


def _figures() -> list[Output]:
    """Return the figures that the cell left open, and close them."""
    if "matplotlib.pyplot" not in sys.modules:
        return []
    import matplotlib.pyplot as plt

    found: list[Output] = []
    for number in plt.get_fignums():
        figure = plt.figure(number)
        drawn = io.BytesIO()
        figure.savefig(drawn, format="png", bbox_inches="tight", metadata={"Software": None})
        data = {
            "image/png": base64.b64encode(drawn.getvalue()).decode() + "\n",
            "text/plain": [repr(figure)],
        }
        found.append({"data": data, "metadata": {}, "output_type": "display_data"})
    plt.close("all")
    return found


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def compared(cells: list[Cell]) -> list[list[Output]]:
    """Return what each cell shows, of a figure only that there is one."""
    found = json.loads(json.dumps([cell.get("outputs", []) for cell in cells]))
    for outputs in found:
        for output in outputs:
            if "image/png" in output.get("data", {}):
                output["data"]["image/png"] = output["data"]["image/png"][:8]
    assert isinstance(found, list)
    return found


def main() -> int:
    """Run the notebook; write it, or say whether what stands in it is what it shows."""
    os.environ["MPLBACKEND"] = "Agg"
    notebook = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    before = compared(notebook["cells"])
    run(notebook["cells"])
    if "--check" in sys.argv[1:]:
        if compared(notebook["cells"]) == before:
            return 0
        print(f"{NOTEBOOK.name} does not show what it shows now: run tools/notebook.py")
        return 1
    text = json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    NOTEBOOK.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
