"""How often Python searches for values that hold one another, and so are not let go with the last name for them."""

import gc

_NEW_VALUES, _SEARCHES, _WIDER_SEARCHES = 100_000, 20, 100


def collect_rarely() -> None:
    """Leave what is there already out of these searches for good, and search seldom.

    Nearly all our values are frozen and hold nothing that holds them. Python searches after every 700 new ones; a
    report has hundreds of thousands, and a fifth of the time of its page went there, to find nothing.
    """
    gc.freeze()
    gc.set_threshold(_NEW_VALUES, _SEARCHES, _WIDER_SEARCHES)
