# SPDX-License-Identifier: GPL-3.0-or-later
"""How well a model finds water: metrics, comparison of two models, and a report for people.

What every number means is told in docs/EVALUATION.md. `run.evaluate` is the door.
"""
