import firefox
from browser import drive

drive(firefox.start, "frame", firefox.version())
