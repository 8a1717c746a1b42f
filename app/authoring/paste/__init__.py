"""A Word or Excel file of an owned scale flows in, the filled form of a new questionnaire out."""
