"""A book into the files of a site: the page table, and what is made of each page."""
