# SPDX-License-Identifier: GPL-3.0-or-later
"""Processing algorithms, one per module; `provider` lists them."""
