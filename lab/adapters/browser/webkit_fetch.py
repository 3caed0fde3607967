import webkit
from browser import drive

drive(webkit.start, "fetch", webkit.version())
