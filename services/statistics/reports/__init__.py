"""Reports of periods, their editions and files."""
