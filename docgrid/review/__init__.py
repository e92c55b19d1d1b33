"""What people look at: crops, tables, pictures and terminal drawings of pages and their fields."""
