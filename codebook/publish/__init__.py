"""What a site needs beside its pages: assets, images, rules for hosts, and the final checks."""
