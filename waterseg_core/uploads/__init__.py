# SPDX-License-Identifier: GPL-3.0-or-later
"""Uploads: models that somebody sends to a server in parts, checked, and then on offer.

    parts ─▶ Upload (a folder) ─▶ Checks (whole? harmless? does it load?) ─▶ own models

A model is on offer once it was loaded, and not before. Nothing here knows HTTP.
"""
