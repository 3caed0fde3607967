import webkit
from browser import drive

drive(webkit.start, "frame", webkit.version())
