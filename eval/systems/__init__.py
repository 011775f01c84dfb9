"""What is measured: the product, its legs alone, and the plain chain a user would write."""
