"""python -m fundapp: the command line."""

from fundapp.web.cli import main

if __name__ == "__main__":
    main()
