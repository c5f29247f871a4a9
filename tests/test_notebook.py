"""The notebook runs, shows what stands in it, and says what is so."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
NOTEBOOK = ROOT / "docs" / "notebook.ipynb"


def test_the_notebook_shows_what_it_shows_when_it_is_run() -> None:
    command = [sys.executable, "-W", "error", str(ROOT / "tools" / "notebook.py"), "--check"]
    ran = subprocess.run(command, capture_output=True, text=True)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


def test_the_notebook_ends_in_a_figure_and_has_no_error() -> None:
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", ())]
    assert "image/png" in outputs[-1]["data"]
    assert "error" not in {output["output_type"] for output in outputs}
