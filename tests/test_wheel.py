"""The built wheel answers a question in an empty environment, from another folder."""

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_wheel_answers_by_itself(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path, ROOT],
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    venv.create(tmp_path / "venv", symlinks=True)
    python = tmp_path / "venv" / "bin" / "python"
    constraints = ROOT / "constraints.txt"
    subprocess.run(
        [
            *[sys.executable, "-m", "pip", "--python", str(python)],
            *["install", "--quiet", "--disable-pip-version-check", "--no-compile", "-c"],
            constraints,
            wheel,
        ],
        check=True,
    )
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    answer = subprocess.run(
        [tmp_path / "venv/bin/peelgraph", *["ask", "phase", "--force", "west-midlands", "--json"]],
        check=True,
        cwd=elsewhere,
        env=os.environ | {"PEELGRAPH_CACHE": str(tmp_path / "cache")},
        capture_output=True,
        text=True,
    )
    assert json.loads(answer.stdout)["rows"][0]["phase"].endswith("/scan")
    shipped = subprocess.run(
        [
            python,
            "-c",
            "import peelserver.pages.site, peelgraph.resources as r; print(r.SHIPPED.root)",
        ],
        check=True,
        cwd=elsewhere,
        capture_output=True,
        text=True,
    )
    assert str(tmp_path) in shipped.stdout
    assert (
        subprocess.run(
            [tmp_path / "venv/bin/peelgraph", "validate"], check=False, cwd=elsewhere
        ).returncode
        == 0
    )
