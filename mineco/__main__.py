"""``python -m mineco`` is the command ``mineco``."""

from mineco.cli.main import main

if __name__ == "__main__":
    main()
