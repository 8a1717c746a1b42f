"""Interview days: duty half-days give slots, one action places students, one neutral slip each.

Flows in: duty and calendar (people), who takes part (campaigns), who waits (cases).
Flows out: who did not come waits in the queue again; an entry's page hears what was planned.
"""
