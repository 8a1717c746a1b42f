"""Pages of interview days, appointments, protected times, capacity and the days of classes."""

from app.appointments.routes import appointments, capacity, days, placing, protected
from app.appointments.routes.blueprint import bp

__all__ = ["appointments", "bp", "capacity", "days", "placing", "protected"]
