"""Files for programs: the sitemap, the feed, the search index, and others."""
