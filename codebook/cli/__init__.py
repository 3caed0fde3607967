"""What can be typed after `build.py`: one module for each command.

In each, `declare_arguments` tells the parser what the command takes, and `run` carries it out and
returns the exit code.
"""
