"""HTTP in and out: the blueprints inside the Rasa server through which people talk to it."""
