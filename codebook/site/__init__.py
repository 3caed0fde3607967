"""The files of a site: the page table, and the formats of each page."""
