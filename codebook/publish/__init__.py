"""Assets, images, host configuration, and the checks of built pages."""
