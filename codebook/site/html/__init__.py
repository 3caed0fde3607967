"""The HTML pages: each route gets a typed context, which is rendered with its template.

`contexts` declares the variables of each template; `views`, their types. `scope` has the data and
links that a page needs from the rest of the site. `pages` creates the context of each kind of
page, and `render` renders it.
"""
