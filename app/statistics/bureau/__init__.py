"""The education office's own form (XLSX or DOCX), read as a grid and filled; no database."""
