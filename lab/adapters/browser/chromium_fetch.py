import chromium
from browser import drive

drive(chromium.start, "fetch", chromium.version())
