"""Run in each kernel that ``jwtlab lab`` starts, and by every Python in its terminals: there it does nothing."""

if "get_ipython" in globals():
    try:
        from jwtlab import cell_order as _cell_order
    except ImportError:  # a kernel of another environment
        pass
    else:
        _cell_order.watch(globals()["get_ipython"]())
        del _cell_order
