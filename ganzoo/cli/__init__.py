"""The command line: arguments and messages, nothing else."""

from ganzoo.cli.main import main

__all__ = ["main"]
