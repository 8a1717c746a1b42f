"""Flags and the hour flow in; a proposed risk level, lane and due time with reasons flow out."""
