"""What helps people write a book: new documents, automatic fixes, schemas for editors."""
