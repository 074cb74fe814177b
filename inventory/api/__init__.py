"""The REST interface of inventory: parses, calls one service, shows what is there. It holds no rule."""
