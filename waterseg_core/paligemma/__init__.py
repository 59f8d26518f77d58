# SPDX-License-Identifier: GPL-3.0-or-later
"""PaliGemma, run by hand: load, prompt, prefill, answer in one of three ways."""
