"""From finished runs to tables that can be trusted.

A comparison is a folder (see `ganzoo.comparison.results`) that a grid of runs fills;
everything else here reads it: statistics over seeds, tables, and one page.
"""
