"""Packs the shipped models, which lie in `models/` of the repository, into the wheel as `docgrid/shipped/`."""

from setuptools import find_packages, setup

setup(
    packages=[*find_packages(include=["docgrid*"]), "docgrid.shipped"],
    package_dir={"docgrid.shipped": "models"},
    package_data={
        "docgrid": ["py.typed"],
        "docgrid.shipped": ["*/card.json", "*/weights.safetensors", "*/layouts.safetensors", "*/README.md"],
    },
)
