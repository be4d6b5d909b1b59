"""What a bystander feels while others misbehave: runs tests/live/abuse and prints its table.

Run as `python bench/abuse.py [arguments of pytest]`; needs pytest. The aim: p99 of the added
latency under 60 ms in every case, on a machine that has nothing else to do.
"""

import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Final

import psutil

ROOT: Final = Path(__file__).resolve().parent.parent


def main() -> None:
    """Run the cases."""
    print(
        f"{platform.machine()} {platform.system()}, {os.cpu_count()} cores, Python"
        f" {platform.python_version()}, load {psutil.getloadavg()[0]:.1f}",
        flush=True,
    )
    command = [sys.executable, "-m", "pytest", "-q", "tests/live/abuse", *sys.argv[1:]]
    sys.exit(subprocess.run(command, cwd=ROOT, check=False).returncode)


if __name__ == "__main__":
    main()
