"""Lists of pages for programs: sitemap, feed, search and the like."""
