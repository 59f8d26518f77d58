# SPDX-License-Identifier: GPL-3.0-or-later
"""Training sets: drawn masks become chips with suffixes, and are checked, shown and passed on.

The folder and its files are described in docs/DATASET.md.
"""
