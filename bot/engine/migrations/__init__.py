"""The steps that create and change the tables of Rasa's conversation state."""
