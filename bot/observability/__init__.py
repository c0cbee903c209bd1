"""What an operator sees of the running assistant: figures, traces, events, where people stop."""
