"""The pages of alarms: every module hangs its views on the one blueprint."""

from app.alarms.routes import alerts, banner, boards, channels, drills, reach, timeline
from app.alarms.routes.blueprint import bp

__all__ = ["alerts", "banner", "boards", "bp", "channels", "drills", "reach", "timeline"]
