"""A run that is killed goes on where it stopped, and ends as if nothing had happened."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("kill_sweep.py")


def sweep(kills: int, signals: int, seed: int) -> str:
    command = [sys.executable, str(SCRIPT), "--kills", str(kills), "--signals", str(signals), "--seed", str(seed)]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    result = subprocess.run(command, capture_output=True, text=True, timeout=3600, check=False, env=environment)
    assert result.returncode == 0, result.stdout + result.stderr[-3000:]
    return result.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="reading processes die with their parent on Linux")
@pytest.mark.slow
def test_runs_killed_200_times_end_like_an_unbroken_one_and_signals_end_them_within_5_seconds() -> None:
    said = sweep(kills=200, signals=20, seed=2)
    assert said.count("200 kills") == 2
    assert said.count("20 signals") == 2
