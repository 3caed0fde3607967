import chromium
from browser import drive

drive(chromium.start, "frame", chromium.version())
