"""The instrument language: what can be asked, how it is scored, and how a file is checked.

Text files flow in; frozen `Instrument` objects flow out. Nothing here touches a database.
"""
