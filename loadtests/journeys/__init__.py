"""What each kind of actor does, one module for each; `locustfile.py` makes users of them."""
