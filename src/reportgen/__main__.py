"""Run the command line as ``python -m reportgen``, or as its script."""

from reportgen.base import stopping


def main() -> None:
    """Run it; a signal that comes while it loads waits until the results of an earlier run are gone."""
    stopping.hold_back_start()
    from reportgen.cli import main as run

    run()


if __name__ == "__main__":
    main()
