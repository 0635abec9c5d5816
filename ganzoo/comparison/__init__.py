"""From finished runs to tables that can be trusted.

`runs` fills a comparison's folder from a grid of runs and reads it (see
`ganzoo.comparison.runs.results`), `statistics` says what the runs show over their seeds, and
`report` shows that as tables and one page. Imports go from `report` to `runs` alone.
"""
