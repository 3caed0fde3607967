import firefox
from browser import drive

drive(firefox.start, "fetch", firefox.version())
