"""`python -I -m fr_check`: the command without its script."""

from _fr_check_start import run

if __name__ == "__main__":
    run()
