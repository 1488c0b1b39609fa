"""Unpacks an exported TRL project and takes a few steps of it on the CPU.

    pip install -r requirements.txt (of the project)
    python tools/checks/trl_project.py PROJECT.zip [--steps 2]
"""

import argparse
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("project")
    parser.add_argument("--steps", default="2")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(chosen.project) as archive:
            archive.extractall(folder)
        script = [sys.executable, str(Path(folder) / "train.py"), "--steps", chosen.steps]
        subprocess.run(script, check=True, cwd=folder)
        written = sorted(path.name for path in (Path(folder) / "output").iterdir())
        print("written:", *written)
        if not any(name.endswith(".safetensors") for name in written):
            raise SystemExit("the project wrote no weights")


if __name__ == "__main__":
    main()
