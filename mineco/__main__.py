"""``python -m mineco`` is the command ``mineco``."""

from mineco.cli import main

if __name__ == "__main__":
    main()
