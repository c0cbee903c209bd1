"""What typed messages mean, learned from examples; Rasa trains and asks it in ``bot.engine``."""
