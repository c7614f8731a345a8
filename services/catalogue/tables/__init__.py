"""The tables of a hall, as CSV files or as one workbook: what they must be, what they change, and how they are sent."""
