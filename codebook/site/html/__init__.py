"""Routes into HTML: for each a typed context, and the template that the context names.

`contexts` is what templates may use, and `views` what contexts hold; `scope` is what a page sees of
the site; `pages` makes the context of each kind of page, and `render` the file.
"""
