"""Finds unusual movements in a process of its own, `python -m services.statistics.anomalies.detection`.

Counts go in, findings come out. `Detector` starts it, so that whoever asks does not load its libraries; all modules but
`caller` are for that process.
"""

from services.statistics.anomalies.detection.caller import DetectionFailed, Detector

__all__ = ["DetectionFailed", "Detector"]
