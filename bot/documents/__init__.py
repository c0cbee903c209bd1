"""Looking into uploaded documents, which may be anything, without being harmed."""
