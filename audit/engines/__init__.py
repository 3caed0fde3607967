"""A smoke journey through the built book in the engines that the other tests do not know.

The tests of the pages run in Chromium. `python -m audit.engines` walks one short journey, the same
for all, in Firefox and in WebKitGTK, as far as they are installed on the machine.
"""
