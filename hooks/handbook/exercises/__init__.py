"""Exercise lists: what became of the commands of a class in the chapters of this book."""
