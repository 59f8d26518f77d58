# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks under way. QGIS keeps only the C++ half of a task: somebody has to hold the other one."""

from qgis.core import QgsApplication

_under_way = set()


def start(task):
    """Give a task to QGIS's task manager and hold it until it ended; returns the task."""
    _under_way.add(task)
    for ended in (task.taskCompleted, task.taskTerminated):
        ended.connect(lambda: _under_way.discard(task))
    QgsApplication.taskManager().addTask(task)
    return task
