"""Cutting a profile into printed pages: blocks of known height flow from page to page."""

from app.cases.sheets.flow import Block, Flow
from app.cases.sheets.pages import counsellor_pages, referral_pages

__all__ = ["Block", "Flow", "counsellor_pages", "referral_pages"]
