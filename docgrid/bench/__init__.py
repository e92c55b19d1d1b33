"""Measurements that users can repeat on their own machine: docgrid beside what they would use otherwise."""

from __future__ import annotations

from docgrid.bench.languages import LanguageBench, LanguageRow, bench_languages
from docgrid.bench.reading import ReadingBench, bench_reading
from docgrid.bench.rows import BenchRow, Task

__all__ = ["BenchRow", "LanguageBench", "LanguageRow", "ReadingBench", "Task", "bench_languages", "bench_reading"]
