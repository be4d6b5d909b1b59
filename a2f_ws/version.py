"""The version of what is installed."""

from importlib.metadata import PackageNotFoundError, version


def product_version() -> str:
    """The installed version, or "0+unknown" in an uninstalled checkout."""
    try:
        return version("a2f-ws")
    except PackageNotFoundError:
        return "0+unknown"
