"""Reading what people write: a page of Markdown, its blocks, and the commands and options in them."""
