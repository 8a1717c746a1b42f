"""Alarms: who is called, by which channel, until somebody says "I am going".

In: the queue's events (an entry is raised, seen, taken), the duty roster, people's own channels.
Out: messages that name nobody, the banner at the desk, the timeline of who knew what when.
"""
