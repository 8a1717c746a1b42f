"""Writes about campaigns, one module a noun; the verbs that other rooms call are named here."""

from app.campaigns.service.batteries import create_battery
from app.campaigns.service.campaigns import (
    change_campaign,
    close_campaign,
    create_campaign,
    open_campaign,
)
from app.campaigns.service.computer_rooms import close_computer_room, open_computer_room
from app.campaigns.service.drills import close_drill_campaign, invite_to_drill
from app.campaigns.service.follow_ups import invite_to_follow_up
from app.campaigns.service.invitations import (
    follow_to_classes,
    free_slip,
    has_begun,
    invite_again,
    invite_also,
    invite_new_students,
    must_wait,
    note_check_missed,
    note_disowned,
    note_finished,
    note_slips_printed,
    note_started,
    settle_help,
    want_help,
)
from app.campaigns.service.open_links import close_open_link, create_open_link
from app.campaigns.service.readiness import link_obstacles, obstacles
from app.campaigns.service.reminders import (
    note_list_printed,
    note_list_seen,
    prepare_reminders,
    set_reminder_days,
)

__all__ = [
    "change_campaign",
    "close_campaign",
    "close_computer_room",
    "close_drill_campaign",
    "close_open_link",
    "create_battery",
    "create_campaign",
    "create_open_link",
    "follow_to_classes",
    "free_slip",
    "has_begun",
    "invite_again",
    "invite_also",
    "invite_new_students",
    "invite_to_drill",
    "invite_to_follow_up",
    "link_obstacles",
    "must_wait",
    "note_check_missed",
    "note_disowned",
    "note_finished",
    "note_list_printed",
    "note_list_seen",
    "note_slips_printed",
    "note_started",
    "obstacles",
    "open_campaign",
    "open_computer_room",
    "prepare_reminders",
    "set_reminder_days",
    "settle_help",
    "want_help",
]
