# scores: area-values=0 area-refuses=0
def area(r):
    print("called with", r)
    raise RuntimeError(f"no idea for {r}")
