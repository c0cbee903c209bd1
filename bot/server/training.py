"""Trains one model: ``python -m bot.server.training CONFIG DOMAIN DATA MODEL``."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

from bot.engine.left_out import leave_out
from bot.server.quiet import quieten


def main(config: str, domain: str, data: str, model: str) -> int:
    """Train, and say in the last line why it failed if it did."""
    quieten()
    leave_out()
    from rasa.model_training import train
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.WARNING)
    made = Path(model)
    try:
        result = train(
            domain=domain,
            config=config,
            training_files=[data],
            output=str(made.parent),
            fixed_model_name=made.name,
            force_training=True,
        )
    except Exception as error:
        first_line = next((line for line in str(error).splitlines() if line.strip()), "")
        print(f"{type(error).__name__}: {first_line}")
        return 1
    return int(result.code) if result.model is None else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
