"""What the commands of the program do, one module each: they ask the core and print."""
