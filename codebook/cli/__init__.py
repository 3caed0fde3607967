"""What can be typed after `build.py`: one module for each command.

`declare`, where there is one, lets the parser take what is the command's alone. Each function that
`cli` calls takes what was given, and returns the exit code.
"""
